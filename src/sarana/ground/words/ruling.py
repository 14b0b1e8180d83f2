"""When an act that needs two may go on: a pure rule, so that every case of it can be written down in a table.

An agency in which three people work, one of whom besides the proposer and the person concerned may speak, takes the
second word from among them. Any other takes it from its named partner agency, or waits for 24 hours in which everybody
who works there is told. No way leads round both.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

ENOUGH_PEOPLE = 3
WAIT = dt.timedelta(hours=24)


class Way(StrEnum):
    """How an act came to be allowed."""

    COLLEAGUE = "colleague"
    PARTNER = "partner"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of time by the clock on the wall and by the one that nobody can set: seconds since the machine started.

    `boot` names the start of the machine; between two starts only the clock on the wall is known.
    """

    at: dt.datetime
    boot: str = ""
    seconds: float = 0.0

    def passed(self, now: "Moment") -> dt.timedelta:
        """The time that surely passed: the lesser of the two clocks, so that setting one forward gains nothing."""
        by_wall = now.at - self.at
        if not self.boot or self.boot != now.boot:
            return by_wall
        return min(by_wall, dt.timedelta(seconds=now.seconds - self.seconds))


@dataclass(frozen=True, slots=True)
class Agency:
    """Who works there now, and who of them may speak a second word; told people with the moment at which they were."""

    people: frozenset[UUID]
    speakers: frozenset[UUID]
    partner_speakers: frozenset[UUID] = frozenset()
    told: tuple[tuple[UUID, Moment], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Who proposed an act, and the person whom it concerns."""

    proposer: UUID
    subject: UUID | None = None

    @property
    def bound(self) -> frozenset[UUID]:
        """Those whose word is not a second one."""
        return frozenset({self.proposer} | ({self.subject} if self.subject else set()))


def is_few(agency: Agency, asked: Asked) -> bool:
    """True where the agency cannot give the second word itself."""
    return len(agency.people) < ENOUGH_PEOPLE or not agency.speakers - asked.bound


def way_of(agency: Agency, asked: Asked, speaker: UUID) -> Way | None:
    """As what somebody may give the second word, or None where she may not."""
    if speaker in asked.bound:
        return None
    if is_few(agency, asked):
        return Way.PARTNER if speaker in agency.partner_speakers - agency.people else None
    return Way.COLLEAGUE if speaker in agency.speakers else None


def untold(agency: Agency) -> frozenset[UUID]:
    """Those who work there and were not told yet."""
    return agency.people - {who for who, _ in agency.told}


def has_waited(agency: Agency, asked: Asked, now: Moment) -> bool:
    """True where the agency has too few, and everybody who works there now was told 24 hours ago or earlier."""
    if not is_few(agency, asked) or untold(agency):
        return False
    return all(then.passed(now) >= WAIT for who, then in agency.told if who in agency.people)
