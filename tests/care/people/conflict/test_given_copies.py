"""What an agency was given of a person is out of sight too for whoever of its people is flagged by name."""

from dataclasses import replace

import pytest
from django.urls import reverse

from care.people.conflict.test_conflict import INVOLVED, WHY, entered
from care.people.conftest import comes
from makers.agencies import a_person, acting, give
from makers.identities import TwoHouses, let_read
from makers.photographs import added, masked_of
from sarana.care.people.conflict.actions import Flag, flag
from sarana.care.people.photographs.actions import hand
from sarana.ground.accounts.models import Account
from sarana.methods.sealing.identities import Tier

pytestmark = pytest.mark.django_db


@pytest.mark.check("A-06")
def test_a_masked_copy_that_was_given_to_her_other_agency_goes_out_of_sight_too(houses: TwoHouses) -> None:
    """A colleague who is flagged by name works in an agency as well that was given a copy, and kept its address."""
    person = entered(houses)
    copy = masked_of(houses.worker, added(houses.worker, person.ref))
    basis = let_read(houses, person.ref, Tier.NAMES, Tier.MASKED)
    hand(houses.worker, copy.ref, basis.ref)
    account = Account.objects.get(ref=houses.police.account_ref)
    give(account, houses.ours, "case-worker")
    client, shown = comes(replace(houses.police, purpose="justice")), reverse("people:masked-show", args=[copy.ref])
    assert client.post(shown).status_code == 200
    flag(houses.supervisor, person.ref, Flag(INVOLVED, WHY, account=account.ref))
    assert client.post(shown).status_code == 404
    assert client.post(reverse("people:masked-take", args=[copy.ref])).status_code == 404
    other = comes(replace(acting(a_person(houses.theirs, "investigator", name="Nid")), purpose="justice"))
    assert other.post(shown).status_code == 200, "her colleagues there see what they saw"
