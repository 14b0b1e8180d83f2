"""The search file is kept whole: missing, damaged, another's, worn, of other keys, or made while others write."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from care.people.finding.test_finding import asked, enter, refs
from makers.backups import KEYS, a_home, backup
from makers.identities import TwoHouses
from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, BadSetting, NotYet, Refused
from sarana.care.people import actions
from sarana.care.people.actions import Facts
from sarana.care.people.finding import files, jobs
from sarana.care.people.finding.actions import building, feeding
from sarana.care.people.models import Person, ToIndex
from sarana.care.people.values import Names, checked_name
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.databases import DATABASE
from sarana.ground.vault.identities.actions import turning
from sarana.ground.vault.identities.models import Erased, Sealed
from sarana.methods.sealing.archives import open_archive
from sarana.methods.search.locking import building as lock_held
from sarana.methods.search.searchfile import SearchFile, open_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine(houses: TwoHouses) -> Actor:
    """The machine itself."""
    return Actor.local(houses.worker.now)


@pytest.fixture
def lying(houses: TwoHouses, machine: Actor) -> Path:
    """The file of an agency with one person."""
    enter(houses, "Malee Jaidee")
    path, _key = files.newest_path(machine, houses.ours.ref)
    assert path.is_file()
    return path


def kept(houses: TwoHouses, machine: Actor) -> building.Kept:
    return building.keep(machine, houses.ours.ref)


@pytest.mark.check("K-01")
def test_a_stolen_file_opens_for_nobody_and_shows_nothing(houses: TwoHouses, machine: Actor, lying: Path) -> None:
    enter(houses, "Zqxmarker Person", number="ZQX-99887766", phone="0898887777")
    files.forget()
    data = b"".join(path.read_bytes() for path in lying.parent.iterdir())
    for text in (b"Zqxmarker", b"zqxmarker", b"ZQX-9988", b"99887766", b"898887777", b"jaidee", b"SQLite format"):
        assert text not in data
        assert text.decode().encode("utf-16-le") not in data
    theirs = files.newest_path(machine, houses.theirs.ref)[1]
    for key in (bytes(32), theirs):
        with pytest.raises(BadFile, match="SEARCH-001"):
            open_search(lying, key, str(houses.ours.ref))
    assert lying.parent.parent.name == "home"
    assert oct(lying.stat().st_mode & 0o777) == "0o600"


def _gone(lying: Path) -> None:
    lying.unlink()


def _cut(lying: Path) -> None:
    with lying.open("r+b") as file:
        file.truncate(lying.stat().st_size // 2)


def _changed(lying: Path) -> None:
    data = bytearray(lying.read_bytes())
    data[len(data) // 2] ^= 1
    lying.write_bytes(data)


def _of_another(lying: Path) -> None:
    lying.write_bytes(os.urandom(lying.stat().st_size))


@pytest.mark.check("F-11")
@pytest.mark.parametrize("harm", [_gone, _cut, _changed, _of_another])
def test_a_file_that_is_harmed_says_so_and_is_made_anew(
    houses: TwoHouses, machine: Actor, lying: Path, harm: Any
) -> None:
    files.forget()
    for beside in lying.parent.glob("*-wal"):
        beside.unlink()
    harm(lying)
    if harm is not _changed:
        with pytest.raises(NotYet, match="PEOPLE-031"):
            asked(houses, "malee")
        assert [due.again for due in jobs.due(machine)] == [jobs.AGAIN]
    assert kept(houses, machine).is_made
    assert len(refs(asked(houses, "malee jaidee"))) == 1
    assert [due.again for due in jobs.due(machine)] == [jobs.EVERY_DAY]
    assert Entry.objects.filter(action="people.search-file-made").count() == 2


def test_the_file_of_another_organisation_is_made_anew(houses: TwoHouses, machine: Actor, lying: Path) -> None:
    _path, key = files.newest_path(machine, houses.ours.ref)
    files.forget()
    building.build_search(lying, key, "somebody else", [])
    with pytest.raises(Refused, match="SEARCH-002"):
        open_search(lying, key, str(houses.ours.ref))
    assert kept(houses, machine).why == "SEARCH-002"
    assert refs(asked(houses, "malee jaidee"))


def test_a_worn_file_is_made_anew(
    houses: TwoHouses, machine: Actor, lying: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not kept(houses, machine).is_made
    monkeypatch.setattr(SearchFile, "is_worn", lambda _self: True)
    assert kept(houses, machine).why == "worn"


@pytest.mark.check("F-17")
def test_what_a_file_lacks_or_has_too_much_is_mended(houses: TwoHouses, machine: Actor, lying: Path) -> None:
    gone, stays = enter(houses, "Suda Rakthai"), enter(houses, "Prasert Wongsa")
    file = files.answering(machine, houses.ours.ref)
    file.drop([(stays.ref, 0)])
    Person.objects.filter(ref=gone.ref).delete()
    Person.objects.filter(ref=stays.ref).update(revision=2)
    found = kept(houses, machine)
    assert (found.is_made, found.n_put, found.n_dropped) == (False, 1, 1)
    assert refs(asked(houses, "prasert wongsa")) == [stays.ref]
    assert kept(houses, machine) == building.Kept()
    assert Entry.objects.filter(action="people.search-file-mended").count() == 1


def test_a_file_that_is_ahead_of_a_database_that_was_brought_back_is_made_anew(
    houses: TwoHouses, machine: Actor, lying: Path
) -> None:
    malee = Person.objects.get()
    actions.change(houses.worker, malee.ref, Names(names=(checked_name("Suda Rakthai"),)), version=1)
    feeding.feed_at_once(houses.ours.ref)
    Person.objects.update(revision=1)
    assert kept(houses, machine).is_made
    assert refs(asked(houses, "suda rakthai")) == [malee.ref]


def test_when_keys_were_turned_the_old_file_answers_until_the_new_one_is_made(
    houses: TwoHouses, machine: Actor, lying: Path
) -> None:
    turning.rotate(houses.custodian, agency=houses.ours.ref)
    assert refs(asked(houses, "malee jaidee"))
    new = enter(houses, "Suda Rakthai")
    assert refs(asked(houses, "suda rakthai")) == [new.ref], "what comes meanwhile is found too"
    assert [due.again for due in jobs.due(machine)] == [jobs.AGAIN]
    assert kept(houses, machine).is_made
    assert [path.name for path in lying.parent.glob("*.sqlcipher")] == [f"{houses.ours.ref}-2.sqlcipher"]
    assert len({*refs(asked(houses, "malee jaidee")), *refs(asked(houses, "suda rakthai"))}) == 2


def test_what_changes_while_a_file_is_made_waits_and_comes_in_after_it(
    houses: TwoHouses, machine: Actor, lying: Path
) -> None:
    with lock_held(lying):
        late = enter(houses, "Suda Rakthai")
        assert ToIndex.objects.count() == 1
        with pytest.raises(NotYet, match="SEARCH-007"):
            feeding.feed(machine, houses.ours.ref)
    assert feeding.feed(machine, houses.ours.ref) == 1
    assert feeding.feed(machine, houses.ours.ref) == 0
    assert refs(asked(houses, "suda rakthai")) == [late.ref]


def test_what_changes_while_the_file_of_new_keys_is_made_comes_into_both(
    houses: TwoHouses, machine: Actor, lying: Path
) -> None:
    turning.rotate(houses.custodian, agency=houses.ours.ref)
    with lock_held(files.newest_path(machine, houses.ours.ref)[0]):
        late = enter(houses, "Suda Rakthai")
        assert refs(asked(houses, "suda rakthai")) == [late.ref], "the old one has it"
        with pytest.raises(NotYet, match="PEOPLE-032"):
            feeding.feed(machine, houses.ours.ref)
        assert ToIndex.objects.count() == 1, "it waits for the new one"


def test_without_keys_nothing_opens_and_nothing_stays_open(
    houses: TwoHouses, machine: Actor, lying: Path, settings: Any
) -> None:
    assert refs(asked(houses, "malee jaidee"))
    Path(settings.SARANA_KEYFILE).unlink()
    with pytest.raises(NotYet, match="VAULT-031"):
        asked(houses, "malee jaidee")
    assert not files._OPEN
    actions_later = ToIndex.objects.count()
    feeding.feed_at_once(houses.ours.ref)
    assert ToIndex.objects.count() == actions_later


def test_a_person_whose_row_was_changed_is_left_out_and_all_others_are_found(
    houses: TwoHouses, machine: Actor, lying: Path
) -> None:
    bad = enter(houses, "Suda Rakthai")
    Sealed.objects.filter(subject__ref=bad.ref, tier="names").update(sealed=b"\0" * 90)
    building.build(machine, houses.ours.ref, afresh=True)
    assert not asked(houses, "suda rakthai").hits
    assert refs(asked(houses, "malee jaidee"))


@pytest.mark.check("A-20")
def test_only_the_machine_reads_people_for_the_file(houses: TwoHouses, lying: Path) -> None:
    for actor in (houses.worker, houses.supervisor, houses.custodian, houses.outsider):
        with pytest.raises(Refused, match="VAULT-060"):
            building.build(actor, houses.ours.ref)
        with pytest.raises(Refused, match="PEOPLE-035"):
            jobs.KEEP.check(actor, {})


def test_the_daily_work_keeps_every_agency_and_one_that_fails_keeps_no_other(
    houses: TwoHouses, machine: Actor, lying: Path
) -> None:
    class Under:
        actor = machine

        def report(self, done: int, total: int, what: str) -> None:
            """Nothing."""

    actions.enter(houses.worker, houses.ours.ref, Facts(), Names(names=(checked_name("Suda Rakthai"),)))
    lying.unlink()
    files.forget()
    assert jobs.KEEP.steps({})[0].do(Under()) == {"files": 1, "made": 0, "mended": 0, "failed": 0}, "feeding made it"
    assert refs(asked(houses, "suda rakthai"))
    lying.unlink()
    lying.mkdir()
    files.forget()
    with pytest.raises(BadSetting, match="SEARCH-013"):
        jobs.KEEP.steps({})[0].do(Under())


@pytest.mark.check("F-17")
@pytest.mark.django_db(transaction=True)
def test_as_soon_as_a_change_stands_it_is_found_and_what_was_taken_back_never_is(houses: TwoHouses) -> None:
    names = Names(names=(checked_name("Malee Jaidee"),))
    malee = actions.enter(houses.worker, houses.ours.ref, Facts(), names)
    assert refs(asked(houses, "malee jaidee")) == [malee.ref]
    with transaction.atomic():
        actions.enter(houses.worker, houses.ours.ref, Facts(), Names(names=(checked_name("Suda Rakthai"),)))
        transaction.set_rollback(True)
    assert not asked(houses, "suda rakthai").hits
    actions.erase(houses.supervisor, malee.ref, Erased.Reason.OWN_REQUEST)
    assert files.answering(Actor.local(houses.worker.now), houses.ours.ref).count() == 0
    assert not ToIndex.objects.exists()


def test_no_backup_takes_search_files_along(houses: TwoHouses, lying: Path, tmp_path: Path) -> None:
    home = a_home(tmp_path / "backed-up")
    shutil.copytree(lying.parent, home / files.FOLDER)
    made = backup(home, tmp_path / "backups")
    into = tmp_path / "into"
    into.mkdir()
    open_archive(made, KEYS, into)
    found = sorted(str(path.relative_to(into)) for path in into.rglob("*") if path.is_file())
    assert DATABASE in found
    assert not any(files.FOLDER in name or files.ENDING in name for name in found)
