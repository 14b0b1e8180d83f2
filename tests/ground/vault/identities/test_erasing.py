"""Who was erased is gone: from rows and log, whatever was cut in between, and after every restore."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from makers.agencies import NOW, local
from makers.counted import Counted
from makers.identities import ALL, TwoHouses, let_read, somebody
from makers.scripts import of_its_own, told_by
from makers.vaults import a_place
from sarana.basics.actors import NOBODY
from sarana.basics.errors import BadFile, NotYet, Refused
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import jobs, places
from sarana.ground.vault.actions import catch_up
from sarana.ground.vault.backups import make_backup, restore
from sarana.ground.vault.identities import scrubbing
from sarana.ground.vault.identities.actions import applying, erasing
from sarana.ground.vault.identities.actions.applying import apply_erased
from sarana.ground.vault.identities.actions.erasing import erase, hold, let_go
from sarana.ground.vault.identities.actions.sealing import open_tiers
from sarana.ground.vault.identities.actions.sharing import end_basis
from sarana.ground.vault.identities.models import Basis, Erased, Sealed, Shared, Subject
from sarana.ground.vault.identities.queries import get_subject
from sarana.methods.sealing.erased import (
    ERASED_KEY,
    is_of_erasing,
    join_erased,
    key_path,
    list_path,
    note_erased,
    read_erased,
)
from sarana.methods.sealing.identities import Tier
from sarana.methods.sealing.keybackups import bring_back, make_key_backup
from sarana.methods.sealing.store import KeyStore

pytestmark = pytest.mark.django_db

WHY = Erased.Reason.OWN_REQUEST


@pytest.mark.check("K-10")
def test_k_10_erasing_takes_everything_of_a_person_and_of_nobody_else(houses: TwoHouses) -> None:
    ref, other = somebody(houses), somebody(houses)
    let_read(houses, ref)
    erase(houses.supervisor, ref, reason=WHY)
    assert not Subject.objects.filter(ref=ref).exists()
    assert [model.objects.count() for model in (Sealed, Basis, Shared)] == [3, 0, 0]
    assert apply_erased(local()) == 0
    (line,) = read_erased(places.store()).lines
    assert Erased.objects.get().hash == line.hash
    assert str(ref) not in line.text()
    assert ref.hex not in line.text()
    assert {tier: each.values for tier, each in open_tiers(houses.worker, other, Tier).items()} == ALL
    assert apply_erased(local()) == 0
    with pytest.raises(Subject.DoesNotExist):
        erase(houses.supervisor, ref, reason=WHY)


@pytest.mark.check("K-10")
@pytest.mark.parametrize("looks", ["opening", "the operator"])
def test_k_10_whom_a_backup_brings_back_is_erased_before_anybody_is_opened(houses: TwoHouses, looks: str) -> None:
    """The database is as it was before she was erased; the list outside it tells that she was."""
    ref, other, store = somebody(houses), somebody(houses), places.store()
    note_erased(store, str(ref), at=houses.worker.now, reason=WHY, agency=str(houses.ours.ref))
    if looks == "opening":
        with pytest.raises(Subject.DoesNotExist):
            open_tiers(houses.worker, ref, Tier)
    else:
        assert apply_erased(local()) == 1
    assert not Sealed.objects.filter(subject__ref=ref).exists()
    assert Entry.objects.get(action="vault.identities-erased-again").n_things == 1
    assert Erased.objects.count() == 1
    assert set(open_tiers(houses.worker, other, Tier)) == set(ALL)


def test_rows_that_were_deleted_are_taken_out_of_postgresql_by_the_daily_work(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        assert not scrubbing.vacuum(), "SQLite overwrites what is deleted"
        return
    erase(houses.supervisor, somebody(houses), reason=WHY)
    before = vacuumed()
    monkeypatch.setattr(jobs, "_LOOKED", {})
    list(jobs.due(local()))
    assert all(now == was + 1 for now, was in zip(vacuumed(), before, strict=True))


def vacuumed() -> list[int]:
    """How often each of the tables of people was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT pg_stat_get_vacuum_count(oid) FROM pg_class WHERE relname = ANY(%s) ORDER BY relname",
            [list(scrubbing.TABLES)],
        )
        return [n for (n,) in cursor.fetchall()]


def as_before(subject: Subject) -> None:
    """The row and the table of lines are as an older backup has them; the list in the key folder is not."""
    apply_erased(local())  # the list is written as soon as a transaction stands, which a test's never does
    Erased.objects.all().delete()
    subject.save(update_fields=["held", "held_at", "review_on"])


def test_a_hold_that_was_set_or_ended_after_a_backup_is_so_again_after_its_restore(houses: TwoHouses) -> None:
    ref, other, day = somebody(houses), somebody(houses), houses.worker.today + dt.timedelta(30)
    free = Subject.objects.get(ref=ref)
    hold(houses.supervisor, other, reason=Subject.Held.LAW, review_on=day)
    hold(houses.supervisor, ref, reason=Subject.Held.COURT, review_on=day)
    later = replace(houses.supervisor, now=NOW + dt.timedelta(hours=1))
    hold(later, ref, reason=Subject.Held.COURT, review_on=day + dt.timedelta(9))
    held = Subject.objects.get(ref=ref)
    as_before(free)
    assert str(ref) not in list_path(places.store()).read_text()
    with pytest.raises(NotYet, match="VAULT-065"):
        erase(houses.supervisor, ref, reason=WHY)
    now = Subject.objects.get(ref=ref)
    assert (now.held, now.held_at, now.review_on) == ("court", later.now, day + dt.timedelta(9))
    assert [line.thing_ref for line in Entry.objects.filter(action="vault.identity-held-again")] == [ref]
    let_go(replace(later, now=later.now + dt.timedelta(hours=1)), ref)
    as_before(held)
    erase(houses.supervisor, ref, reason=WHY)
    with pytest.raises(NotYet, match="VAULT-065"):
        erase(houses.supervisor, other, reason=WHY)
    assert apply_erased(local()) == 0


def test_a_hold_stands_although_the_list_cannot_be_written(houses: TwoHouses) -> None:
    ref, day = somebody(houses), houses.worker.today + dt.timedelta(30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(erasing, "note", _cannot)
        hold(houses.supervisor, ref, reason=Subject.Held.COURT, review_on=day)
    assert Subject.objects.get(ref=ref).held == "court"
    assert not Erased.objects.exists()


def _cannot(*_args: object) -> None:
    raise BadFile("VAULT-008", "The key store cannot be written.")


def put_back(ref: Any, rows: list[Any]) -> None:
    """What a restore of single tables, or somebody with an old dump, puts back."""
    for row in rows:
        row.save(force_insert=True)
    assert Subject.objects.filter(ref=ref).exists()


def rows_of(ref: Any) -> list[Any]:
    subject = Subject.objects.get(ref=ref)
    of = {"basis__subject": subject}
    return [subject, *Sealed.objects.filter(subject=subject), *subject.bases.all(), *Shared.objects.filter(**of)]


def test_a_list_from_before_is_told_by_the_database_and_what_is_broken_is_mended_from_there(houses: TwoHouses) -> None:
    ref, store = somebody(houses), places.store()
    for _ in range(2):
        erase(houses.supervisor, somebody(houses), reason=WHY)
    apply_erased(local())
    path = list_path(store)
    whole = path.read_text()
    first, second = whole.splitlines(keepends=True)
    wrongs = (first, "", second + first, whole.replace("own-request", "order", 1), whole + "x\n", first + second[:50])
    for wrong in wrongs:
        path.write_text(wrong)
        assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL), "nobody else is locked out"
        assert set(path.read_text().splitlines()) == set(whole.splitlines())
    mended = Entry.objects.filter(action="vault.erased-list-mended")
    assert [row.n_things for row in mended] == [1, 1, 1]
    path.write_text(whole.replace("own-request", "order", 1))
    Erased.objects.filter(mark=first[:64]).delete()
    with pytest.raises(BadFile, match="VAULT-067"):
        open_tiers(houses.worker, ref, Tier)
    catch_up(local(), places.home())


def test_without_the_key_of_the_list_nobody_is_opened_or_erased_and_backups_go_on(houses: TwoHouses) -> None:
    ref, store = somebody(houses), places.store()
    erase(houses.supervisor, somebody(houses), reason=WHY)
    apply_erased(local())
    key = store.folder.parent / ERASED_KEY
    kept = key.read_bytes()
    for without in (b"", b"another key of thirty-two bytes!"):
        key.write_bytes(without) if without else key.unlink()
        for door in (lambda: erase(houses.supervisor, ref, reason=WHY), lambda: open_tiers(houses.worker, ref, Tier)):
            with pytest.raises(BadFile, match="VAULT-066"):
                door()
        catch_up(local(), places.home())
    key.write_bytes(kept)
    erase(houses.supervisor, ref, reason=WHY)
    apply_erased(local())
    assert len(read_erased(store).lines) == Erased.objects.count() == 2


def test_rows_that_nobody_proves_are_taken_out_and_reach_no_key_folder(houses: TwoHouses) -> None:
    ref = somebody(houses)
    erase(houses.supervisor, somebody(houses), reason=WHY)
    apply_erased(local())
    row = Erased.objects.get()
    for key in (row.key, "ffffffff"):
        Erased.objects.create(
            mark="a" * 64, at=row.at, reason=row.reason, agency_ref=row.agency_ref, key=key, hash="b" * 64
        )
        assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)
        assert [each.mark for each in Erased.objects.all()] == [row.mark]
        assert [line.mark for line in read_erased(places.store()).lines] == [row.mark]


def test_whose_rows_are_put_back_by_hand_is_read_by_nobody_and_erased_again_by_the_machine(houses: TwoHouses) -> None:
    ref = somebody(houses)
    let_read(houses, ref)
    rows = rows_of(ref)
    erase(houses.supervisor, ref, reason=WHY)
    apply_erased(local())
    for actor in (houses.worker, houses.police):
        put_back(ref, rows)
        with pytest.raises(Subject.DoesNotExist):
            get_subject(actor, ref)
        with pytest.raises(Subject.DoesNotExist):
            open_tiers(actor, ref, Tier)
        assert not Subject.objects.exists()
    lines = Entry.objects.filter(action="vault.identities-erased-again")
    assert {(line.actor_ref, line.owner_agency_ref, line.n_things) for line in lines} == {(NOBODY, houses.ours.ref, 1)}
    assert all(line.things_sealed for line in lines)


@pytest.mark.parametrize("how", ["a restore", "by hand"])
def test_what_was_taken_back_stays_so_whatever_comes_back(houses: TwoHouses, how: str) -> None:
    ref, other = somebody(houses), somebody(houses)
    basis = let_read(houses, ref)
    let_read(houses, other)
    rows = rows_of(ref)
    end_basis(houses.worker, basis.ref)
    apply_erased(local())
    Subject.objects.filter(ref=ref).delete()
    put_back(ref, rows)
    if how == "a restore":
        Erased.objects.all().delete()
        assert apply_erased(local()) == 0
        assert Shared.objects.count() == 1
    with pytest.raises(Subject.DoesNotExist):
        open_tiers(houses.police, ref, Tier)
    assert set(open_tiers(houses.police, other, Tier)) == {Tier.NAMES}
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)
    assert Entry.objects.get(action="vault.identity-unshared-again").thing_ref == ref


def test_two_lists_that_differ_meet_again_and_a_list_of_another_key_is_known_here(houses: TwoHouses) -> None:
    one, two, store = somebody(houses), somebody(houses), places.store()
    said = {"at": houses.worker.now, "reason": WHY, "agency": str(houses.ours.ref)}
    note_erased(store, str(one), **said)
    ours, key = list_path(store).read_text(), key_path(store).read_bytes()
    list_path(store).unlink()
    key_path(store).unlink()
    note_erased(store, str(two), **said)
    was, now = join_erased(store, ours.splitlines(), {ERASED_KEY: key})
    assert (len(was.lines), len(now.lines)) == (1, 2)
    assert apply_erased(local()) == 2
    assert not Subject.objects.exists()
    assert join_erased(store, ours.splitlines(), {ERASED_KEY: key})[1].lines == now.lines


def test_an_erasing_that_does_not_stand_erases_nobody_later(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = somebody(houses)

    def failing(*_args: Any, **_named: Any) -> None:
        raise NotYet("LEDGER-002", "The disk is full.", cure="Wait.")

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "record", failing)
        with pytest.raises(NotYet, match="LEDGER-002"):
            erase(houses.supervisor, ref, reason=WHY)
    with transaction.atomic():
        erase(houses.supervisor, ref, reason=WHY)
        transaction.set_rollback(True)
    assert apply_erased(local()) == 0
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)


def test_nothing_is_walked_through_where_nothing_is_to_be_done(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = [somebody(houses) for _ in range(7)]
    monkeypatch.setattr(applying, "LOOKED_AT", 3)
    monkeypatch.setattr(applying, "AT_ONCE", 2)
    for ref in refs[:5]:
        note_erased(places.store(), str(ref), at=NOW, reason=WHY, agency=str(houses.ours.ref))
    assert apply_erased(local()) == 5
    assert list(Subject.objects.order_by("id").values_list("ref", flat=True)) == refs[5:]
    again = Entry.objects.filter(action="vault.identities-erased-again").order_by("id")
    assert [row.n_things for row in again] == [2, 2, 1]
    monkeypatch.setattr(applying, "_marked", None)
    assert apply_erased(local()) == 0


def test_the_list_and_its_key_come_back_with_each_kind_of_backup(tmp_path: Path, settings: Any) -> None:
    """Erased on the 12th, keys backed up on the 13th, the machine lost: data of the 10th bring nobody back."""
    place = a_place(tmp_path, settings)
    store, keys = places.store(), places.unlocked()
    folder = store.folder.parent
    _early, _ = make_key_backup(folder, store, tmp_path / "early", now=NOW)
    assert key_path(store).is_file(), "no key is drawn that the backup before it lacks"
    lines = [note_erased(store, str(uuid4()), at=NOW, reason=WHY, agency=str(uuid4())) for _ in range(2)]
    late, _ = make_key_backup(folder, store, tmp_path / "late", now=NOW)
    made = make_backup(place.home, place.disk, keys.file, now=NOW, destroyed=places.destroyed())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = KeyStore(elsewhere / "vault")
    bring_back(late, elsewhere, other, lambda _file: keys, now=NOW)
    assert read_erased(other).lines == tuple(lines)
    for path in (list_path(store), key_path(store)):
        path.unlink()
    restore(Path(made.where), keys, place.home, now=NOW, store=store)
    assert read_erased(store).lines == tuple(lines)
    list_path(store).write_text("x" * 300)
    restore(Path(made.where), keys, place.home, now=NOW + dt.timedelta(seconds=1), store=store)
    assert read_erased(store).lines == tuple(lines), "no list keeps a backup from coming back"


def test_a_hold_keeps_a_person_until_it_ends(houses: TwoHouses) -> None:
    ref, review = somebody(houses), houses.worker.today + dt.timedelta(days=90)
    with pytest.raises(NotYet, match="VAULT-071"):
        hold(houses.supervisor, ref, reason=Subject.Held.COURT, review_on=houses.worker.today)
    hold(houses.custodian, ref, reason=Subject.Held.COURT, review_on=review)
    with pytest.raises(NotYet, match="VAULT-065"):
        erase(houses.supervisor, ref, reason=WHY)
    assert not any(is_of_erasing(line.reason) for line in read_erased(places.store()).lines)
    with pytest.raises(NotYet, match="VAULT-071"):
        hold(houses.custodian, ref, reason=Subject.Held.COURT, review_on=review + dt.timedelta(days=400))
    with pytest.raises(NotYet, match="VAULT-073"):
        hold(houses.supervisor, ref, reason=Subject.Held.COMPLAINT, review_on=review)
    for _ in range(2):
        let_go(houses.supervisor, ref)
    erase(houses.custodian, ref, reason=WHY)
    assert not Subject.objects.exists()
    said = Entry.objects.filter(action__startswith="vault.identity-").order_by("id").values_list("action", flat=True)
    assert list(said)[-3:] == ["vault.identity-held", "vault.identity-hold-ended", "vault.identity-erased"]


def test_only_supervisors_and_custodians_of_the_agency_hold_and_erase(houses: TwoHouses) -> None:
    ref = somebody(houses)
    with pytest.raises(Refused, match="VAULT-060"):
        erase(houses.worker, ref, reason=WHY)
    for actor in (houses.police, houses.outsider):
        with pytest.raises(Subject.DoesNotExist):
            erase(actor, ref, reason=WHY)
    assert Subject.objects.count() == 1
    assert read_erased(places.store()).lines == ()


@pytest.mark.check("K-09")
@pytest.mark.check("K-10")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="it has a file of SQLite of its own")
def test_100_people_are_erased_or_read_whatever_moment_a_process_is_killed_at(tmp_path: Path, counted: Counted) -> None:
    """Kills while keys are turned, people are erased and a backup from before comes back, on a file of SQLite."""
    kills = counted("kills of rotations and erasures", 100, least=5)
    told = told_by(
        Path(__file__).with_name("killed_while_turning.py"), tmp_path, kills, environment=of_its_own(tmp_path)
    )
    assert (told["kills"], told["unreadable"], told["erased and read"], told["back"]) == (kills, 0, 0, 0)
    assert told["erased"] > 0
    assert told["turned"] > 0
    assert told["saved meanwhile"] > 1
    assert told["marks in the log"] == 0
