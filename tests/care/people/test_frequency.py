"""Who reads the tables without a key recovers no names: nothing sealed repeats, and order and length tell none.

The attacker knows how common each name is, as an electoral roll tells, and guesses each person's by what stands there.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from contextlib import nullcontext
from itertools import accumulate
from pathlib import Path

import pytest

from makers.agencies import local
from makers.counted import Counted
from makers.identities import TwoHouses
from sarana.basics.progress import Silent
from sarana.care.people import actions
from sarana.care.people.actions import Facts
from sarana.care.people.importing import taking
from sarana.care.people.models import Person
from sarana.care.people.values import Contact, Names, WayOf, checked_name, read_names
from sarana.ground.vault.identities.actions.reading import read_as_machine
from sarana.ground.vault.identities.models import Sealed, Subject
from sarana.methods.sealing.identities import Tier

pytestmark = pytest.mark.django_db

BORNE = {"Malee Jaidee": 20, "Somsri Kaewd": 12, "Prasert Wong": 6, "Suda Rakthai": 2}
"""Names of one length, and how many bear each: a few much oftener than the others, as names are."""

STATED, A_CLASS, MOST_RECOVERED = 50_000, 400, 0.02
"""The bar of the paper: beyond what somebody guesses who never saw the database."""

SYLLABLES = ("ma", "lee", "som", "chai", "sri", "wan", "pra", "sert", "kan", "ya", "dao", "rung", "na", "pha", "thip")
MAP = '[fields]\ngiven = "GIVEN"\nfamily = "FAMILY"\nnational_id = "CID"\nphone = "TEL"\n'


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


def people_of(n: int, dice: random.Random) -> list[tuple[str, str]]:
    """Given and family names, some borne by very many and most by few, sorted by name as lists of people are."""
    names = sorted({"".join(dice.choices(SYLLABLES, k=dice.choice((1, 2, 2, 3, 4)))).title() for _ in range(4_000)})
    dice.shuffle(names)
    weights = list(accumulate(1 / rank for rank in range(1, len(names) + 1)))
    found = dice.choices(names, cum_weights=weights, k=2 * n)
    return sorted(zip(found[:n], found[n:], strict=True))


def guessed(told: Sequence[tuple[Hashable, str]]) -> float:
    """The share of people whose name is guessed by what stands of them: half of them teach it, the others are asked."""
    taught: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for seen, name in told[::2]:
        taught[seen][name] += 1
    commonest = Counter(name for _seen, name in told[::2]).most_common(1)[0][0]
    best = {seen: names.most_common(1)[0][0] for seen, names in taught.items()}
    others = told[1::2]
    return sum(best.get(seen, commonest) == name for seen, name in others) / len(others)


@pytest.mark.check("K-08")
def test_neither_order_nor_length_of_what_is_sealed_tells_a_name_of_a_table_that_was_sorted(
    houses: TwoHouses, tmp_path: Path, counted: Counted
) -> None:
    n, dice = counted("people whose names are guessed", STATED, least=2_000), random.Random(8)
    lines = [f"{given},{family},{at:013},08{at:08}" for at, (given, family) in enumerate(people_of(n, dice))]
    table, told = tmp_path / "people.csv", tmp_path / "map.toml"
    table.write_text("\n".join(["GIVEN,FAMILY,CID,TEL", *lines]))
    told.write_text(MAP)
    taking.take_in(
        lambda: nullcontext(houses.worker), houses.ours.ref, table, told, tmp_path / "aside.csv", progress=Silent()
    )
    assert Person.objects.count() == n
    truth = given_names(houses)
    blind = guessed([("", name) for name in truth.values()])
    allowed = MOST_RECOVERED + (0 if n >= STATED else 3 * (blind * (1 - blind) / (n / 2)) ** 0.5)
    rank = {ref: at // A_CLASS for at, ref in enumerate(Person.objects.order_by("pk").values_list("ref", flat=True))}
    lengths: dict[object, list[int]] = defaultdict(list)
    subjects = dict(Subject.objects.values_list("pk", "ref"))
    for subject, sealed in Sealed.objects.order_by("tier").values_list("subject_id", "sealed"):
        lengths[subjects[subject]].append(len(sealed))
    for what, seen in {"order": rank, "length": {ref: tuple(found) for ref, found in lengths.items()}}.items():
        recovered = guessed([(seen[ref], name) for ref, name in truth.items()])
        assert recovered - blind <= allowed, (what, recovered, blind)
    as_sorted = {ref: at // A_CLASS for at, ref in enumerate(sorted(truth, key=lambda ref: truth[ref]))}
    assert guessed([(as_sorted[ref], name) for ref, name in truth.items()]) - blind > allowed, "sorted it would tell"


def given_names(houses: TwoHouses) -> dict[object, str]:
    """The truth, in an order that tells nothing."""
    refs = sorted(Person.objects.values_list("ref", flat=True))
    found = {}
    for at in range(0, len(refs), 5_000):
        opened = read_as_machine(local(houses.worker.now), houses.ours.ref, refs[at : at + 5_000], (Tier.NAMES,))
        found |= {ref: read_names(values[Tier.NAMES]).names[0].given for ref, values in opened.items()}
    return {ref: found[ref] for ref in refs}
