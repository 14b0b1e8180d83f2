"""The reading doors of corrections: all of one's area, one with its words, those about a person, and who is hidden."""

import datetime as dt
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from sarana.basics.actors import Actor
from sarana.basics.policy import Access
from sarana.ground.accounts import keyed
from sarana.learning.population.models import Run, Update
from sarana.learning.population.opened import policy, queries
from sarana.learning.population.opened.models import Correction
from sarana.learning.population.pairs.queries import NOT_CARRIED

SEALED_FOR = "population correction"
WORDS_KEPT, ROWS_KEPT = dt.timedelta(30), dt.timedelta(550)
"""So long after settling: rows as long as a run is kept, and no longer after they were written down."""


def corrections_for(actor: Actor) -> QuerySet[Correction]:
    """The corrections that an actor settles, and those that she wrote down herself; nobody else is told who objected.

    Raises:
        Refused: POPULATION-094 she has no door here. NotYet: POPULATION-095 no purpose is stated.
    """
    queries.check_may_look(actor)
    own = Q(recorded_by_ref=actor.account_ref)
    found = Correction.objects.filter(policy.openable_by(actor), policy.settled_by(actor) | own)
    found = found.select_related("run", "agency")
    return found.fetch_mode(models.FETCH_RAISE)


def get_correction(actor: Actor, ref: UUID) -> Correction:
    """One of them, for whoever settles it.

    Raises:
        As `corrections_for`; Correction.DoesNotExist: it is not of her area, or not for her role.
    """
    found = corrections_for(actor).get(ref=ref)
    if policy.access_to(actor, found.area) < Access.OPEN:
        raise Correction.DoesNotExist
    return found


def words_of(correction: Correction) -> str:
    """What was written down, of a correction that an actor was given; "" where nothing was, or it opens no more."""
    sealed = correction.words_sealed
    if sealed is None:
        return ""
    return keyed.open_sealed(SEALED_FOR, bytes(sealed), bound_to=str(correction.ref)) or ""


def words_over(now: dt.datetime) -> QuerySet[Correction]:
    """Those whose words nobody needs any more: settled a month ago."""
    return Correction.objects.filter(settled_at__lt=now - WORDS_KEPT, words_sealed__isnull=False)


def rows_over(now: dt.datetime) -> QuerySet[Correction]:
    """Those whose rows no update asks for any more: none is kept longer than a run is, settled or not.

    They go at once where the run was withdrawn because its files should not have been read, and with the last day of
    the run where no later one of the province is shown.
    """
    ended = Update.objects.filter(run_ref=OuterRef("run__ref"), until__lt=now.date())
    later = Run.objects.filter(area=OuterRef("run__area"), as_of__gt=OuterRef("run__as_of"), withdrawn_at__isnull=True)
    is_over = (
        Q(settled_at__lt=now - ROWS_KEPT)
        | Q(recorded_at__lt=now - ROWS_KEPT)
        | Q(run__withdrawn_because__in=NOT_CARRIED)
        | (Exists(ended) & ~Exists(later))
    )
    return Correction.objects.filter(is_over, rows_sealed__isnull=False)


def about(actor: Actor, person: UUID) -> list[Correction]:
    """What was said about a person whom an actor was given, the newest first."""
    return list(corrections_for(actor).filter(person_ref=person).order_by("-recorded_at", "-pk"))
