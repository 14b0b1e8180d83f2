"""Another agency reads what is so today while a basis lives, and nothing that is sealed after it ended."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from makers.agencies import an_agency
from makers.identities import ALL, TwoHouses, let_read, somebody, terms
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities import opening
from sarana.ground.vault.identities.actions.erasing import erase
from sarana.ground.vault.identities.actions.sealing import open_tiers, seal
from sarana.ground.vault.identities.actions.sharing import Terms, end_basis, share
from sarana.ground.vault.identities.models import Basis, Erased, Sealed, Shared, Subject
from sarana.ground.vault.identities.places_of import place_of_given, place_of_tier
from sarana.ground.walls import postgres
from sarana.methods.sealing.identities import Tier, open_padded

pytestmark = pytest.mark.django_db


def given_key(houses: TwoHouses, ref: UUID) -> bytes:
    """What police kept of the key that it was given."""
    given = Shared.objects.select_related("basis").get(tier=Tier.CONTACT)
    keys = opening.OPENS.keys(houses.theirs.ref, today=houses.police.today)
    place = place_of_given(ref, given.basis, Tier.CONTACT, given.version)
    return keys.open_given(bytes(given.sealed), given.epoch, place)


def saved(houses: TwoHouses, ref: UUID, version: int, where: str) -> None:
    seal(houses.worker, ref, {Tier.CONTACT: {"where": where}}, versions={Tier.CONTACT: version})


@pytest.mark.check("A-12")
def test_a_key_from_before_opens_nothing_that_is_sealed_after_a_basis_ended(houses: TwoHouses) -> None:
    ref = somebody(houses)
    basis = let_read(houses, ref, Tier.CONTACT)
    kept = given_key(houses, ref)
    row = Sealed.objects.get(tier=Tier.CONTACT)
    assert open_padded(bytes(row.sealed), kept, place_of_tier(ref, houses.ours.ref, Tier.CONTACT, 1))
    end_basis(houses.worker, basis.ref)
    saved(houses, ref, 1, "where she fled to")
    row = Sealed.objects.get(tier=Tier.CONTACT)
    with pytest.raises(Refused, match="VAULT-001"):
        open_padded(bytes(row.sealed), kept, place_of_tier(ref, houses.ours.ref, Tier.CONTACT, 2))
    assert not Shared.objects.exists()


@pytest.mark.parametrize("how", ["put back", "taken away"])
def test_an_earlier_tier_is_shown_to_another_agency_as_little_as_to_one_s_own(houses: TwoHouses, how: str) -> None:
    ref = somebody(houses)
    let_read(houses, ref, Tier.CONTACT, Tier.STORY)
    before = Sealed.objects.get(tier=Tier.CONTACT)
    saved(houses, ref, 1, "safe now")
    assert open_tiers(houses.police, ref, Tier)[Tier.CONTACT].values == {"where": "safe now"}
    if how == "put back":
        Sealed.objects.filter(pk=before.pk).update(version=1, sealed=bytes(before.sealed))
        subject = Subject.objects.get()
        Subject.objects.update(versions={**subject.versions, "contact": 1})
    else:
        Sealed.objects.filter(pk=before.pk).delete()
    for actor in (houses.worker, houses.police):
        with pytest.raises(Refused, match="VAULT-001"):
            open_tiers(actor, ref, Tier)


def test_a_tier_that_is_sealed_later_is_read_by_whom_a_basis_lets_read_it(houses: TwoHouses) -> None:
    ref = somebody(houses, {Tier.NAMES: ALL[Tier.NAMES]})
    let_read(houses, ref, Tier.NAMES, Tier.CONTACT)
    assert set(open_tiers(houses.police, ref, Tier)) == {Tier.NAMES}
    saved(houses, ref, 0, "here")
    assert set(open_tiers(houses.police, ref, Tier)) == {Tier.NAMES, Tier.CONTACT}


def test_nobody_is_let_read_on_terms_without_measure(houses: TwoHouses) -> None:
    ref, good = somebody(houses), terms(houses)
    closed = an_agency("Closed")
    Agency.objects.filter(pk=closed.pk).update(closed_on=houses.worker.today)
    far = houses.worker.today + dt.timedelta(days=400)
    for wrong in (
        Terms([Tier.IMAGES], good.recipient, good.purpose, good.until),
        Terms(good.tiers, UUID(int=77), good.purpose, good.until),
        Terms(good.tiers, closed.ref, good.purpose, good.until),
        Terms(good.tiers, good.recipient, "whatever", good.until),
        Terms(good.tiers, good.recipient, good.purpose, far),
    ):
        with pytest.raises(NotYet, match="VAULT-068"):
            share(houses.supervisor, ref, wrong, ground=Basis.Ground.ORDER)
    with pytest.raises(Refused, match="VAULT-060"):
        share(houses.worker, ref, good, ground=Basis.Ground.ORDER)
    assert (Basis.objects.count(), Shared.objects.count()) == (0, 0)
    basis = share(houses.supervisor, ref, good, ground=Basis.Ground.DANGER)
    assert (basis.ground, basis.decided_by_ref) == ("danger", houses.supervisor.account_ref)
    assert Entry.objects.get(action="vault.identity-shared").things_sealed


def test_the_database_lets_no_agency_give_or_seal_what_is_another_s(houses: TwoHouses) -> None:
    basis = let_read(houses, somebody(houses))
    third = houses.outsider.grants[0].agency_ref
    fields: dict[str, Any] = {
        "subject": Subject.objects.get(), "agency_ref": third, "recipient_ref": houses.theirs.ref, "kind": "law",
        "ground": "order", "tiers": "story", "purpose": "justice", "begins_at": basis.begins_at,
        "until": basis.until, "decided_by_ref": houses.outsider.account_ref,
    }  # fmt: skip
    with pytest.raises(DatabaseError, match="VAULT-062"), transaction.atomic():
        Basis.objects.create(**fields)
    sealed = {"subject": Subject.objects.get(), "agency_ref": third, "version": 1, "sealed": b"x"}
    with pytest.raises(DatabaseError, match="VAULT-062"), transaction.atomic():
        Sealed.objects.create(tier="images", **sealed)
    with pytest.raises(DatabaseError, match="VAULT-062"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE vault_sealed SET agency_ref = recipient_ref FROM vault_basis")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="row-level security is PostgreSQL's")
def test_the_second_wall_takes_no_line_of_the_list_and_no_basis_from_another_agency(houses: TwoHouses) -> None:
    """As each of them works in a request: erasing, ending and opening go, writing in another's place does not."""
    ref, other = somebody(houses), somebody(houses)
    basis = let_read(houses, ref)
    with _request(houses.police):
        assert set(open_tiers(houses.police, ref, Tier)) == {Tier.NAMES}
        assert Subject.objects.count() == 1
    with _request(houses.supervisor):
        end_basis(houses.supervisor, basis.ref)
        erase(houses.supervisor, other, reason=Erased.Reason.OWN_REQUEST)
    with _request(houses.police):
        assert (Subject.objects.count(), Basis.objects.count(), Erased.objects.count()) == (0, 0, 0)
    fields = {"at": "x", "reason": "order", "agency_ref": houses.outsider.grants[0].agency_ref, "key": "x"}
    with _request(houses.outsider), pytest.raises(DatabaseError), transaction.atomic():
        Erased.objects.create(mark="a" * 64, hash="b" * 64, **fields)
    assert Erased.objects.count() == 2


@contextmanager
def _request(actor: Actor) -> Iterator[None]:
    account = Account.objects.get(ref=actor.account_ref)
    agencies = ",".join(str(ref) for ref in actor.agency_refs)
    with postgres.standing(account=str(account.pk), account_ref=str(account.ref), agencies=agencies):
        yield
