"""Population: the runs that were taken in, the map of one with the table beside it, and one area."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from sarana.ground import columns
from sarana.ground.accounts import queries as accounts
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.learning.population import about, policy, queries, showing
from sarana.learning.population.files.forms import TakeForm
from sarana.learning.population.forms import ChoiceForm
from sarana.learning.population.looking import look
from sarana.learning.population.models import AreaLevel, Figure, Run

SHOWN = 250
"""Areas on one page of the table: all subdistricts of any province but the largest."""


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """The runs that were taken in, the newest first."""
    actor = as_asked(request).actor
    page = columns.listing(queries.runs_for(actor), _run_columns(), request.GET)
    record_list(actor, policy.KIND, [row.ref for row in page.rows], action="population.runs-seen")
    return render(request, "population/runs.html", {"page": page})


@require_safe
@gzip_page
def areas(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The map of a run and the table beside it, of what the address asks for."""
    actor, language = as_asked(request).actor, get_language() or "en"
    try:
        run = queries.get_run(actor, ref)
    except Run.DoesNotExist as err:
        raise Http404 from err
    record_opening(actor, policy.KIND, run.ref, action="population.map-seen", owner_agency_ref=run.agency.ref)
    seen = look(actor, run, request.GET, language)
    choice, names, found = seen.choice, seen.districts, seen.figures
    known = queries.with_known(found, is_without=choice.is_without)
    page = columns.listing(known, _area_columns(language), request.GET, shown=SHOWN)
    # The map needs all areas; where there is none, the page of the table is enough.
    whole = list(found) if choice.is_mapped and page.n_rows > len(page.rows) else page.rows
    every = seen.shown(whole)
    drawing = queries.drawing_of(run) if choice.is_mapped else None
    words: dict[str, Any] = {
        "run": run,
        "choice": choice,
        "form": ChoiceForm(choice, list(names.items()), seen.groups),
        "taking": TakeForm(choice),
        "page": page,
        "rows": [every[row.pk] for row in page.rows],
        "picture": showing.picture(drawing, every.values(), choice, names) if drawing and drawing.areas else None,
        "legend": showing.legend(run, choice),
        "n_said": queries.count_said(found, is_without=choice.is_without),
        "within": names.get(choice.within, ""),
        "who": showing.GROUPS[choice.group],
        "level": AreaLevel(choice.level).label,
    }
    return render(request, "population/map.html", words)


@require_safe
def area(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One area: rate and interval, how sure it is, groups, and what lies in it."""
    actor, language = as_asked(request).actor, get_language() or "en"
    try:
        found = queries.get_area(actor, ref)
    except Figure.DoesNotExist as err:
        raise Http404 from err
    record_opening(actor, policy.KIND, found.ref, action="population.area-seen", owner_agency_ref=found.run.agency.ref)
    return render(request, "population/area.html", about.area(actor, found, language))


def _run_columns() -> list[columns.Column]:
    """The columns by which runs can be ordered."""
    return [
        columns.Column("as-of", _("As of"), "as_of", natural=True, falling=True),
        columns.Column("name", _("Run"), "name"),
        columns.Column("agency", _("Agency"), accounts.name_shown("agency__")),
    ]


def _area_columns(language: str) -> list[columns.Column]:
    """The columns by which areas can be ordered; the highest rates stand first."""
    return [
        columns.Column("rate", _("Per 1,000"), "known_rate", natural=True, falling=True),
        columns.Column("name", _("Area"), "name_local" if language == "th" else "name"),
    ]
