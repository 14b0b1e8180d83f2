"""The back-tests of a run: does the index find those whose case became known later, and whom does it fail?"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sarana.ground.accounts.asking import as_asked
from sarana.ground.ledger.actions import record_opening
from sarana.learning.population import policy
from sarana.learning.population.backtests import queries, showing
from sarana.learning.population.models import Run
from sarana.learning.population.queries import get_run


@require_safe
def back_tests(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The newest back-test whole, the others by their verdict; where there is none, how one is made."""
    actor, language = as_asked(request).actor, get_language() or "en"
    try:
        run = get_run(actor, ref)
    except Run.DoesNotExist as err:
        raise Http404 from err
    record_opening(actor, policy.KIND, run.ref, action="population.back-tests-seen", owner_agency_ref=run.agency.ref)
    found = [showing.shown(test, language) for test in queries.tests_of(run)]
    return render(request, "population/back-tests.html", {"run": run, "found": found})
