"""Stations that are trusted: those there are, trusting one, taking that back, and the key of one's own."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.errors import SaranaError
from sarana.ground import columns
from sarana.ground.accounts import queries as accounts
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_list
from sarana.learning.population.models import Station
from sarana.learning.population.policy import STATION
from sarana.learning.population.rollup import actions, keys, policy, queries
from sarana.learning.population.rollup.forms import TrustForm
from sarana.learning.population.rollup.views import UNREADY, told
from sarana.methods.population.package.keys import public_file

KEY_NAME = "sarana-station-key.json"


@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """The stations that are trusted, and those that were."""
    actor = as_asked(request).actor
    page = columns.listing(queries.stations_for(actor), _columns(), request.GET)
    record_list(actor, STATION, [row.ref for row in page.rows], action="population.stations-seen")
    return render(request, "population/rollup/stations.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def trust(request: HttpRequest) -> HttpResponse:
    """Trust another one, where the digits that were heard are those of the file."""
    actor, language = as_asked(request).actor, get_language() or "en"
    queries.stations_for(actor)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form, fault = TrustForm(queries.places_of(actor), language, *sent), ""
    if form.is_valid():
        agency, area = form.found[form.cleaned_data["station"]]
        given = {"key": form.cleaned_data["key"], "heard": form.cleaned_data["heard"]}
        try:
            actions.trust(actor, agency=agency, area=area, **given)
        except SaranaError as err:
            fault = told(request, err)
        else:
            messages.success(request, _("Trusted. What it signs can be taken in from now on."))
            return redirect("population:stations")
    words = {"form": form, "fault": fault, "has_places": bool(form.found)}
    return render(request, "population/rollup/trust.html", words, status=UNREADY if form.is_bound else 200)


@require_POST
def take_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Trust a key no more."""
    actor = as_asked(request).actor
    try:
        found = queries.get_station(actor, ref)
    except Station.DoesNotExist as err:
        raise Http404 from err
    actions.take_back(actor, found)
    messages.success(request, _("Taken back. Nothing that this key signs comes in from now on; what came in stays."))
    return redirect("population:stations")


@require_safe
def own_key(request: HttpRequest) -> HttpResponse:
    """The file with the public half of one's own key. Not written down: it is for everybody to know."""
    actor = as_asked(request).actor
    policy.check_may_give_own_key(actor)
    pair = keys.find_pair()
    if pair is None:
        raise Http404
    content = public_file(pair)
    told_ = {"Content-Disposition": f'attachment; filename="{KEY_NAME}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/json", headers=told_)


def _columns() -> list[columns.Column]:
    """The columns by which stations can be ordered."""
    return [
        columns.Column("agency", _("Agency"), accounts.name_shown("agency__")),
        columns.Column("area", _("Province"), "area", natural=True),
        columns.Column("told", _("Told on"), "told_at", natural=True),
    ]
