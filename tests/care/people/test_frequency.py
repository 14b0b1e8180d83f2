"""Who reads the tables without a key cannot count how often a name is borne: what is sealed never repeats."""

from collections import Counter

import pytest

from makers.counted import Counted
from makers.identities import TwoHouses
from sarana.care.people import actions
from sarana.care.people.actions import Facts
from sarana.care.people.values import Contact, Names, WayOf, checked_name
from sarana.ground.vault.identities.models import Sealed, Subject

pytestmark = pytest.mark.django_db

BORNE = {"Malee Jaidee": 20, "Somsri Kaewd": 12, "Prasert Wong": 6, "Suda Rakthai": 2}
"""Names of one length, and how many bear each: a few much oftener than the others, as names are."""


@pytest.mark.check("K-08")
def test_how_often_a_name_is_borne_shows_in_no_sealed_column(houses: TwoHouses, counted: Counted) -> None:
    assert len({len(name) for name in BORNE}) == 1
    ways = Contact(ways=(WayOf("phone", "0812345678"),))
    for name, times in BORNE.items():
        for _one in range(times):
            actions.enter(houses.worker, houses.ours.ref, Facts(), Names((checked_name(name),)), ways)
    n = counted("people", sum(BORNE.values()), exact=True)
    keys = [bytes(key) for key in Subject.objects.values_list("own_key", flat=True)]
    tiers: dict[str, list[bytes]] = {}
    for tier, sealed in Sealed.objects.values_list("tier", "sealed"):
        tiers.setdefault(tier, []).append(bytes(sealed))
    assert set(tiers) >= {"names", "contact"}
    for what, column in {"keys": keys, **tiers}.items():
        assert len(column) == n, what
        assert Counter(column).most_common(1)[0][1] == 1, f"{what} repeat"
        assert len({len(each) for each in column}) == 1, f"{what} differ in length"
