"""Registers that offices hold: all of them, one, and writing one down."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger import refusals
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.learning.population.policy import HOLDING
from sarana.learning.population.sources.models import Source
from sarana.learning.population.sources.queries import offices_of, sources_for
from sarana.learning.population.year.asking import actions, queries
from sarana.learning.population.year.asking.forms import HoldingForm, NewHoldingForm
from sarana.learning.population.year.models import Holding
from sarana.learning.population.year.queries import provinces_of

UNREADY = 422


@require_safe
def holdings(request: HttpRequest) -> HttpResponse:
    """Which office holds which register; what stands in the address chooses by how it stands."""
    actor = as_asked(request).actor
    rows = queries.holdings_for(actor)
    stands = request.GET.get("stands", "")
    if stands in Holding.Stands.values:
        rows = rows.filter(stands=stands)
    page = columns.listing(rows, _columns(), request.GET)
    record_list(actor, HOLDING, [row.ref for row in page.rows], action="population.holdings-seen")
    words = {"page": page, "stands": stands, "choices": Holding.Stands.choices, "today": actor.today}
    return render(request, "population/year/holdings.html", words)


def _columns() -> list[columns.Column]:
    """The columns by which registers can be ordered."""
    return [
        columns.Column("name", _("Register"), "name"),
        columns.Column("holder", _("Office"), "holder"),
        columns.Column("stands", _("May it be had"), "stands", words=Holding.Stands.choices),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write one down."""
    actor = as_asked(request).actor
    areas = provinces_of(actor)
    sent = request.POST if request.method == "POST" else None
    form = NewHoldingForm(offices_of(actor), areas, _sources(actor, areas), sent)
    if form.is_valid():
        agency = form.found_agencies[form.cleaned_data["agency"]]
        actions.write_holding(actor, form.told(), agency=agency, area=form.cleaned_data["area"])
        messages.success(request, _("Written down."))
        return redirect("population:holdings")
    status = UNREADY if form.is_bound else 200
    return render(request, "population/year/holding.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def rewrite(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One of them, and what became of it."""
    actor = as_asked(request).actor
    try:
        found = queries.get_holding(actor, ref)
    except Holding.DoesNotExist as err:
        raise Http404 from err
    before = {name: getattr(found, name) for name in (*actions.Told.__slots__, "version")}
    before["source"] = str(found.source.ref) if found.source else ""
    sent = request.POST if request.method == "POST" else None
    form = HoldingForm(_sources(actor, [found.area]), sent, initial=before)
    if form.is_valid():
        try:
            actions.rewrite_holding(actor, found, form.told(), version=form.cleaned_data["version"] or 0)
        except NotYet as err:
            if err.code != "POPULATION-053":
                raise
            return _shown_again(request, ref, form, err)
        messages.success(request, _("Saved."))
        return redirect("population:holdings")
    if not form.is_bound:
        record_opening(actor, HOLDING, ref, action="population.holding-seen", owner_agency_ref=found.agency.ref)
    status = UNREADY if form.is_bound else 200
    return render(request, "population/year/holding.html", {"form": form, "holding": found}, status=status)


def _shown_again(request: HttpRequest, ref: UUID, form: HoldingForm, err: NotYet) -> HttpResponse:
    """The form with all that was typed, after somebody else was first; sent once more it takes the place of hers."""
    found = queries.get_holding(as_asked(request).actor, ref)
    form.data = {**request.POST.dict(), "version": str(found.version)}
    form.add_error(None, f"{refusals.noted(request, err)} ({err.code})")
    form.add_error(None, _("Below is what you typed. Kept once more, it takes the place of what somebody else wrote."))
    words = {"form": form, "holding": found, "now": found}
    return render(request, "population/year/holding.html", words, status=UNREADY)


def _sources(actor: Actor, areas: list[str]) -> list[Source]:
    return list(sources_for(actor).filter(area__in=areas).order_by("area", "code"))
