"""Keys are turned while others work: whatever is cut, everybody is read; what is old is gone after its time."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from makers.agencies import local
from makers.identities import ALL, TwoHouses, let_read, somebody
from sarana.basics.errors import Refused
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import places
from sarana.ground.vault.identities import opening
from sarana.ground.vault.identities.actions import turning
from sarana.ground.vault.identities.actions.sealing import open_tiers, seal
from sarana.ground.vault.identities.actions.sharing import end_basis
from sarana.ground.vault.identities.actions.turning import rotate
from sarana.ground.vault.identities.models import Shared, Subject
from sarana.methods.sealing.agencies import AgencyKeys
from sarana.methods.sealing.identities import Place, Tier
from sarana.methods.sealing.store import rotate_store

pytestmark = pytest.mark.django_db


class Stopped(BaseException):
    """The machine stopped here."""


def epochs(houses: TwoHouses, agency: Any = None) -> list[int]:
    file = places.store().find_agency_file(str((agency or houses.ours).ref))
    assert file is not None
    return [epoch.number for epoch in file.epochs]


def n_sealing(houses: TwoHouses) -> int:
    """How many epochs may seal something yet."""
    file = places.store().find_agency_file(str(houses.ours.ref))
    assert file is not None
    return sum(epoch.retired_on is None for epoch in file.epochs)


@pytest.mark.check("K-09")
def test_k_09_a_rotation_that_is_cut_anywhere_leaves_everybody_read_and_goes_on(houses: TwoHouses) -> None:
    refs = [somebody(houses) for _ in range(7)]
    stops = 0
    for nth in range(1, 30):
        with pytest.MonkeyPatch.context() as patch:
            _stop_at(patch, nth)
            try:
                rotate(houses.custodian, agency=houses.ours.ref, batch=3)
            except Stopped:
                stops += 1
            else:
                break
        assert all(len(open_tiers(houses.worker, ref, Tier)) == 3 for ref in refs)
        assert n_sealing(houses) <= 2, "what was begun is gone on with, never begun again beside"
    assert stops > 4
    assert n_sealing(houses) == 1
    assert set(Subject.objects.values_list("epoch", flat=True)) == {epochs(houses)[-1]}
    assert Entry.objects.filter(action="vault.agency-keys-turned").exists()
    assert epochs(houses)[0] == 1, "a backup of these days still opens"


def _stop_at(patch: pytest.MonkeyPatch, nth: int) -> None:
    """Stop before the nth of the steps that write: an exchange of rows, or a file of keys."""
    calls: list[int] = []

    def counting(call: Any) -> Any:
        def counted(*args: Any, **kwargs: Any) -> Any:
            calls.append(1)
            if len(calls) == nth:
                raise Stopped
            done = call(*args, **kwargs)
            calls.append(1)
            if len(calls) == nth:
                raise Stopped
            return done

        return counted

    patch.setattr(turning, "_exchange", counting(turning._exchange))
    store = type(places.store())
    patch.setattr(store, "keep_agency_file", counting(store.keep_agency_file))


def test_what_was_given_is_turned_by_whom_it_was_given_to_and_ends_all_the_same(houses: TwoHouses) -> None:
    ref = somebody(houses)
    basis = let_read(houses, ref)
    custodian = replace(houses.custodian, grants=(replace(houses.custodian.grants[0], agency_ref=houses.theirs.ref),))
    for form in (Shared.Form.OWN, Shared.Form.OWN):
        assert rotate(custodian, agency=houses.theirs.ref) == 1
        given = Shared.objects.get()
        assert (given.form, given.epoch) == (form, epochs(houses, houses.theirs)[-1])
        assert set(open_tiers(houses.police, ref, Tier)) == {Tier.NAMES}
    end_basis(houses.worker, basis.ref)
    with pytest.raises(Subject.DoesNotExist):
        open_tiers(houses.police, ref, Tier)


def test_whoever_saves_while_keys_are_turned_is_not_overwritten(houses: TwoHouses) -> None:
    ref = somebody(houses)

    def saving(*args: Any) -> int:
        seal(houses.worker, ref, {Tier.STORY: {"text": "meanwhile"}}, versions={Tier.STORY: 1})
        return exchange(*args)

    exchange = turning._exchange
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turning, "_exchange", lambda *args: (patch.undo(), saving(*args))[1])
        rotate(houses.custodian, agency=houses.ours.ref)
    assert open_tiers(houses.worker, ref, Tier)[Tier.STORY].values == {"text": "meanwhile"}
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)


def test_only_the_custodian_of_an_agency_and_the_operator_turn_its_keys(houses: TwoHouses) -> None:
    for actor in (houses.worker, houses.supervisor, houses.police):
        with pytest.raises(Refused, match="VAULT-060"):
            rotate(actor, agency=houses.ours.ref)
    with pytest.raises(Refused, match="VAULT-060"):
        rotate(houses.custodian, agency=houses.theirs.ref)
    ref = somebody(houses)
    assert rotate(local(), agency=houses.ours.ref) == 1
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)


def test_new_keys_of_the_installation_open_those_of_agencies(houses: TwoHouses) -> None:
    ref = somebody(houses)
    rotate_store(places.store(), places.unlocked(), today=houses.worker.today)
    assert isinstance(opening.OPENS, opening.Embedded)
    opening.OPENS.opened.clear()
    assert set(open_tiers(houses.worker, ref, Tier)) == set(ALL)


def test_others_save_while_a_batch_is_opened_and_sealed(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the exchange of rows is a transaction: a slow machine keeps nobody waiting while it seals."""
    let_read(houses, somebody(houses))
    theirs = replace(houses.custodian, grants=(replace(houses.custodian.grants[0], agency_ref=houses.theirs.ref),))
    outside, depths = len(connection.savepoint_ids), list[int]()
    seal_own = AgencyKeys.seal_own

    def sealing(self: AgencyKeys, data: bytes, place: Place) -> bytes:
        depths.append(len(connection.savepoint_ids))
        return seal_own(self, data, place)

    monkeypatch.setattr(AgencyKeys, "seal_own", sealing)
    assert rotate(houses.custodian, agency=houses.ours.ref) == 1
    assert rotate(theirs, agency=houses.theirs.ref) == 1
    assert depths == [outside, outside]
