"""The guide of the year, and the manual for whoever does this once a year."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_list
from sarana.learning.population.policy import SOURCE
from sarana.learning.population.year import overlaps, queries, showing
from sarana.learning.population.year.reckoning import year_of


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """How the year of a province stands, step by step."""
    actor = as_asked(request).actor
    areas = queries.provinces_of(actor)
    asked = request.GET.get("area", "")
    area = asked if asked in areas else next(iter(areas), "")
    words: dict[str, Any] = {"areas": areas, "area": area}
    if area:
        year = year_of(actor, area)
        steps = showing.steps(actor, year)
        words |= {"overlaps": overlaps.lines_of(year), "step": overlaps.STEP}
        words |= {"year": year, "steps": steps, "first": [step for step in steps if step.state == showing.FIRST]}
    refs = [line.known.source.ref for line in words["year"].lines] if area else []
    record_list(actor, SOURCE, refs, action="population.year-seen")
    return render(request, "population/year/guide.html", words)


@require_safe
def manual(request: HttpRequest) -> HttpResponse:
    """How all of it is done, for somebody who never did. Not written down: it shows nobody."""
    queries.provinces_of(as_asked(request).actor)
    return render(request, "population/year/manual.html")
