"""What changed between two runs of a province, by area, and some areas set beside all others."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from sarana.basics.actors import Actor
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_opening
from sarana.learning.population import policy
from sarana.learning.population.changes import queries, showing
from sarana.learning.population.changes.programmes import beside_the_others, need_met, programmes
from sarana.learning.population.models import AreaLevel, Run
from sarana.learning.population.queries import get_run


@require_safe
@gzip_page
def changes(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What changed since the run before, by district or subdistrict."""
    actor, language = as_asked(request).actor, get_language() or "en"
    try:
        run = get_run(actor, ref)
    except Run.DoesNotExist as err:
        raise Http404 from err
    record_opening(actor, policy.KIND, run.ref, action="population.changes-seen", owner_agency_ref=run.agency.ref)
    before, level = queries.run_before(actor, run), showing.level_of(request.GET)
    words: dict[str, Any] = {
        "run": run,
        "before": before,
        "level": level,
        "level_words": AreaLevel(level).label,
        "is_comparable": showing.is_comparable(before, run),
    }
    if before is not None and words["is_comparable"]:
        chosen = frozenset(request.GET.getlist("chosen"))
        offs = (showing.off_by(before), showing.off_by(run))
        found = showing.lines(queries.both_of(actor, before, run, level), offs, chosen, language)
        beside = showing.programme(found)
        kinds = [one.kind for one in found]
        is_of_districts = level == AreaLevel.DISTRICT
        districts = found if is_of_districts else _districts(actor, before, run, offs, language)
        done = programmes(actor, before, run, districts)
        words |= {
            "lines": found,
            "page": showing.page_of(found, request.GET.get("page", "")),
            "counts": [(words_, kinds.count(kind)) for kind, words_ in showing.WORDS.items()],
            "off_by": max(offs),
            "chosen": [one for one in found if one.is_chosen],
            "beside": beside,
            "programmes": done,
            "need_met": need_met(done),
            "beside_the_others": beside_the_others(done),
            "beside_says": showing.programme_says(beside) if beside else "",
        }
    return render(request, "population/changes.html", words)


def _districts(actor: Actor, before: Run, run: Run, offs: tuple[int, int], language: str) -> list[showing.Line]:
    """The districts of both runs, whichever level the page is about."""
    return showing.lines(queries.both_of(actor, before, run, AreaLevel.DISTRICT), offs, (), language)
