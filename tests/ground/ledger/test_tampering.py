"""G-01 and G-02: whoever has the database changes the past in a thousand ways, and each is found."""

import datetime as dt
import random
from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction

from makers import tampering
from makers.counted import Counted
from makers.ledger import NOW, a_sealed_ledger, checked, lifted
from sarana.ground.ledger import keys
from sarana.ground.ledger.findings import Kind
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=2)
SEED = 20261129


@pytest.mark.check("G-01")
def test_g_01_every_tampering_is_found(key_folder: Path, counted: Counted) -> None:
    a_sealed_ledger(5, 1, 9, 3, 1, 12)
    dice = random.Random(SEED)
    n = counted("tamperings", 1_000, least=64)
    missed: Counter[str] = Counter()
    with lifted():
        for at in range(n):
            tamper = tampering.TAMPERINGS[at % len(tampering.TAMPERINGS)]
            with transaction.atomic():
                tamper(dice)
                missed[tamper.__name__] += checked(key_folder, now=LATER).is_whole
                transaction.set_rollback(True)
    assert +missed == Counter(), f"not found among {n}"
    assert checked(key_folder, now=LATER).is_whole


@pytest.mark.check("G-01")
def test_g_01_the_row_and_the_seal_are_named(key_folder: Path) -> None:
    a_sealed_ledger(3, 3)
    ids = list(Entry.objects.order_by("id").values_list("id", flat=True))
    with lifted():
        Entry.objects.filter(id=ids[4]).update(purpose="other")
        Entry.objects.filter(id=ids[1]).delete()
    found = [(each.kind, each.seal, each.entry) for each in checked(key_folder, now=LATER).findings]
    assert found == [(Kind.ENTRY_CHANGED, 2, ids[4]), (Kind.ENTRY_MISSING, 1, ids[1])]


@pytest.mark.check("G-01")
def test_g_01_without_the_verification_key_it_says_what_it_could_not_prove(key_folder: Path) -> None:
    a_sealed_ledger(3, 3)
    with lifted():
        tampering.rewrite_from_an_entry_on(random.Random(SEED))
    without = checked(key_folder, with_key=False, now=LATER)
    assert without.is_whole
    assert "Without the verification key" in without.unproved[0]
    assert {each.kind for each in checked(key_folder, now=LATER).findings} == {Kind.SEAL_FORGED}


@pytest.mark.check("G-02")
def test_g_02_the_key_of_today_forges_nothing_of_yesterday(key_folder: Path, counted: Counted) -> None:
    first = keys.read_seal_key(key_folder)
    a_sealed_ledger(2, 2, 2)
    stolen = keys.read_seal_key(key_folder)
    with lifted():
        for dice in map(random.Random, range(counted("forgeries", 200, least=10))):
            with transaction.atomic():
                tampering.forge_with(stolen, dice)
                found = {each.kind for each in checked(key_folder, now=LATER).findings}
                assert found == {Kind.SEAL_FORGED}
                transaction.set_rollback(True)
        # The same hands with the first key would do it unseen: what fails above fails for want of that key alone.
        tampering.forge_with(first, random.Random(SEED))
    assert checked(key_folder, now=LATER).is_whole
