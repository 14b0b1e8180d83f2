"""While somebody is held, what is changed of her stays as it was: for a court, and no longer than that needs."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from makers.agencies import local
from makers.identities import CONTACT, NAMES, TwoHouses, somebody
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities.actions.erasing import erase, hold, let_go
from sarana.ground.vault.identities.actions.preserving import KEPT_AFTER_DAYS, let_earlier_go, open_earlier
from sarana.ground.vault.identities.actions.sealing import open_tiers, seal
from sarana.ground.vault.identities.actions.turning import rotate
from sarana.ground.vault.identities.models import Earlier, Erased, Sealed, Subject
from sarana.methods.sealing.identities import Tier

pytestmark = pytest.mark.django_db
MOVED = {"phone": "zqx 0899999999", "where": "house zqx 10"}


def for_a_court(houses: TwoHouses) -> Actor:
    return replace(houses.custodian, purpose="justice")


def held(houses: TwoHouses) -> UUID:
    ref = somebody(houses)
    hold(houses.supervisor, ref, reason=Subject.Held.COURT, review_on=houses.worker.today + dt.timedelta(days=90))
    return ref


def moved(houses: TwoHouses, ref: UUID, version: int, values: dict[str, str] = MOVED) -> None:
    seal(houses.worker, ref, {Tier.CONTACT: values}, versions={Tier.CONTACT: version})


def test_what_is_changed_while_somebody_is_held_is_opened_by_the_custodian_for_a_court(houses: TwoHouses) -> None:
    ref = held(houses)
    moved(houses, ref, 1)
    moved(houses, ref, 2, CONTACT)
    rotate(houses.custodian, agency=houses.ours.ref)
    found = open_earlier(for_a_court(houses), ref)
    assert [(each.tier, each.version, each.values) for each in found] == [
        (Tier.CONTACT, 1, CONTACT), (Tier.CONTACT, 2, MOVED)
    ]  # fmt: skip
    assert {each.until_at for each in found} == {houses.worker.now}
    line = Entry.objects.get(action="vault.identity-earlier-opened")
    assert (line.thing_ref, line.actor_ref, line.purpose, line.code) == (
        ref, houses.custodian.account_ref, "justice", "PARTS-C"
    )  # fmt: skip
    assert open_tiers(houses.worker, ref, Tier)[Tier.NAMES].values == NAMES


def test_nobody_else_opens_it_and_the_custodian_not_without_a_purpose(houses: TwoHouses) -> None:
    ref = held(houses)
    moved(houses, ref, 1)
    for actor in (houses.worker, houses.supervisor, houses.police, houses.outsider):
        with pytest.raises(Refused, match="VAULT-060"):
            open_earlier(replace(actor, purpose="own-request"), ref)
    with pytest.raises(NotYet, match="VAULT-061"):
        open_earlier(houses.custodian, ref)
    theirs = replace(houses.custodian.grants[0], agency_ref=houses.theirs.ref)
    with pytest.raises(Subject.DoesNotExist):
        open_earlier(replace(for_a_court(houses), grants=(theirs,)), ref)
    assert not Entry.objects.filter(action="vault.identity-earlier-opened").exists()


def test_of_whom_nobody_holds_nothing_earlier_is_kept(houses: TwoHouses) -> None:
    ref = somebody(houses)
    moved(houses, ref, 1)
    assert not Earlier.objects.exists()
    assert open_earlier(for_a_court(houses), ref) == []


def test_what_was_kept_goes_a_month_after_the_hold_and_stays_where_it_is_set_again(houses: TwoHouses) -> None:
    ref, machine = held(houses), local()
    moved(houses, ref, 1)
    let_earlier_go(machine)
    let_go(houses.supervisor, ref)
    assert let_earlier_go(machine) == 0
    last = replace(machine, now=machine.now + dt.timedelta(days=KEPT_AFTER_DAYS))
    hold(houses.supervisor, ref, reason=Subject.Held.LAW, review_on=houses.worker.today + dt.timedelta(days=90))
    assert let_earlier_go(last) == 0
    let_go(houses.supervisor, ref)
    assert let_earlier_go(last) == 0, "the month begins anew"
    after = replace(last, now=last.now + dt.timedelta(days=KEPT_AFTER_DAYS))
    assert let_earlier_go(after) == 1
    assert not Earlier.objects.exists()
    assert Entry.objects.get(action="vault.identity-earlier-gone").n_things == 1
    with pytest.raises(Refused, match="VAULT-060"):
        let_earlier_go(houses.custodian)


def test_who_is_erased_after_a_hold_goes_with_all_that_was_kept(houses: TwoHouses) -> None:
    ref = held(houses)
    moved(houses, ref, 1)
    let_go(houses.supervisor, ref)
    erase(houses.supervisor, ref, reason=Erased.Reason.OWN_REQUEST)
    assert not Earlier.objects.exists()


def test_an_earlier_version_that_was_moved_or_changed_is_refused(houses: TwoHouses) -> None:
    first, second = held(houses), held(houses)
    moved(houses, first, 1)
    moved(houses, second, 1)
    kept = Earlier.objects.get(subject__ref=first)
    Earlier.objects.filter(subject__ref=second).update(sealed=kept.sealed)
    with pytest.raises(Refused, match="VAULT-001"):
        open_earlier(for_a_court(houses), second)
    Earlier.objects.filter(subject__ref=first).update(version=7)
    with pytest.raises(Refused, match="VAULT-001"):
        open_earlier(for_a_court(houses), first)


def test_the_database_itself_lets_nobody_replace_what_is_held(houses: TwoHouses) -> None:
    ref, free = held(houses), somebody(houses)
    with pytest.raises(DatabaseError, match="VAULT-062"), transaction.atomic():
        Sealed.objects.filter(subject__ref=ref, tier=Tier.CONTACT).update(version=2, sealed=b"other")
    assert Sealed.objects.filter(subject__ref=free, tier=Tier.CONTACT).update(version=2, sealed=b"other") == 1
