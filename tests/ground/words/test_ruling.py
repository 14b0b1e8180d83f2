"""When an act that needs two may go on: every case as a row of a table."""

import datetime as dt
from uuid import UUID

import pytest

from sarana.ground.words.ruling import Agency, Asked, Moment, Way, has_waited, is_few, untold, way_of

THEN = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
ADA, BEA, CID, DEE, PIA, EVE = (UUID(int=n) for n in range(1, 7))
HOUR = dt.timedelta(hours=1)
asked = Asked(ADA, DEE)


def agency(people: set[UUID], speakers: set[UUID], *told: tuple[UUID, Moment]) -> Agency:
    return Agency(frozenset(people), frozenset(speakers), frozenset({PIA}), told)


@pytest.mark.parametrize(
    ("people", "speakers", "few"),
    [
        ({ADA, BEA, CID}, {ADA, BEA}, False),
        ({ADA, BEA, CID, DEE}, {ADA, CID, DEE}, False),
        ({ADA, BEA}, {ADA, BEA}, True),
        ({ADA}, {ADA}, True),
        (set(), set(), True),
        ({ADA, BEA, CID, DEE}, {ADA}, True),
        ({ADA, BEA, CID, DEE}, {ADA, DEE}, True),
    ],
)
def test_too_few_are_fewer_than_three_or_nobody_else_who_may_speak(
    people: set[UUID], speakers: set[UUID], few: bool
) -> None:
    assert is_few(agency(people, speakers), asked) is few


@pytest.mark.parametrize(
    ("people", "speakers", "speaker", "way"),
    [
        ({ADA, BEA, CID}, {ADA, BEA}, BEA, Way.COLLEAGUE),
        ({ADA, BEA, CID}, {ADA, BEA}, ADA, None),  # the same person twice
        ({ADA, BEA, DEE}, {ADA, BEA, DEE}, DEE, None),  # the person whom it concerns
        ({ADA, BEA, CID}, {ADA, BEA}, CID, None),  # works there, may not speak
        ({ADA, BEA, CID}, {ADA, BEA}, PIA, None),  # a partner where the agency has enough
        ({ADA, BEA, CID}, {ADA, BEA}, EVE, None),  # anybody else
        ({ADA, BEA}, {ADA, BEA}, BEA, None),  # too few: not from among them
        ({ADA, BEA}, {ADA, BEA}, PIA, Way.PARTNER),
        ({ADA, BEA}, {ADA, BEA}, EVE, None),
        ({ADA, PIA}, {ADA, PIA}, PIA, None),  # a partner who works here too is no second house
    ],
)
def test_whose_word_is_a_second_one(people: set[UUID], speakers: set[UUID], speaker: UUID, way: Way | None) -> None:
    assert way_of(agency(people, speakers), asked, speaker) is way


@pytest.mark.parametrize(
    ("told_ago", "now", "waited"),
    [
        ([24, 24], Moment(THEN), True),
        ([24, 23], Moment(THEN), False),
        ([48, 25], Moment(THEN), True),
        ([24], Moment(THEN), False),  # one was not told
        ([], Moment(THEN), False),
    ],
)
def test_everybody_was_told_a_day_ago(told_ago: list[int], now: Moment, waited: bool) -> None:
    told = [(who, Moment(THEN - hours * HOUR)) for who, hours in zip((ADA, BEA), told_ago, strict=False)]
    assert has_waited(agency({ADA, BEA}, {ADA, BEA}, *told), asked, now) is waited


def test_an_agency_with_enough_people_never_waits_instead_of_asking() -> None:
    told = [(who, Moment(THEN - 100 * HOUR)) for who in (ADA, BEA, CID)]
    assert not has_waited(agency({ADA, BEA, CID}, {ADA, BEA}, *told), asked, Moment(THEN))


@pytest.mark.parametrize(
    ("then", "now", "hours"),
    [
        (Moment(THEN, "a", 0), Moment(THEN + 24 * HOUR, "a", 86_400), 24),
        (Moment(THEN, "a", 0), Moment(THEN + 24 * HOUR, "a", 60), 1 / 60),  # the clock was set forward
        (Moment(THEN, "a", 0), Moment(THEN - 9_000 * HOUR, "a", 86_400), -9_000),  # set back by a year
        (Moment(THEN, "a", 0), Moment(THEN + 24 * HOUR, "b", 5), 24),  # the machine was started anew
        (Moment(THEN), Moment(THEN + 24 * HOUR), 24),  # a system without the other clock
    ],
)
def test_a_clock_that_was_set_gains_nothing(then: Moment, now: Moment, hours: float) -> None:
    assert then.passed(now) == dt.timedelta(hours=hours)


def test_who_came_meanwhile_is_told_and_who_left_counts_no_more() -> None:
    long_ago = Moment(THEN - 30 * HOUR)
    came = agency({ADA, EVE}, {ADA}, (ADA, long_ago), (BEA, long_ago))
    assert untold(came) == {EVE}
    assert not has_waited(came, asked, Moment(THEN))
    left = agency({ADA}, {ADA}, (ADA, long_ago), (BEA, Moment(THEN)))
    assert has_waited(left, asked, Moment(THEN))
