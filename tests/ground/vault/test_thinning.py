"""The older backups are, the fewer stay: which, and what becomes of their files and rows."""

import datetime as dt
import random
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from makers.vaults import Place
from makers.work import work
from sarana.basics.actors import Actor
from sarana.ground.jobs import actions as asking
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import jobs, thinning
from sarana.ground.vault.models import Backup, Drill, LetGo

NOW = dt.datetime(2026, 11, 29, 12, 30, tzinfo=dt.UTC)
EVERY = dt.timedelta(minutes=5)


def lived(days: int, every: dt.timedelta, off: range = range(0)) -> list[dt.datetime]:
    """What still lies there after so many days of backups, each followed by letting go; none on the days `off`."""
    lying: dict[UUID, dt.datetime] = {}
    at = NOW - dt.timedelta(days=days)
    while at <= NOW:
        if (NOW - at).days not in off:
            lying[uuid4()] = at
            for ref in thinning.spare(lying, at):
                del lying[ref]
        at += every
    return sorted(lying.values())


@pytest.mark.parametrize("every", [EVERY, dt.timedelta(hours=1), dt.timedelta(hours=7)])
def test_each_two_hours_each_hour_of_a_day_each_day_of_two_weeks_each_week_of_a_year(every: dt.timedelta) -> None:
    left = lived(400 if every > EVERY else 40, every)
    ages = [NOW - at for at in left]
    for most, width in thinning.STAY:
        least = max(width, every)
        near = [age for age in ages if age <= most]
        steps = [older - newer for newer, older in zip(near[:0:-1], near[-2::-1], strict=True)]
        assert all(step <= 2 * least for step in steps), (most, max(steps))
    assert max(ages) <= thinning.STAY[-1][0] + every
    assert len(left) <= 24 + 24 + 16 + 53
    assert len(left) < 400 * dt.timedelta(days=1) / every / 3 or every > dt.timedelta(hours=1)


def test_looking_again_lets_nothing_more_go_and_the_last_ones_stay_for_ever() -> None:
    lying = {uuid4(): at for at in lived(60, dt.timedelta(hours=1))}
    assert thinning.spare(lying, NOW) == []
    years_later = NOW + dt.timedelta(days=2000)
    for _ in list(lying):
        for ref in thinning.spare(lying, years_later):
            del lying[ref]
    assert sorted(lying.values()) == lived(60, dt.timedelta(hours=1))[-thinning.LEAST :]


def test_a_clock_that_jumps_costs_a_few_and_what_is_of_tomorrow_stays() -> None:
    lying = {uuid4(): NOW - dt.timedelta(days=7 * week) for week in range(52)}
    assert len(thinning.spare(lying, NOW + dt.timedelta(days=3650))) == thinning.MOST_AT_ONCE
    assert thinning.spare(lying, NOW - dt.timedelta(days=3650)) == []


def test_the_order_in_which_they_are_told_does_not_matter() -> None:
    lying = [(uuid4(), NOW - hour * dt.timedelta(hours=1)) for hour in range(200)]
    wanted = thinning.spare(dict(lying), NOW)
    assert wanted
    random.Random(7).shuffle(lying)
    assert thinning.spare(dict(lying), NOW) == wanted


def an_old_one(place: Place, age: dt.timedelta) -> Backup:
    """A backup of a while ago: its row, and a file where it was put."""
    at = timezone.now() - age
    place.disk.mkdir(exist_ok=True)
    file = place.disk / f"sarana-{at:%Y%m%dT%H%M%SZ}.backup"
    file.write_bytes(b"old")
    return Backup.objects.create(ref=uuid4(), made_at=at, where=str(file), n_bytes=3, sha256="0" * 64)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="backs up a file of SQLite")
def test_after_a_backup_old_files_go_in_one_line_and_what_is_not_ours_stays(place: Place, operator: Actor) -> None:
    minutes = dt.timedelta(minutes=1)
    base = dt.timedelta(days=3, minutes=timezone.now().hour * 60 + timezone.now().minute)  # about midnight
    first, *others = (an_old_one(place, base - n * minutes) for n in range(1, 6))
    proved = others[0]
    Drill.objects.create(ref=uuid4(), at=timezone.now(), file="x", backup_ref=proved.ref)
    foreign = place.disk / "sarana-20200101T000000Z.backup"
    foreign.write_bytes(b"somebody else's")
    asking.ask(operator, jobs.BACK_UP.code)
    assert work()
    lying = {path.name for path in place.disk.iterdir()}
    gone = [each for each in (first, *others) if Path(each.where).name not in lying]
    assert {foreign.name, Path(first.where).name, Path(proved.where).name} <= lying
    assert gone
    assert set(gone) <= set(others)
    assert {each.backup for each in LetGo.objects.all()} == set(gone)
    [line] = Entry.objects.filter(action="vault.let-go")
    assert (line.n_things, line.actor_ref) == (len(gone), operator.account_ref)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="backs up a file of SQLite")
def test_a_file_that_outlived_a_kill_goes_the_next_time_without_another_line(place: Place, operator: Actor) -> None:
    old = an_old_one(place, dt.timedelta(days=30))
    LetGo.objects.create(backup=old, at=timezone.now())
    asking.ask(operator, jobs.BACK_UP.code)
    assert work()
    assert not Path(old.where).exists()
    assert not Entry.objects.filter(action="vault.let-go").exists()
