"""Counts trials of a passphrase before it is compared, so that a thousand at once are not compared at once."""

import datetime as dt

from django.db import transaction

from sarana.basics.actors import NOBODY, Actor
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
        wait = _flood(now)
    if wait > NONE:
        return wait
    recent = [at for at in row.recent if now.timestamp() - MINUTE.total_seconds() < at <= now.timestamp()]
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


@transaction.atomic
def give_back(now: dt.datetime, *, mark: str, is_known: bool) -> None:
    """The trial succeeded: it does not count, and those before it are forgotten."""
    Trial.objects.filter(mark=mark).delete()
    if not is_known:
        row = _row(now, _everybody())
        row.recent = row.recent[:-1]
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


def _flood(now: dt.datetime) -> dt.timedelta:
    """Count one trial of anybody; gives how long to wait where there are too many, with an alarm at the first."""
    row = _row(now, _everybody())
    wait = _wait(now, row)
    if wait > NONE:
        return wait
    recent = [at for at in row.recent if now.timestamp() - MINUTE.total_seconds() < at <= now.timestamp()]
    row.recent = [*recent, now.timestamp()]
    row.since_at = now
    if len(row.recent) > FLOOD:
        row.wait_until = now + MINUTE
        row.recent = []
        record(Actor(NOBODY, now), "accounts.sign-ins-slowed", result=Entry.Result.REFUSED, n_things=FLOOD)
        Trial.objects.filter(since_at__lt=now - KEPT).delete()
    row.save(force_update=True)
    return MINUTE if row.wait_until == now + MINUTE else NONE


def _everybody() -> str:
    return keyed.mark("trial", "everybody")
