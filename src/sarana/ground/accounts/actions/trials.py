"""Counts trials of a passphrase before it is compared, so that a thousand at once are not compared at once."""

import datetime as dt

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.ground.accounts import keyed
from sarana.ground.accounts.models import Trial
from sarana.ground.ledger.actions import record
from sarana.ground.ledger.models import Entry

MEASURE = 6
MINUTE = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(minutes=15)
FORGOTTEN_AFTER = dt.timedelta(hours=1)
KEPT = dt.timedelta(days=1)

FLOOD = 60
"""So many failed trials a minute in the whole system are no accident."""

NONE = dt.timedelta(0)


@transaction.atomic
def take(now: dt.datetime, *, mark: str, is_known: bool) -> dt.timedelta:
    """Count a trial as failed until it succeeds; gives how long to wait where it may not be made now.

    At most `MEASURE` trials a minute under one mark; each time the measure is full the wait doubles, up to
    `LONGEST_WAIT`, and an hour of quiet forgets it. In a flood, browsers that are not known have to wait.
    """
    row = _row(now, mark)
    wait = _wait(now, row)
    if wait == NONE and not is_known:
        everybody = Trial.objects.filter(mark=_everybody()).first()
        wait = _wait(now, everybody) if everybody else NONE
    if wait > NONE:
        return wait
    recent = _recent(now, row)
    if recent == [] and now - row.since_at > FORGOTTEN_AFTER:
        row.n_times_full = 0
    row.recent = [*recent, now.timestamp()]
    row.since_at = now
    if len(row.recent) >= MEASURE:
        row.n_times_full += 1
        row.wait_until = now + min(MINUTE * 2 ** (row.n_times_full - 1), LONGEST_WAIT)
        row.recent = []
    row.save(force_update=True)
    return NONE


def give_back(*, mark: str) -> None:
    """The trial succeeded: it does not count, and those before it are forgotten."""
    Trial.objects.filter(mark=mark).delete()


def sweep_trials(now: dt.datetime) -> int:
    """Take away the counts of days that have passed; gives their number."""
    return Trial.objects.filter(since_at__lt=now - KEPT).delete()[0]


@transaction.atomic
def count_failed(actor: Actor) -> None:
    """Count one failed trial of anybody; where there are too many, browsers that are not known wait, with an alarm.

    It is counted after the passphrase was compared, so that sign-ins do not wait for one another on this row.
    """
    now = actor.now
    row = _row(now, _everybody())
    if _wait(now, row) > NONE:
        return
    row.recent = [*_recent(now, row), now.timestamp()]
    row.since_at = now
    if len(row.recent) > FLOOD:
        row.wait_until = now + MINUTE
        row.recent = []
        record(actor, "accounts.sign-ins-slowed", result=Entry.Result.REFUSED, n_things=FLOOD)
        sweep_trials(now)
    row.save(force_update=True)


def _row(now: dt.datetime, mark: str) -> Trial:
    """The count under a mark, held until this transaction ends, so that trials at the same time count one by one."""
    Trial.objects.bulk_create([Trial(mark=mark, since_at=now)], ignore_conflicts=True)
    return Trial.objects.select_for_update().get(mark=mark)


def _wait(now: dt.datetime, row: Trial) -> dt.timedelta:
    """How long a mark has to wait; a wait longer than the longest stands on a clock that was set back."""
    if row.wait_until is None:
        return NONE
    left = row.wait_until - now
    return left if NONE < left <= LONGEST_WAIT else NONE


def _recent(now: dt.datetime, row: Trial) -> list[float]:
    """The trials of the last minute."""
    return [at for at in row.recent if now.timestamp() - MINUTE.total_seconds() < at <= now.timestamp()]


def _everybody() -> str:
    return keyed.mark("trial", "everybody")
