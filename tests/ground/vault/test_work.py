"""Backing up and drilling as long work: asked for by a button or by the schedule, told in words where it cannot be."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from makers.agencies import a_person, acting, an_agency, local
from makers.counted import Counted
from makers.vaults import Place
from makers.work import work
from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, Refused
from sarana.ground.jobs import actions as asking
from sarana.ground.jobs import schedule
from sarana.ground.jobs.models import Job
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import jobs, snapshots, waiting
from sarana.ground.vault.databases import DATABASE
from sarana.ground.vault.journal import Made, alone, read_standing, remember
from sarana.ground.vault.models import Backup, Drill
from sarana.ground.vault.nameless import nameless

pytestmark = pytest.mark.django_db

IS_SQLITE = connection.vendor == "sqlite"
only_sqlite = pytest.mark.skipif(not IS_SQLITE, reason="spoils a file, which PostgreSQL does not have")


def last() -> Job:
    return Job.objects.latest("id")


def test_a_backup_and_a_drill_by_button_are_rows_and_lines_in_the_asker_s_name(place: Place, operator: Actor) -> None:
    assert [line.address for line in waiting.lines(operator)] == ["desk:backups"] * 2
    for kind in (jobs.BACK_UP, jobs.DRILL):
        asking.ask(operator, kind.code)
        assert work()
        assert (last().state, last().code) == ("done", "")
    [file] = place.disk.iterdir()
    backup, drill = Backup.objects.get(), Drill.objects.get()
    assert (backup.where, backup.opens_with) == (str(file), "the stick")
    assert (backup.n_rows == 7) is IS_SQLITE
    assert (drill.backup_ref, drill.n_rows, drill.code) == (backup.ref, backup.n_rows, "")
    wrote = Entry.objects.filter(action__in=("vault.backed-up", "vault.drilled"))
    assert {entry.actor_ref for entry in wrote} == {operator.account_ref}
    assert wrote.count() == 2
    assert list(waiting.lines(operator)) == []


@pytest.mark.check("F-18")
@only_sqlite
def test_what_is_in_the_way_is_said_and_stands_in_the_table(
    place: Place, operator: Actor, settings: Any, counted: Counted
) -> None:
    for kind, code, spoil in (
        (jobs.DRILL, "VAULT-032", lambda: None),
        (jobs.DRILL, "VAULT-031", lambda: setattr(settings, "SARANA_KEYFILE", place.home / "gone.key")),
        (jobs.BACK_UP, "VAULT-024", (place.home / DATABASE).unlink),
        (jobs.BACK_UP, "VAULT-030", lambda: setattr(settings, "SARANA_BACKUPS", place.key_file / "below a file")),
        (jobs.BACK_UP, "VAULT-002", place.lose_the_vault),
    ):
        if code == "VAULT-031":
            asking.ask(operator, jobs.BACK_UP.code)
            assert work()
        spoil()
        asking.ask(operator, kind.code)
        assert work()
        assert (last().state, last().code) == ("failed", code)
    assert set(Backup.objects.values_list("code", flat=True)) == {"", "VAULT-024", "VAULT-030"}
    assert len([*place.disk.iterdir()]) == 1, "without keys, or a place for it, nothing was written"
    counted("parts taken away", 5, exact=True)


def test_a_backup_and_a_drill_never_wait_beside_each_other(operator: Actor) -> None:
    asking.ask(operator, jobs.BACK_UP.code)
    for kind in (jobs.BACK_UP, jobs.DRILL):
        with pytest.raises(asking.NotYet, match="JOBS-003"):
            asking.ask(operator, kind.code)


def test_only_the_operator_asks(place: Place) -> None:
    for role in ("data-protection-officer", "organisation-administrator", "data-custodian"):
        with pytest.raises(Refused, match="VAULT-029"):
            asking.ask(acting(a_person(an_agency(), role), now=timezone.localtime()), jobs.BACK_UP.code)


@only_sqlite
def test_the_schedule_asks_when_a_backup_is_due_once_and_then_for_a_drill(
    place: Place, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert schedule.ask_for_due() == ["vault.back-up"]
    assert schedule.ask_for_due() == []
    assert asking.policy.may_change(operator, last()), "an operator sees to what the schedule asked for"
    assert work()
    assert schedule.ask_for_due() == ["vault.drill"]
    assert work()
    assert schedule.ask_for_due() == []
    assert (Backup.objects.count(), Drill.objects.get().code) == (1, "")
    # The machine was off for five weeks: what was missed is made at once.
    later = timezone.localtime() + dt.timedelta(days=35)
    monkeypatch.setattr(schedule.timezone, "localtime", lambda: later)
    assert schedule.ask_for_due() == ["vault.back-up"]


@only_sqlite
def test_what_fails_is_not_tried_every_minute(place: Place) -> None:
    (place.home / DATABASE).unlink()
    assert schedule.ask_for_due() == ["vault.back-up"]
    assert work()
    assert last().state == "failed"
    assert schedule.ask_for_due() == []
    Job.objects.update(asked_at=timezone.now() - jobs.AGAIN_BACKUP)
    assert schedule.ask_for_due() == ["vault.back-up"]


def test_nothing_is_due_without_keys_or_with_the_schedule_off(place: Place, settings: Any) -> None:
    settings.SARANA_SCHEDULE = 0
    assert schedule.ask_for_due() == []
    settings.SARANA_SCHEDULE = 1
    place.lose_the_vault()
    assert schedule.ask_for_due() == []


def test_the_schedule_tells_the_tables_what_a_killed_backup_left_in_the_journal(place: Place) -> None:
    with alone(place.home):
        remember(place.home, made=Made("9b1c0e7e-43cf-4f7a-8a2c-0d8a0d4c8d11", "/x", timezone.now(), code="K"))
    schedule.ask_for_due()
    assert Backup.objects.get().code == "K"
    assert len(read_standing(place.home).made) == 1


def test_a_backup_that_is_stopped_leaves_no_file(place: Place, operator: Actor) -> None:
    made = asking.ask(operator, jobs.BACK_UP.code)
    Job.objects.filter(pk=made.pk).update(stop_asked_at=timezone.now())
    assert work()
    assert last().state == "stopped"
    assert not place.disk.exists() or [*place.disk.iterdir()] == []


@only_sqlite
def test_what_listens_while_statements_run_may_end_them(tmp_path: Path, place: Place) -> None:
    class Enough(Exception):
        pass

    def enough() -> None:
        raise Enough

    with nameless(place.home, tmp_path, 0) as copy, pytest.raises(Enough):
        snapshots.take_snapshot(place.home / DATABASE, copy, enough)
    with nameless(place.home, tmp_path, 0) as copy:
        snapshots.take_snapshot(place.home / DATABASE, copy, lambda: None)
    with nameless(place.home, tmp_path, 0) as copy:
        copy.take(b"no database")
        with pytest.raises(BadFile, match="VAULT-024"):
            snapshots.counted(copy, DATABASE, enough)
    assert local().is_local
