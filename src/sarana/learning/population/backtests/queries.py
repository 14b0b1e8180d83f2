"""The reading doors: the back-tests of a run, and the run that a new one is of."""

from django.db.models import QuerySet

from sarana.basics.errors import NotYet
from sarana.learning.population.backtests.models import BackTest
from sarana.learning.population.models import Run


def tests_of(run: Run) -> list[BackTest]:
    """The back-tests of a run that an actor was given, the newest first; also those from before it was withdrawn."""
    return list(_of(run).order_by("-taken_in_at", "-pk"))


def find_same(run: Run, told_hash: str) -> BackTest | None:
    """The same back-test, if it was taken in before, for the action that takes them in."""
    return _of(run).filter(told_hash=told_hash).first()


def has_tables(run: Run) -> bool:
    """Whether tables of a back-test of this run were let out, for the action that takes them in."""
    return _of(run).filter(has_tables=True).exists()


def verdicts_of(run: Run) -> frozenset[str]:
    """The newest verdict for each kind of case that was judged, for the actions that say what a run is called."""
    judged = _of(run).exclude(verdict=BackTest.Verdict.NOT_JUDGED).order_by("taken_in_at", "pk")
    return frozenset(dict(judged.values_list("cases", "verdict")).values())


def get_tested(fingerprint: str) -> Run:
    """The run that is shown and of which a back-test is, held for the action that takes it in.

    Raises:
        NotYet: POPULATION-130 it is not shown here.
    """
    shown = Run.objects.filter(fingerprint=fingerprint, withdrawn_at__isnull=True)
    found = shown.select_related("agency").select_for_update(of=("self",)).first()
    if found is None:
        raise NotYet(
            "POPULATION-130",
            "This run is not shown on the web, so nothing can stand beside it.",
            cure="Take it in first: sarana population take-in RUN. Then test it again with --take-in.",
        )
    return found


def _of(run: Run) -> QuerySet[BackTest]:
    """A run that was withdrawn and taken in anew is the same run: what was let out of it was let out."""
    return BackTest.objects.filter(run__fingerprint=run.fingerprint)
