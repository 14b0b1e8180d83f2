"""Open what is sealed of a person: each with its line, a budget a day, and the rules of safety of each way."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.care.people.models import Person
from sarana.care.people.values import Contact, Names, Story, WayOf, read_contact, read_names, read_story
from sarana.ground.ledger.queries import things_of_today
from sarana.ground.vault.identities.actions.glimpsing import glimpse
from sarana.ground.vault.identities.actions.sealing import Opened, open_tiers
from sarana.methods.sealing.identities import Tier

SEEN, REVEALED, REACHED, STORY = "people.seen", "people.name-revealed", "people.contact-opened", "people.story-opened"
PHOTOGRAPHED = "people.photograph-shown"
MASKED_SHOWN, MASKED_TAKEN = "people.masked-shown", "people.masked-taken"
MOST_A_DAY = {REVEALED: 60, REACHED: 40, STORY: 40, PHOTOGRAPHED: 40, MASKED_SHOWN: 40, MASKED_TAKEN: 40}
"""Different people a day: more than anybody helps, far fewer than an agency has. Opening one again costs none."""


@dataclass(frozen=True, slots=True)
class Revealed[T]:
    """A tier that was opened, and its version, which is handed back by whoever saves it again."""

    holds: T
    version: int


def reveal(actor: Actor, person: Person) -> Revealed[Names] | None:
    """The names of a person, her birth and papers; None where the actor's agency may not read them.

    Raises:
        Refused: PEOPLE-011 the day's number is used up; VAULT-001 what is there was changed.
        NotYet: VAULT-061 no purpose is stated.
    """
    check_budget(actor, REVEALED, person.ref)
    found = _open(actor, person, Tier.NAMES, act=REVEALED)
    return Revealed(read_names(found.values), found.version) if found else None


def open_contact(actor: Actor, person: Person) -> Revealed[Contact] | None:
    """How to reach a person, and where she is, whole, for whoever writes it anew; None where it is not to be read.

    A page that shows it goes through `usable`.

    Raises:
        As `reveal`.
    """
    check_budget(actor, REACHED, person.ref)
    found = _open(actor, person, Tier.CONTACT, act=REACHED)
    return Revealed(read_contact(found.values), found.version) if found else None


def open_story(actor: Actor, person: Person) -> Revealed[Story] | None:
    """Her story in her own words; None where it is not to be read.

    Raises:
        As `reveal`.
    """
    check_budget(actor, STORY, person.ref)
    found = _open(actor, person, Tier.STORY, act=STORY)
    return Revealed(read_story(found.values), found.version) if found else None


def _open(actor: Actor, person: Person, tier: Tier, *, act: str) -> Opened | None:
    """A tier with its line, which names the emergency in which it was opened, where it was."""
    things = [person.emergency.ref] if person.emergency else []
    return open_tiers(actor, person.ref, (tier,), act=act, things=things).get(tier)


def names_of(
    actor: Actor, people: Sequence[Person], *, act: str = SEEN, opened: UUID | None = None
) -> dict[UUID, Names]:
    """The names of people of one's own agency, for initials on a list: one line for all. No list shows names.

    `opened` is the one of them whose page is opened, where one is: the line is about her.
    """
    refs = [person.ref for person in people]
    agency = people[0].agency_ref if people else None
    found = glimpse(actor, refs, Tier.NAMES, act=act, agency=agency, asked=opened)
    return {ref: read_names(each.values) for ref, each in found.items()}


def is_usable(way: WayOf, now: dt.datetime) -> bool:
    """Whether a way is safe in this moment: said to be safe, and where it is so at certain hours, within them.

    `now` is in the zone of the place; hours that end before they begin go over midnight.
    """
    if way.safety in {"safe", "through-other"}:
        return True
    if way.safety != "at-hours" or way.hours is None:
        return False
    first, last = way.hours
    hour = now.hour
    return first <= hour < last if first <= last else hour >= first or hour < last


def check_budget(actor: Actor, act: str, person: UUID) -> None:
    """Make sure that the day's number is not used up; the refusal is written down, and raises an alarm.

    Raises:
        Refused: PEOPLE-011 it is.
    """
    seen = things_of_today(actor, act)
    if person not in seen and len(seen) >= MOST_A_DAY[act]:
        raise Refused(
            "PEOPLE-011",
            "You have opened as many people today as one day allows.",
            cure="Go on tomorrow. Where somebody is in danger now, ask your supervisor. That this was reached is "
            "written down, and your data-protection officer is told.",
        )
