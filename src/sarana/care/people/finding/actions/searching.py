"""Search for people of one's agency: one line a search, a number a day, and nobody whom one may not know of."""

import hmac
import math
import time
import unicodedata
from dataclasses import dataclass
from uuid import UUID

import msgspec

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.care.people import policy, queries
from sarana.care.people.finding import files
from sarana.care.people.finding.queries import few_for, has_people, known_to, leaders
from sarana.care.people.models import Person
from sarana.care.people.values import initials, read_names
from sarana.ground.ledger.queries import count_of_today
from sarana.ground.vault.identities.actions.glimpsing import glimpse
from sarana.ground.vault.identities.opening import asking_key
from sarana.methods.sealing.identities import Tier
from sarana.methods.search.entry import Found, Match, Query, Reason
from sarana.methods.search.looking import MOST_OWN

SEARCHED = "people.searched"

SEARCHES_A_DAY = 300
"""More than a desk asks that is busy from morning to evening, far fewer than it takes to read out a register."""

MOST_SHOWN = 50

STEP_SECONDS = 0.1
"""An answer comes at a whole number of these, so that its time does not tell of people whom one may not know of."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who may be meant: her row in the open, how well all agrees (0 to 1), why, and her first letters."""

    person: Person
    score: float
    reasons: tuple[Reason, ...]
    initials: str


@dataclass(frozen=True, slots=True)
class Hits:
    """Those who may be meant, the best first, and whether there are more whom the asker may know of."""

    hits: tuple[Hit, ...]
    is_more: bool


def find(actor: Actor, agency: UUID, query: Query, *, limit: int = 20) -> Hits:
    """Search for people of an agency in which the actor helps; who leads others is given once, for them too.

    Whom the actor may not know of changes nothing: not the answer, nor its order, nor whether there is more. What was
    asked is kept as a mark that a key of the agency makes, whom it found as a sealed list.

    Raises:
        Refused: PEOPLE-003 she helps nobody there; PEOPLE-030 the day's number of searches is used up.
        NotYet: PEOPLE-004 no purpose is stated; PEOPLE-031 the file is being made; SEARCH-006 nothing was asked for;
            VAULT-002, VAULT-031 the keys do not open.
        BadFile: SEARCH-003 the file is damaged; daily work makes it anew.

    Cost: see decision 0047.
    """
    policy.check_may_enter(actor, agency)
    check_searches(actor)
    limit = max(1, min(limit, MOST_SHOWN))
    began = time.monotonic()
    found = _look(actor, agency, query, limit)
    _hold(began)
    people = leaders(actor, known_to(actor, [match.ref for match in found.matches]))
    best: dict[UUID, Match] = {}
    for match in found.matches:
        if match.ref in people:
            best.setdefault(people[match.ref].ref, match)
    shown = {person.ref: person for person in people.values()}
    asked = _mark_of(query, asking_key(agency, today=actor.today))
    opened = glimpse(actor, list(best), Tier.NAMES, act=SEARCHED, agency=agency, asked=asked)
    letters = {ref: initials(read_names(each.values)) for ref, each in opened.items()}
    hits = [Hit(shown[ref], match.score, match.reasons, letters.get(ref, "")) for ref, match in best.items()]
    return Hits(tuple(hits), found.is_more)


def check_searches(actor: Actor) -> None:
    """Make sure that the day's number of searches is not used up.

    Not written down: the refusal is, where it is turned into words, and raises an alarm.

    Raises:
        Refused: PEOPLE-030 it is.
    """
    if count_of_today(actor, SEARCHED) >= SEARCHES_A_DAY:
        raise Refused(
            "PEOPLE-030",
            "You have searched as often today as one day allows.",
            cure="Go on tomorrow. Where somebody is in danger now, ask your supervisor. That this was reached is "
            "written down, and your data-protection officer is told.",
        )


def _look(actor: Actor, agency: UUID, query: Query, limit: int) -> Found:
    if not has_people(agency):
        return Found((), is_more=False)
    few = few_for(actor, agency, MOST_OWN)
    file = files.answering(actor, agency)
    return file.search(query, limit=limit, may=lambda refs: queries.those_of(actor, refs), among=few)


def _hold(began: float) -> None:
    passed = time.monotonic() - began
    time.sleep(max(1, math.ceil(passed / STEP_SECONDS)) * STEP_SECONDS - passed)


def _mark_of(query: Query, key: bytes) -> UUID:
    """A mark of what was asked, the same for the same words: who hunts for one name again and again is seen by it."""
    words = " ".join(sorted(unicodedata.normalize("NFKC", query.words).casefold().split()))
    said = msgspec.json.encode([words, sorted(query.identifiers), sorted(query.phones)])
    return UUID(bytes=hmac.digest(key, said, "sha256")[:16])
