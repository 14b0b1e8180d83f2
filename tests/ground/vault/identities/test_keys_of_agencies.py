"""No key goes that anything needs, none is made where one was lost, and none stays open without what opens it."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ground.vault.identities.test_erasing import put_back, rows_of
from makers.agencies import local
from makers.identities import ALL, TwoHouses, let_read, somebody
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.ledger.actions import record
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import jobs, places
from sarana.ground.vault.identities import queries
from sarana.ground.vault.identities.actions import turning
from sarana.ground.vault.identities.actions.applying import apply_erased
from sarana.ground.vault.identities.actions.destroying import destroy_over
from sarana.ground.vault.identities.actions.erasing import erase
from sarana.ground.vault.identities.actions.sealing import begin, open_tiers, seal
from sarana.ground.vault.identities.actions.turning import rotate
from sarana.ground.vault.identities.models import Erased, Subject
from sarana.ground.vault.waiting import has_old_keys
from sarana.ground.walls import postgres
from sarana.methods.sealing.erased import list_path
from sarana.methods.sealing.identities import Tier
from sarana.methods.sealing.keybackups import bring_back, make_key_backup

pytestmark = pytest.mark.django_db


def key_file(houses: TwoHouses) -> Path:
    return places.store().folder / "agencies" / f"{houses.ours.ref}.json"


def epochs(houses: TwoHouses) -> dict[int, dt.date | None]:
    """The epochs of our agency, and since when they seal nothing."""
    file = places.store().find_agency_file(str(houses.ours.ref))
    assert file is not None
    return {epoch.number: epoch.retired_on for epoch in file.epochs}


def after(actor: Actor, days: int) -> Actor:
    """The same some days later."""
    return replace(actor, now=actor.now + dt.timedelta(days=days))


def work_goes_on(actor: Actor, days: int) -> None:
    """Something is written down every fifth day."""
    for day in range(5, days + 1, 5):
        record(after(actor, day), "vault.agency-keys-turned")


def brought_back(backup: Path) -> int:
    keys = places.store().folder.parent
    now = dt.datetime.now(dt.UTC)
    return bring_back(backup, keys, places.store(), lambda _file: places.unlocked(), now=now).n_agencies


def key_backup(folder: Path) -> Path:
    return make_key_backup(places.store().folder.parent, places.store(), folder, now=dt.datetime.now(dt.UTC))[0]


def test_turning_sees_every_row_whoever_stands_there(houses: TwoHouses) -> None:
    refs = [somebody(houses) for _ in range(3)]
    with postgres.standing():
        assert rotate(houses.custodian, agency=houses.ours.ref) == 3
        assert rotate(local(houses.custodian.now), agency=houses.ours.ref) == 3
    assert all(open_tiers(houses.worker, ref, Tier) for ref in refs)


def test_keys_go_35_days_after_they_were_turned_by_the_daily_work_and_not_by_turning(houses: TwoHouses) -> None:
    ref = somebody(houses)
    rotate(houses.custodian, agency=houses.ours.ref)
    work_goes_on(houses.custodian, 40)
    list(jobs.due(local(after(houses.custodian, 35).now)))
    assert set(epochs(houses)) == {1, 2}, "a backup of keys of that day is still good"
    rotate(after(houses.custodian, 36), agency=houses.ours.ref)
    assert set(epochs(houses)) == {1, 2, 3}
    list(jobs.due(local(after(houses.custodian, 36).now)))
    assert set(epochs(houses)) == {2, 3}
    assert Entry.objects.get(action="vault.agency-keys-destroyed").n_things == 1
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)


@pytest.mark.check("K-10")
def test_k_10_who_was_erased_opens_from_no_older_backup_36_days_after_the_keys_were_turned(
    houses: TwoHouses, tmp_path: Path
) -> None:
    """Whoever has an older backup and leaves the list of who was erased away: today's keys open her until they go."""
    ref, other = somebody(houses), somebody(houses)
    rows, backup = rows_of(ref), key_backup(tmp_path / "kept")
    erase(houses.supervisor, ref, reason=Erased.Reason.OWN_REQUEST)
    apply_erased(local())
    assert queries.erased_since_turned(houses.ours.ref, houses.worker.now) == [houses.worker.today]
    _as_an_older_backup_has_it(ref, rows)
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL), "which is why keys are turned after an erasing"
    Subject.objects.filter(ref=ref).delete()
    rotate(after(houses.custodian, 1), agency=houses.ours.ref)
    assert queries.erased_since_turned(houses.ours.ref, after(houses.worker, 1).now) == []
    work_goes_on(houses.custodian, 40)
    list(jobs.due(local(after(houses.custodian, 38).now)))
    _as_an_older_backup_has_it(ref, rows)
    with pytest.raises(Refused, match="VAULT-001"):
        open_tiers(after(houses.worker, 38), ref, Tier)
    with pytest.raises(Refused, match="VAULT-050"):
        bring_back(backup, tmp_path, places.store(), lambda _file: places.unlocked(),
                   now=dt.datetime.now(dt.UTC) + dt.timedelta(days=36))  # fmt: skip
    assert set(open_tiers(after(houses.worker, 38), other, Tier)) == set(ALL)


def _as_an_older_backup_has_it(ref: Any, rows: list[Any]) -> None:
    """Her rows are there, and nobody says that she was erased."""
    Erased.objects.all().delete()
    list_path(places.store()).unlink(missing_ok=True)
    put_back(ref, rows)


def test_keys_that_a_row_needs_are_not_destroyed(houses: TwoHouses) -> None:
    ref = somebody(houses)
    before = Subject.objects.get()
    rotate(houses.custodian, agency=houses.ours.ref)
    Subject.objects.filter(ref=ref).update(epoch=before.epoch, own_key=before.own_key)
    work_goes_on(houses.custodian, 40)
    with postgres.standing():
        assert destroy_over(after(houses.custodian, 40), houses.ours.ref) == 0
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)
    assert not Entry.objects.filter(action="vault.agency-keys-destroyed").exists()


def test_a_clock_that_jumps_ahead_destroys_nothing(houses: TwoHouses) -> None:
    somebody(houses)
    rotate(houses.custodian, agency=houses.ours.ref)
    jumped = after(houses.custodian, 400)
    record(jumped, "vault.agency-keys-turned")
    assert destroy_over(jumped, houses.ours.ref) == 0
    rotate(jumped, agency=houses.ours.ref)
    assert set(epochs(houses)) == {1, 2, 3}


@pytest.mark.check("K-09")
@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_jumps_while_keys_are_turned_loses_nobody_and_keeps_no_key_for_years(
    houses: TwoHouses, years: int
) -> None:
    """Cut after the first rows, gone on with ten years off, and once more when the clock is right again."""
    refs = [somebody(houses) for _ in range(7)]
    exchange, cuts = turning._exchange, list[int]()

    def cut_once(*args: Any) -> int:
        cuts.append(exchange(*args))
        raise InterruptedError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turning, "_exchange", cut_once)
        with pytest.raises(InterruptedError):
            rotate(houses.custodian, agency=houses.ours.ref, batch=3)
    assert cuts == [3]
    jumped = after(houses.custodian, 365 * years)
    rotate(jumped, agency=houses.ours.ref, batch=3)
    for actor in (houses.worker, after(houses.worker, 365 * years)):
        assert all(set(open_tiers(actor, ref, Tier)) == set(ALL) for ref in refs)
    list(jobs.due(local(after(houses.custodian, 2).now)))
    assert 1 in epochs(houses), "a backup of these days still opens"
    if years > 0:
        assert has_old_keys(houses.custodian), "keys of a day that has not come are to be changed"
    rotate(after(houses.custodian, 3), agency=houses.ours.ref)
    assert not has_old_keys(after(houses.custodian, 3))
    work_goes_on(houses.custodian, 45)
    list(jobs.due(local(after(houses.custodian, 40).now)))
    assert len(epochs(houses)) == 1, "and what is old goes after its time by the clock that is right"
    assert all(set(open_tiers(after(houses.worker, 40), ref, Tier)) == set(ALL) for ref in refs)


def test_keys_that_were_lost_are_not_made_anew_and_come_back_from_their_backup(
    houses: TwoHouses, tmp_path: Path
) -> None:
    ref, backup = somebody(houses), key_backup(tmp_path / "kept")
    whole = key_file(houses).read_bytes()
    key_file(houses).unlink()
    with pytest.raises(NotYet, match="VAULT-080"):
        open_tiers(houses.worker, ref, Tier)
    with pytest.raises(NotYet, match="VAULT-080"):
        begin(houses.worker, agency=houses.ours.ref, values=ALL)
    assert not key_file(houses).exists()
    assert brought_back(backup) == 1
    assert key_file(houses).read_bytes() == whole
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)


def test_older_keys_that_were_brought_back_seal_nothing_and_are_filled_up_from_a_newer_backup(
    houses: TwoHouses, tmp_path: Path
) -> None:
    ref = somebody(houses)
    older = key_file(houses).read_bytes()
    rotate(houses.custodian, agency=houses.ours.ref)
    backup = key_backup(tmp_path / "kept")
    key_file(houses).write_bytes(older)
    for act in (
        lambda: rotate(houses.custodian, agency=houses.ours.ref),
        lambda: begin(houses.worker, agency=houses.ours.ref, values=ALL),
    ):
        with pytest.raises(NotYet, match=r"VAULT-081.*epoch 1 is here, 2 is missing"):
            act()
    assert set(epochs(houses)) == {1}
    assert brought_back(backup) == 1
    assert brought_back(backup) == 0
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)
    assert set(epochs(houses)) == {1, 2}
    rotate(houses.custodian, agency=houses.ours.ref)
    assert Subject.objects.get().epoch == max(epochs(houses))


def test_a_row_that_does_not_open_is_told_and_holds_back_only_the_keys_it_needs(houses: TwoHouses) -> None:
    refs = [somebody(houses) for _ in range(3)]
    let_read(houses, refs[2])
    bad = Subject.objects.get(ref=refs[1])
    Subject.objects.filter(pk=bad.pk).update(own_key=bytes(bad.own_key)[:-1] + b"x")
    for _ in range(2):
        with pytest.raises(NotYet, match=r"VAULT-082 [-0-9a-f]+: 1: Some keys"):
            rotate(houses.custodian, agency=houses.ours.ref, batch=1)
        assert list(epochs(houses).values()) == [None, None], "what it needs stays, and no turn is begun beside"
    assert sorted(Subject.objects.values_list("epoch", flat=True)) == [1, 2, 2]
    line = Entry.objects.filter(action="vault.agency-keys-turned").latest("id")
    assert (line.result, line.code) == (Entry.Result.FAILED, "VAULT-082")
    assert line.things_sealed is not None
    erase(houses.supervisor, refs[1], reason=Erased.Reason.MISTAKE)
    rotate(houses.custodian, agency=houses.ours.ref)
    assert epochs(houses) == {1: houses.custodian.today, 2: None}
    assert all(open_tiers(houses.worker, ref, Tier) for ref in (refs[0], refs[2]))


def test_a_colleague_who_saves_or_erases_meanwhile_raises_no_alarm(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref, reads = somebody(houses), queries.sealed_of

    def between(act: Any) -> None:
        def acted(*args: Any) -> Any:
            monkeypatch.setattr(queries, "sealed_of", reads)
            act()
            return reads(*args)

        monkeypatch.setattr(queries, "sealed_of", acted)

    between(lambda: seal(houses.worker, ref, {Tier.STORY: {"text": "newer"}}, versions={Tier.STORY: 1}))
    assert open_tiers(houses.worker, ref, Tier)[Tier.STORY].values == {"text": "newer"}
    between(lambda: erase(houses.supervisor, ref, reason=Erased.Reason.MISTAKE))
    with pytest.raises(Subject.DoesNotExist):
        open_tiers(houses.worker, ref, Tier)
    ref = somebody(houses)
    Subject.objects.get(ref=ref).sealed.filter(tier=Tier.NAMES).update(version=9)
    with pytest.raises(Refused, match="VAULT-001"):
        open_tiers(houses.worker, ref, Tier)


@pytest.mark.parametrize("which", ["key file", "keyset"])
def test_nothing_opens_once_what_opens_it_was_taken_away(houses: TwoHouses, settings: Any, which: str) -> None:
    ref = somebody(houses)
    assert open_tiers(houses.worker, ref, Tier)
    path = Path(settings.SARANA_KEYFILE) if which == "key file" else places.store().folder / "keyset.json"
    away = path.rename(path.with_name("away"))
    with pytest.raises(NotYet, match="VAULT-031" if which == "key file" else "VAULT-002"):
        open_tiers(houses.worker, ref, Tier)
    away.rename(path)
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)


def test_a_number_of_keys_is_never_used_again_whatever_was_brought_back(houses: TwoHouses) -> None:
    """Keys and rows of epoch 2 are lost, and those of 1 come back: what is sealed next is never taken for them."""
    ref = somebody(houses)
    older = key_file(houses).read_bytes()
    rotate(houses.custodian, agency=houses.ours.ref)
    erase(houses.supervisor, ref, reason=Erased.Reason.KEPT)
    key_file(houses).write_bytes(older)
    other = somebody(houses)
    rotate(houses.custodian, agency=houses.ours.ref)
    assert set(epochs(houses)) == {1, 3}
    assert set(open_tiers(houses.worker, other, Tier)) == set(ALL)
    erase(houses.supervisor, other, reason=Erased.Reason.KEPT)
    key_file(houses).unlink()
    somebody(houses)
    assert set(epochs(houses)) == {4}


def test_first_keys_that_were_lost_before_anybody_is_left_do_not_lend_their_number(houses: TwoHouses) -> None:
    erase(houses.supervisor, somebody(houses), reason=Erased.Reason.KEPT)
    assert set(epochs(houses)) == {1}
    key_file(houses).unlink()
    somebody(houses)
    assert set(epochs(houses)) == {2}
