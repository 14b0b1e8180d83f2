"""Views of columns: what a file has, what our layout wants, and pointing from one to the other."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sarana.basics.errors import NotYet
from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger import refusals
from sarana.ground.ledger.actions import record_opening
from sarana.learning.population.policy import SOURCE
from sarana.learning.population.sources.columns import actions
from sarana.learning.population.sources.columns.showing import as_given, columns_shown
from sarana.learning.population.sources.models import Source
from sarana.learning.population.sources.views import UNREADY, source_or_404

AT = "at-"
"""Before the number of a column of ours in the form."""

MISSING = "-"
"""What is chosen where the file has no such column."""

CHOSEN_WRONG = frozenset({"POPULATION-051", "POPULATION-052", "POPULATION-054", "POPULATION-055"})
"""What is mended on the same page, with all that was chosen still there."""


@require_safe
def columns(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The columns of a source's files, and which of them stand for which of ours."""
    actor = as_asked(request).actor
    found = source_or_404(actor, ref)
    record_opening(actor, SOURCE, ref, action="population.columns-seen", owner_agency_ref=found.agency.ref)
    return _page(request, found)


@require_POST
def point(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say which columns of a file stand for which of ours."""
    actor = as_asked(request).actor
    found = source_or_404(actor, ref)
    shown = next((each for each in columns_shown(found) if str(each.seen.ref) == request.POST.get("columns")), None)
    if shown is None:
        raise actions.replaced()
    given = {
        line.column: "" if value == MISSING else value
        for line in shown.lines
        if (value := request.POST.get(f"{AT}{line.number}", ""))
    }
    try:
        n = actions.point_at_columns(actor, found, shown.seen.ref, given)
    except NotYet as err:
        if err.code not in CHOSEN_WRONG:
            raise
        where = f"{err.where} " if err.where else ""
        return _page(request, found, f"{where}{refusals.noted(request, err)} ({err.code})", shown.seen.ref, given)
    words = ngettext(
        "%(count)s column was pointed at. Look through the files again.",
        "%(count)s columns were pointed at. Look through the files again.",
        n,
    )
    messages.success(request, words % {"count": n})
    return redirect("population:source", ref=ref)


def _page(
    request: HttpRequest,
    found: Source,
    fault: str = "",
    columns: UUID | None = None,
    given: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page; after a fault with what was chosen, so that nothing has to be chosen twice."""
    every = columns_shown(found)
    shown = [as_given(each, given or {}) if each.seen.ref == columns else each for each in every]
    if not shown:
        raise Http404
    words = {"source": found, "files": shown, "fault": fault, "missing": MISSING}
    return render(request, "population/sources/columns.html", words, status=UNREADY if fault else 200)
