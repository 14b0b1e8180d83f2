"""What the search file is made of, and whom of those it finds somebody may know of."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import batched
from uuid import UUID

from django.db import models

from sarana.basics.actors import Actor
from sarana.care.people import policy
from sarana.care.people.models import Person, ToIndex
from sarana.care.people.queries import those_of
from sarana.ground.vault.identities.listing import listed
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR

BATCH = 5_000
WAITS = 0.2
"""Seconds until it is looked again whether somebody came."""

type Comes = Callable[[], bool]


def few_for(actor: Actor, agency: UUID, most: int) -> list[UUID] | None:
    """All people of an agency whom the actor may know of, where they are few; None where they are more."""
    rows = Person.objects.filter(policy.openable_by(actor), agency_ref=agency)
    refs = list(rows.order_by().values_list("ref", flat=True)[: most + 1])
    return refs if len(refs) <= most else None


def known_to(actor: Actor, refs: Collection[UUID]) -> dict[UUID, Person]:
    """Those of some people whom the actor may know of, each under her reference; who was erased is none of them."""
    gone = listed()
    asked = [ref for ref in refs if not (gone.known and gone.has(ref))]
    rows = Person.objects.filter(ref__in=those_of(actor, asked))
    found = rows.select_related("subject", "led_by").fetch_mode(models.FETCH_RAISE)
    return {person.ref: person for person in found}


def leaders(actor: Actor, people: dict[UUID, Person]) -> dict[UUID, Person]:
    """For each of some people whoever leads her, as far as the actor may know of those; else she herself."""
    found, passed = dict(people), {ref: {ref} for ref in people}
    while True:
        above = {
            ref: person.led_by.ref
            for ref, person in found.items()
            if person.led_by is not None and person.led_by.ref not in passed[ref]
        }
        known = known_to(actor, frozenset(above.values())) if above else {}
        moved = {ref: known[leader] for ref, leader in above.items() if leader in known}
        if not moved:
            return found
        for ref, person in moved.items():
            passed[ref].add(person.ref)
        found |= moved


def agencies_waiting() -> list[UUID]:
    """The agencies whose search file has something to learn."""
    with postgres.as_task(OPERATOR):
        return list(ToIndex.objects.order_by("agency_ref").values_list("agency_ref", flat=True).distinct())


def agencies_with_people() -> list[UUID]:
    """The agencies that have people."""
    with postgres.as_task(OPERATOR):
        return list(Person.objects.order_by("agency_ref").values_list("agency_ref", flat=True).distinct())


def has_people(agency: UUID, more_than: int = 0) -> bool:
    """Whether an agency has any people, or more than so many."""
    with postgres.as_task(OPERATOR):
        return len(Person.objects.filter(agency_ref=agency).values_list("pk")[: more_than + 1]) > more_than


def waiting(agency: UUID, most: int) -> list[ToIndex]:
    """What the search file of an agency has to learn, the oldest first."""
    with postgres.as_task(OPERATOR):
        return list(ToIndex.objects.filter(agency_ref=agency).order_by("pk")[:most])


def is_waiting(agency: UUID) -> bool:
    """Whether the search file of an agency has anything to learn."""
    with postgres.as_task(OPERATOR):
        return ToIndex.objects.filter(agency_ref=agency).exists()


def told_of(agency: UUID, refs: Sequence[UUID]) -> dict[UUID, tuple[int, str]]:
    """Revision and sex of some people of an agency who are there."""
    with postgres.as_task(OPERATOR):
        rows = Person.objects.filter(agency_ref__also=agency, ref__in=list(refs))
        return {ref: (revision, sex) for ref, revision, sex in rows.values_list("ref", "revision", "sex")}


def everybody(agency: UUID, comes: Comes = lambda: False) -> Iterator[list[tuple[UUID, int]]]:
    """Reference and revision of all people of an agency, some thousands at a time.

    `comes` says, whenever nobody is left, whether more are coming: then it is looked again.
    """
    for part in told_of_everybody(agency, comes):
        yield [(ref, revision) for ref, (revision, _sex) in part.items()]


def told_of_everybody(agency: UUID, comes: Comes = lambda: False) -> Iterator[dict[UUID, tuple[int, str]]]:
    """The same with revision and sex, as `told_of` gives them."""
    after = 0
    while True:
        is_last = not comes()
        with postgres.as_task(OPERATOR):
            rows = Person.objects.filter(agency_ref__also=agency, pk__gt=after).order_by("pk")
            part = list(rows.values_list("pk", "ref", "revision", "sex")[:BATCH])
        if part:
            yield {ref: (revision, sex) for _pk, ref, revision, sex in part}
            after = part[-1][0]
        if len(part) < BATCH and is_last:
            return
        if not part:
            time.sleep(WAITS)


def count_people(agency: UUID) -> int:
    """How many people an agency has, for those who keep its file."""
    with postgres.as_task(OPERATOR):
        return Person.objects.filter(agency_ref=agency).count()


def there_of(agency: UUID, refs: Sequence[UUID]) -> frozenset[UUID]:
    """Which of some people are of an agency, for work that no person does."""
    found: set[UUID] = set()
    with postgres.as_task(OPERATOR):
        for part in batched(refs, BATCH, strict=False):
            found.update(Person.objects.filter(agency_ref__also=agency, ref__in=part).values_list("ref", flat=True))
    return frozenset(found)
