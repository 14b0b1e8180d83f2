"""The whole country, taking in what a province handed over, and handing one's own run to the nation."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from sarana.basics.errors import SaranaError
from sarana.ground.accounts.asking import as_asked
from sarana.ground.countries import COUNTRIES
from sarana.ground.ledger import refusals
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.learning.population import queries as maps
from sarana.learning.population.files.actions import ask_for_nation
from sarana.learning.population.models import Run
from sarana.learning.population.policy import KIND
from sarana.learning.population.rollup import actions, keys, policy, queries
from sarana.learning.population.rollup.country import Asked, whole
from sarana.learning.population.rollup.drawing import draw, lines_of
from sarana.learning.population.rollup.forms import TakeInForm
from sarana.methods.sealing.signing import digits_of

UNREADY = 422


@require_safe
@gzip_page
def country(request: HttpRequest) -> HttpResponse:
    """Every province of a country: which are missing, stale, or measured otherwise, and the others side by side."""
    actor = as_asked(request).actor
    countries = queries.countries_of(actor)
    asked = request.GET.get("country", "")
    code = asked if asked in countries else countries[0]
    runs = queries.newest_runs(actor, code)
    record_list(actor, KIND, [run.ref for run in runs], action="population.country-seen")
    asked_of = Asked(actor.today, settings.SARANA_STALE, get_language() or "en")
    found = whole(queries.provinces_of(actor, code), runs, queries.whole_provinces(actor, runs), asked_of)
    words = {
        "country": found,
        "picture": draw((*found.compared, *found.apart)),
        "lines": lines_of((*found.compared, *found.apart), queries.drawn_by_run(runs)),
        "name": COUNTRIES.get(code, code),
        "others": [(each, COUNTRIES.get(each, each)) for each in countries if each != code],
        "stale_days": settings.SARANA_STALE,
        "may_take_in": policy.has_station_role(actor),
    }
    return render(request, "population/rollup/country.html", words)


@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """Take in the file of a province; whatever is wrong with it, it is said, and nothing is kept."""
    actor = as_asked(request).actor
    trusted = queries.trusted_keys(actor)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form, fault = TakeInForm(actor.today, *sent), ""
    if form.is_valid():
        try:
            handed = actions.read(actor, form.cleaned_data["file"])
            run = actions.take_in_handed(actor, handed, year=form.cleaned_data["year"])
        except SaranaError as err:
            fault = told(request, err)
        else:
            messages.success(request, _("Taken in: %(run)s. It is on the map from now on.") % {"run": run.name})
            return redirect("population:country")
    status = UNREADY if form.is_bound else 200
    words = {"form": form, "fault": fault, "n_trusted": len(trusted)}
    return render(request, "population/rollup/take_in.html", words, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def to_nation(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What a file for the nation holds, the digits of the key that signs it, and the button that asks for it."""
    actor = as_asked(request).actor
    try:
        run = maps.get_run(actor, ref)
    except Run.DoesNotExist as err:
        raise Http404 from err
    policy.check_may_hand_over(actor, run)
    if request.method == "POST":
        return redirect("population:file", ref=ask_for_nation(actor, run).ref)
    record_opening(actor, KIND, run.ref, action="population.map-seen", owner_agency_ref=run.agency.ref)
    pair = keys.find_pair()
    words = {"run": run, "digits": digits_of(pair.public) if pair else "", "pair": pair}
    return render(request, "population/rollup/to_nation.html", words)


def told(request: HttpRequest, err: SaranaError) -> str:
    """What was in the way, where, and the code that the manual explains; other rooms' errors have pages of their own.

    Raises:
        SaranaError: it is none of this room.
    """
    if not err.code.startswith("POPULATION-"):
        raise err
    return f"{err.where} {refusals.noted(request, err)} ({err.code})".strip()
