"""Population: the runs that were taken in, the map of one with the table beside it, and one area."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground import columns
from sarana.ground.accounts import queries as accounts
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_list, record_opening
from sarana.ground.pages.remembered import remembered
from sarana.learning.population import about, policy, queries, showing, villages
from sarana.learning.population.boundaries.queries import ended_among, list_of_areas
from sarana.learning.population.boundaries.showing import gone_in_words
from sarana.learning.population.changes.queries import run_with_reasons
from sarana.learning.population.drawn import words_of
from sarana.learning.population.files.forms import TakeForm
from sarana.learning.population.forms import ChoiceForm
from sarana.learning.population.looking import Look, look
from sarana.learning.population.models import AreaLevel, Drawing, Figure, Run
from sarana.learning.population.opened import policy as opened
from sarana.learning.population.reasons.measures import TELLS_NONE, sector_name
from sarana.learning.population.reasons.queries import count_told, indicators_of, sectors_of
from sarana.learning.population.rollup.policy import may_hand_over
from sarana.learning.population.sets.showing import name_in
from sarana.learning.population.showing import Shown

SHOWN = 250
"""Areas on one page of the table: all subdistricts of any province but the largest, all villages of a district."""

FEWER = 100
"""Villages on one page where those of a whole province are asked for."""


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """The runs that were taken in, the newest first."""
    actor = as_asked(request).actor
    page = columns.listing(queries.runs_for(actor), _run_columns(), request.GET)
    record_list(actor, policy.KIND, [row.ref for row in page.rows], action="population.runs-seen")
    words = {"page": page, "opens_people": opened.has_role(actor)}
    return render(request, "population/runs.html", words)


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
    choice = seen.choice
    depends_on = (
        *("map", run.ref, actor.today, list_of_areas(actor, run.area)),
        *(choice, request.GET.urlencode(), *policy.sees(actor)),
    )
    words: dict[str, Any] = {
        "run": run,
        "choice": choice,
        "taking": TakeForm(choice),
        "has_rows": seen.figures.exists(),
        "is_told": seen.fault is None,
        "measure": seen.measure,
        "may_hand_over": may_hand_over(actor, run),
        "part": remembered(depends_on, lambda: (_map_and_table(actor, seen, request.GET),))[0],
    }
    return render(request, "population/map.html", words)


def _map_and_table(actor: Actor, seen: Look, asked: QueryDict) -> str:
    """The map and the table beside it, which are the same for everybody who sees these areas.

    Where what was asked for cannot be told, one sentence says why in place of both.
    """
    if seen.fault is not None:
        return render_to_string("population/untold-part.html", _untold(actor, seen, seen.fault))
    run, choice, found = seen.run, seen.choice, seen.figures
    known = queries.with_known(found, is_without=choice.is_without) if choice.is_index else found
    is_wide = choice.is_of_villages and not choice.within
    page = columns.listing(known, _area_columns(seen.language), asked, shown=FEWER if is_wide else SHOWN)
    limits = seen.limits()
    # The map needs all areas; where there is none, the page of the table is enough.
    whole = list(found) if choice.is_mapped and page.n_rows > len(page.rows) else page.rows
    every = seen.shown(whole, limits)
    drawing = queries.drawing_of(run) if choice.is_mapped and (whole or not choice.is_of_villages) else None
    if drawing is not None and not drawing.areas:
        drawing = None
    below, n_said = queries.subdistricts_of(run, choice.within), _n_said(seen)
    words: dict[str, Any] = {
        **_picture(actor, seen, drawing, every.values()),
        "form": _form(seen),
        "choice": choice,
        "page": page,
        "rows": [every[row.pk] for row in page.rows],
        "gone": gone_in_words(ended_among(actor, run.area, below)) if choice.is_mapped else [],
        "legend": showing.legend(limits),
        "measure": seen.measure,
        "drawing": drawing,
        "drawn_words": words_of(drawing) if drawing else "",
        "n_said": n_said,
        "is_mostly_silent": choice.is_of_villages and 2 * n_said < page.n_rows,
        "within": seen.names.get(choice.within, ""),
        "district": seen.district,
        "district_name": seen.districts.get(seen.district, ""),
        "tells_within": not choice.within or (choice.is_of_villages and choice.within == seen.district),
        "who": showing.GROUPS[choice.group],
        "level": AreaLevel(choice.level).label,
    }
    return render_to_string("population/map-part.html", words)


def _picture(actor: Actor, seen: Look, drawing: Drawing | None, areas: Collection[Shown]) -> dict[str, Any]:
    """The map of these areas, and which of them it lacks."""
    choice, names = seen.choice, seen.districts
    if drawing is None:
        return {"picture": None, "undrawn": []}
    if not choice.is_of_villages:
        undrawn = showing.undrawn(drawing, areas, choice)
        return {"picture": showing.picture(drawing, areas, choice, names), "undrawn": undrawn}
    drawn = villages.draw(drawing, _villages_given(actor, seen), areas, choice, seen.names)
    return {
        "picture": drawn.picture,
        "undrawn": drawn.missing,
        "n_loose": drawn.n_loose,
        "subdistricts": [(code, name) for code, name in seen.below.items() if seen.district],
    }


def _villages_given(actor: Actor, seen: Look) -> villages.Given:
    """The villages of the choice, those of them that she may see, and where they lie."""
    run, within = seen.run, seen.choice.within
    hers = queries.figures_for(actor, run, AreaLevel.VILLAGE, within=within).values_list("code", flat=True)
    return villages.Given(
        queries.villages_by_subdistrict(run, within), frozenset(hers), queries.places_of_villages(run)
    )


def _n_said(seen: Look) -> int:
    """Of how many areas of the choice a rate is said."""
    if seen.choice.is_index:
        return queries.count_said(seen.figures, is_without=seen.choice.is_without)
    return count_told(seen.figures)


def _form(seen: Look) -> ChoiceForm:
    """The filters, with the indicators and the sectors of which the run tells."""
    indicators = [(each.key, name_in(each.name, seen.language)) for each in indicators_of(seen.run)]
    sectors = [(each.key, sector_name(each, seen.language)) for each in sectors_of(seen.run)]
    return ChoiceForm(seen.choice, _areas_of(seen), seen.groups, indicators, sectors)


def _areas_of(seen: Look) -> list[tuple[str, str]]:
    """The districts in which it can be asked to look; below the one that is chosen, its subdistricts."""
    found = []
    for code, name in seen.districts.items():
        found.append((code, name))
        if code == seen.district:
            found += [(inner, f"– {name}") for inner, name in seen.below.items()]
    return found


def _untold(actor: Actor, seen: Look, fault: NotYet) -> dict[str, Any]:
    """Why what was asked for cannot be told, and the map of the year that tells answers where this one does not."""
    told = run_with_reasons(actor, seen.run) if fault.code == TELLS_NONE else None
    return {"form": _form(seen), "code": fault.code, "what": _(fault.what), "cure": _(fault.cure), "told": told}


@require_safe
def area(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One area: rate and interval, how sure it is, groups, and what lies in it."""
    actor, language = as_asked(request).actor, get_language() or "en"
    try:
        found = queries.get_area(actor, ref)
    except Figure.DoesNotExist as err:
        raise Http404 from err
    record_opening(actor, policy.KIND, found.ref, action="population.area-seen", owner_agency_ref=found.run.agency.ref)
    run = found.run
    depends_on = (
        *("area", found.ref, actor.today, list_of_areas(actor, run.area)),
        *(run.status, *queries.standing(run), *policy.sees(actor)),
    )
    crumbs, part = remembered(depends_on, lambda: _area_parts(actor, found, language))
    words: dict[str, Any] = {
        "run": run,
        "area": found,
        "name": found.called(language),
        "level": AreaLevel(found.level).label,
        "above": crumbs,
        "part": part,
        "made": _how_it_was_made(run),
    }
    return render(request, "population/area.html", words)


def _area_parts(actor: Actor, found: Figure, language: str) -> tuple[str, str]:
    """The ways up from an area, and what is said of it, which are the same for everybody who sees these areas."""
    wider = queries.above(actor, found)
    above = {"above": [(row, row.called(language)) for row in wider]}
    return (
        render_to_string("population/area-above.html", above),
        render_to_string("population/area-part.html", about.area(actor, found, wider, language)),
    )


def _how_it_was_made(run: Run) -> str:
    """What the figures of a run are, which is the same on the pages of all its areas."""
    depends_on = ("made", run.ref, run.status, run.agency.name, run.agency.name_local)
    return remembered(depends_on, lambda: (render_to_string("population/made.html", {"run": run}),))[0]


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
