"""The chain: sealed in order, found whole where it is whole, and only ever added to."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from makers.ledger import NOW, a_sealed_ledger, by_hand, checked, lifted, some_acts, somebody
from sarana.basics.errors import NotYet, Refused
from sarana.ground.ledger import actions, anchors, keys, rows, sealing, verifying, writing
from sarana.ground.ledger.findings import Kind
from sarana.ground.ledger.models import Entry, Seal, Waiting

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=2)


def kinds(verdict: object) -> set[str]:
    """The kinds of what was found."""
    return {finding.kind.value for finding in verdict.findings}  # type: ignore[attr-defined]


def test_what_was_written_waits_and_is_sealed_once(key_folder: Path) -> None:
    some_acts(3)
    assert Waiting.objects.count() == 3
    assert sealing.seal_all(NOW) == 3
    assert sealing.seal_all(NOW) == 0
    assert (Waiting.objects.count(), Seal.objects.get().n_entries) == (0, 3)


def test_a_whole_ledger_is_found_whole(key_folder: Path) -> None:
    a_sealed_ledger(4, 1, 7)
    verdict = checked(key_folder, now=LATER)
    assert (verdict.findings, verdict.n_entries, verdict.n_seals, verdict.n_unsealed) == ([], 12, 3, 0)
    assert verdict.head == anchors.head()
    assert verdict.remarks == []


def test_an_entry_reads_back_as_it_was_signed(key_folder: Path) -> None:
    written = [
        actions.record(somebody(now=NOW + dt.timedelta(microseconds=micros)), "ledger.opened", thing_refs=refs)
        for micros, refs in ((0, ()), (7, (somebody().account_ref,)))
    ]
    assert [writing.row_of(entry) for entry in written] == list(rows.entries([entry.id for entry in written]))
    assert all(writing.is_ours(entry) for entry in Entry.objects.all())


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_seal"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_or_delete(key_folder: Path, table: str, act: str) -> None:
    if "TRUNCATE" in act and connection.vendor == "sqlite":
        act = "DELETE FROM {} WHERE true"
    a_sealed_ledger(2)
    change = "action = ''" if table == "ledger_entry" else "n_entries = 1"
    with pytest.raises(DatabaseError, match="LEDGER-003"), transaction.atomic():
        by_hand(act.format(table, change))
    assert checked(key_folder, now=LATER).is_whole


def test_the_database_refuses_to_put_an_entry_in_the_place_of_another(key_folder: Path) -> None:
    some_acts(1)
    (row,) = Entry.objects.values()
    columns = ", ".join(row)
    words = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with pytest.raises(DatabaseError), transaction.atomic():
        by_hand(f"{words} INTO ledger_entry ({columns}) SELECT {columns} FROM ledger_entry")
    assert Entry.objects.count() == 1


def test_lifted_triggers_stand_again_afterwards(key_folder: Path) -> None:
    some_acts(2)
    with lifted():
        assert by_hand("DELETE FROM ledger_entry WHERE id = (SELECT max(id) FROM ledger_entry)") == 1
    with pytest.raises(DatabaseError, match="LEDGER-003"), transaction.atomic():
        by_hand("DELETE FROM ledger_entry")


def test_an_entry_that_goes_before_it_was_sealed_is_known(key_folder: Path) -> None:
    some_acts(2)
    with lifted():
        by_hand("DELETE FROM ledger_entry WHERE id = (SELECT max(id) FROM ledger_entry)")
    assert sealing.seal_all(NOW) == 2
    assert kinds(checked(key_folder)) == {Kind.ENTRY_NOT_OURS}


def test_a_row_that_somebody_else_wrote_is_sealed_as_such(key_folder: Path) -> None:
    some_acts(1)
    (row,) = Entry.objects.values()
    Entry(**{**row, "id": None, "ref": somebody().account_ref}).save(force_insert=True)
    tail = checked(key_folder)
    sealing.seal_all(NOW)
    assert kinds(tail) == kinds(checked(key_folder, now=LATER)) == {Kind.ENTRY_NOT_OURS}


def test_the_tail_is_named_and_is_a_finding_after_a_minute(key_folder: Path) -> None:
    a_sealed_ledger(2)
    some_acts(3, now=NOW + dt.timedelta(hours=2))
    at_once = checked(key_folder, now=NOW + dt.timedelta(hours=2, seconds=50))
    late = checked(key_folder, now=NOW + dt.timedelta(hours=2, seconds=70))
    assert (at_once.n_unsealed, at_once.unsealed_since) == (3, "2026-11-29 11:00:00.000000Z")
    assert (at_once.is_whole, kinds(late)) == (True, {Kind.UNSEALED})


def test_a_clock_set_back_is_told_and_breaks_nothing(key_folder: Path) -> None:
    a_sealed_ledger(2)
    a_sealed_ledger(2, now=NOW - dt.timedelta(days=365))
    a_sealed_ledger(1, now=NOW + dt.timedelta(days=1))
    verdict = checked(key_folder, now=LATER)
    assert verdict.is_whole
    assert len(verdict.remarks) == 2
    assert "2 entries tell a time more than an hour before" in verdict.remarks[1]
    assert list(Seal.objects.order_by("number").values_list("n_entries", flat=True)) == [2, 2, 1]


def test_each_seal_has_a_key_of_its_own_and_the_old_one_is_gone(key_folder: Path) -> None:
    first = keys.read_seal_key(key_folder)
    a_sealed_ledger(1, 1)
    now = keys.read_seal_key(key_folder)
    assert (first.number, now.number) == (1, 3)
    assert now == first.at(3)
    assert first.key.hex() not in (key_folder / keys.SEAL_KEY).read_text()
    with pytest.raises(ValueError, match="1"):
        now.at(1)


def test_a_stop_between_seal_and_key_is_mended_by_the_next_seal(
    key_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_args: object) -> None:
        raise KeyboardInterrupt

    some_acts(1)
    with monkeypatch.context() as patch:
        patch.setattr(keys, "write_seal_key", stop)
        with pytest.raises(KeyboardInterrupt):
            sealing.seal_all(NOW)
    assert (Seal.objects.count(), keys.read_seal_key(key_folder).number) == (1, 1)
    assert checked(key_folder).is_whole
    a_sealed_ledger(2, now=NOW + dt.timedelta(hours=1))
    assert keys.read_seal_key(key_folder).number == 3
    assert checked(key_folder, now=LATER).is_whole


def test_an_old_copy_of_the_key_is_taken_forward(key_folder: Path) -> None:
    old = (key_folder / keys.SEAL_KEY).read_bytes()
    a_sealed_ledger(1, 1)
    (key_folder / keys.SEAL_KEY).write_bytes(old)
    assert kinds(checked(key_folder, now=LATER)) == {Kind.KEY_IS_OLD}
    a_sealed_ledger(1, now=NOW + dt.timedelta(hours=5))
    assert checked(key_folder, now=LATER).is_whole


def test_nothing_is_sealed_with_the_key_of_another_ledger(key_folder: Path) -> None:
    a_sealed_ledger(1, 1)
    for name in (keys.SEAL_KEY, keys.FIRST_KEY):
        (key_folder / name).unlink()
    keys.make_seal_keys(key_folder)
    some_acts(1)
    with pytest.raises(NotYet, match="LEDGER-006"):
        sealing.seal_all(NOW)


def test_nothing_is_sealed_after_seals_were_cut_off(key_folder: Path) -> None:
    a_sealed_ledger(1, 1)
    with lifted():
        by_hand("DELETE FROM ledger_seal WHERE number = 2")
    some_acts(1)
    with pytest.raises(NotYet, match="LEDGER-006"):
        sealing.seal_all(NOW)
    assert Kind.CUT_SHORT in kinds(checked(key_folder, now=LATER))


def test_a_missing_sealing_key_is_made_again_from_the_first_one(key_folder: Path) -> None:
    a_sealed_ledger(1, 1)
    (key_folder / keys.SEAL_KEY).write_text("{}")
    some_acts(1)
    with pytest.raises(NotYet, match="LEDGER-004"):
        sealing.seal_all(NOW)
    (key_folder / keys.SEAL_KEY).unlink()
    assert keys.make_seal_keys(key_folder) == [keys.SEAL_KEY]
    assert sealing.seal_all(NOW + dt.timedelta(days=1)) == 1
    assert checked(key_folder, now=LATER).is_whole


def test_only_one_sealer_is_at_work(key_folder: Path) -> None:
    some_acts(1)
    with keys.alone(key_folder) as is_alone:
        assert is_alone
        assert sealing.seal_all(NOW) == 0
    assert sealing.seal_all(NOW) == 1


def test_what_cannot_be_written_down_is_not_done(key_folder: Path) -> None:
    with lifted():
        by_hand("ALTER TABLE ledger_waiting RENAME TO ledger_away")
        by_hand("ALTER TABLE ledger_entry RENAME TO ledger_entry_away")
        with pytest.raises(NotYet, match="LEDGER-002"), transaction.atomic():
            actions.record(somebody(), "ledger.opened")
        by_hand("ALTER TABLE ledger_entry_away RENAME TO ledger_entry")
        by_hand("ALTER TABLE ledger_away RENAME TO ledger_waiting")


def test_a_refusal_and_a_failure_are_written_down_with_their_codes(key_folder: Path) -> None:
    actions.record_ended_badly(somebody(), Refused("ACCOUNTS-004", "Not you."), thing_kind="desk:invite")
    actions.record_ended_badly(somebody(), ValueError("a name that must not be kept"))
    kept = list(Entry.objects.order_by("id").values_list("action", "result", "code"))
    assert kept == [("ledger.refused", "refused", "ACCOUNTS-004"), ("ledger.failed", "failed", "COMMAND-001")]


def test_a_head_that_was_kept_tells_of_a_ledger_that_was_begun_anew(key_folder: Path, tmp_path: Path) -> None:
    a_sealed_ledger(2, 2)
    assert anchors.keep_daily(NOW) is not None
    assert anchors.keep_daily(NOW) is None
    heads = anchors.kept_heads(tmp_path)
    assert checked(key_folder, heads=heads, now=LATER).is_whole
    with lifted():
        by_hand("DELETE FROM ledger_seal")
        by_hand("DELETE FROM ledger_entry")
    for name in (keys.SEAL_KEY, keys.FIRST_KEY):
        (key_folder / name).unlink()
    keys.make_seal_keys(key_folder)
    a_sealed_ledger(2, 2, 1)
    assert kinds(checked(key_folder, now=LATER)) == set()
    assert kinds(checked(key_folder, heads=heads, now=LATER)) == {Kind.HEAD_DIFFERS}


def test_after_a_known_loss_sealing_goes_on_and_the_gap_stays_visible(key_folder: Path) -> None:
    a_sealed_ledger(1, 1, 1)
    with lifted():
        by_hand("DELETE FROM ledger_seal WHERE number > 1")
        by_hand("DELETE FROM ledger_entry WHERE id > (SELECT min(id) FROM ledger_entry)")
    some_acts(1)
    assert sealing.seal_all(LATER, after_loss=True) == 1
    assert [(each.kind, each.seal) for each in checked(key_folder, now=LATER).findings] == [(Kind.SEAL_MISSING, 4)]


def test_a_new_key_begins_after_the_last_seal_and_both_keys_together_prove_all(key_folder: Path) -> None:
    a_sealed_ledger(1, 1)
    old = keys.read_first_key(key_folder / keys.FIRST_KEY)
    for name in (keys.SEAL_KEY, keys.FIRST_KEY):
        (key_folder / name).unlink()
    keys.make_seal_keys(key_folder)
    some_acts(1)
    assert sealing.seal_all(LATER, after_loss=True) == 1
    a_sealed_ledger(1, now=LATER)
    new = keys.read_first_key(key_folder / keys.FIRST_KEY)
    assert new.number == 3
    both, only_old, only_new = (
        verifying.verify(verifying.Means(first_keys=first, keys=key_folder), now=LATER)
        for first in ([old, new], [old], [new])
    )
    assert (both.is_whole, kinds(only_old)) == (True, {Kind.SEAL_FORGED})
    assert only_new.is_whole
    assert "Without the verification key" in only_new.unproved[0]


def test_the_sealer_tells_of_trouble_and_goes_on(
    key_folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> int:
        raise ZeroDivisionError("a name that must not be in a log")

    monkeypatch.setattr(connection, "close", lambda: None)
    some_acts(1)
    away = (key_folder / keys.SEAL_KEY).rename(key_folder / "away")
    assert sealing._seal_once() == sealing.AFTER_TROUBLE_SECONDS
    away.rename(key_folder / keys.SEAL_KEY)
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "seal_all", broken)
        assert sealing._seal_once() == sealing.AFTER_TROUBLE_SECONDS
    assert sealing._seal_once() == sealing.EVERY_SECONDS < 5
    assert [line.split()[0] for line in caplog.messages] == ["LEDGER-004", "LEDGER-007"]
    assert "must not" not in caplog.text
    assert (Waiting.objects.count(), Seal.objects.count()) == (0, 1)
    assert len(anchors.kept_heads(key_folder.parent)) == 1
