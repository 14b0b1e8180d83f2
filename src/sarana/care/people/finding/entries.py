"""From what is sealed of a person to what she is found by."""

import datetime as dt
from collections.abc import Callable, Mapping
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.care.people.values import Contact, Names, read_contact, read_names
from sarana.ground.codelists import queries as codelists
from sarana.methods.sealing.identities import Tier
from sarana.methods.search.entry import Birth, Entry, Identifier, Name, Query

TIERS = (Tier.NAMES, Tier.CONTACT)
"""What is opened for it; never her story, never pictures."""

CALLED = frozenset({"phone"})

type Told = tuple[int, str]
"""Revision and sex, which stand in the open."""

type Above = Callable[[str], tuple[str, ...]]
"""An area's code with those of the areas in which it lies."""


def entry_of(ref: UUID, told: Told, names: Names, contact: Contact | None, above: Above) -> Entry:
    """A person as the search file keeps her."""
    revision, sex = told
    return Entry(
        ref=ref,
        version=revision,
        names=tuple(Name(each.text, each.kind) for each in names.names),
        identifiers=tuple(Identifier(each.kind, each.number) for each in names.documents),
        phones=tuple(way.value for way in contact.ways if way.kind in CALLED) if contact else (),
        birth=Birth(names.birth.year, names.birth.give_or_take) if names.birth else None,
        sex="" if sex == "unknown" else sex,
        places=above(contact.area) if contact and contact.area else (),
    )


def entry_of_values(ref: UUID, told: Told, values: Mapping[Tier, object], above: Above) -> Entry:
    """The same from what was sealed. Raises: BadFile PEOPLE-002 it is of another shape."""
    names = read_names(values[Tier.NAMES]) if Tier.NAMES in values else Names()
    contact = read_contact(values[Tier.CONTACT]) if Tier.CONTACT in values else None
    return entry_of(ref, told, names, contact, above)


def areas_above(actor: Actor) -> Above:
    """An area's code with those above it, each looked up once."""
    known: dict[str, tuple[str, ...]] = {}

    def above(code: str) -> tuple[str, ...]:
        if code not in known:
            known[code] = _codes(actor, code)
        return known[code]

    return above


def _codes(actor: Actor, code: str) -> tuple[str, ...]:
    area = codelists.find_area(actor, code, actor.today)
    return (code,) if area is None else (code, *(each.code for each in codelists.above(actor, area)))


def queries_of(entry: Entry) -> list[Query]:
    """What one asks to find others who may be the same person: each of her names, with all else that is known."""
    numbers = tuple(each.value for each in entry.identifiers)
    rest = {"born": entry.birth, "sex": entry.sex or None, "places": entry.places}
    found = [Query(words=name.text, **rest) for name in entry.names]  # type: ignore[arg-type]
    if numbers or entry.phones:
        found.append(Query(identifiers=numbers, phones=entry.phones))
    return found


def years_of_age(today: dt.date, young: int, old: int) -> Birth:
    """The birth of somebody who is so old: who is 25 was born 25 or 26 calendar years ago."""
    first, last = today.year - old - 1, today.year - young
    return Birth((first + last) // 2, (last - first + 1) // 2)
