"""The time of an answer tells nothing: what belongs to others takes as long as what is not there (A-10)."""

import time
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from scipy.stats import mannwhitneyu

from makers.counted import Counted
from makers.sittings import come_in
from makers.two_agencies import ADMIN, a_world

pytestmark = pytest.mark.django_db
DOORS = {
    "accounts:membership": ("GET", "Membership"),
    "desk:looked-act": ("GET", "Entry"),
    "words:proposal": ("GET", "Proposal"),
    "accounts:withdraw": ("POST", "Invitation"),
    "accounts:end-membership": ("POST", "Membership"),
}
"""Addresses that open one thing, one for each kind, and what of theirs is asked for there."""

SURE, NOTHING_SECONDS = 0.01, 0.002


@pytest.mark.check("A-10")
def test_a_10_foreign_and_absent_take_the_same_time_at_every_door(counted: Counted) -> None:
    world = a_world(ADMIN)
    client = come_in(world.people[ADMIN])
    n_each = counted("answers each", 2000, least=40) // len(DOORS)
    for door, (method, kind) in DOORS.items():
        list(_taken(client, method, door, world.refs[kind], 3))
        foreign, missing = zip(*_taken(client, method, door, world.refs[kind], n_each), strict=True)
        unlike = mannwhitneyu(foreign, missing).pvalue
        apart = abs(_middle(foreign) - _middle(missing))
        assert unlike > SURE / len(DOORS) or apart < NOTHING_SECONDS, (door, unlike, apart)


def test_a_door_that_is_slower_for_what_is_there_is_noticed() -> None:
    """The test of ranks finds a difference of three milliseconds in as few answers as a reduced run has."""
    quick, slow = ([0.008 + 0.0001 * (n % 7) + more for n in range(20)] for more in (0.0, 0.003))
    assert mannwhitneyu(quick, slow).pvalue < SURE / len(DOORS)
    assert abs(_middle(quick) - _middle(slow)) > NOTHING_SECONDS


def _taken(client: Client, method: str, door: str, refs: tuple[UUID, ...], n: int) -> Iterator[tuple[float, float]]:
    """The seconds of an answer about theirs and of one about nothing, in turns, now one first and now the other.

    What is not there is asked for as often as what is: what was refused before costs time in either.
    """
    nowhere = [uuid4() for _ in refs]
    for number in range(n):
        asked = {"theirs": refs[number % len(refs)], "nothing": nowhere[number % len(refs)]}
        took = {}
        for which in sorted(asked, reverse=bool(number % 2)):
            path = reverse(door, kwargs={"ref": asked[which]})
            began = time.perf_counter()
            answer = client.generic(method, path)
            took[which] = time.perf_counter() - began
            assert answer.status_code == 404, door
        yield took["theirs"], took["nothing"]


def _middle(times: list[float] | tuple[float, ...]) -> float:
    return sorted(times)[len(times) // 2]
