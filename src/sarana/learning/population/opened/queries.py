"""The reading doors of people: the subdistricts of one's own area, the few people of one, and one of these."""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import Busy
from sarana.basics.policy import Access
from sarana.ground.accounts import keyed
from sarana.ground.accounts.queries import kinds_worked_in
from sarana.ground.seats import Seats
from sarana.learning.population.models import AreaLevel, Figure, Run
from sarana.learning.population.opened import policy, shelves
from sarana.learning.population.opened.laying import PEOPLE, get_about
from sarana.learning.population.opened.objections.marks import mark_of
from sarana.learning.population.opened.objections.queries import check_all_known_again, objected
from sarana.learning.population.opened.shelves import Shelf
from sarana.learning.population.queries import ALL
from sarana.methods.questions.explain import Explanation
from sarana.methods.questions.few import explain_laid_out
from sarana.methods.risk.settings import RiskSettings

LISTED = ("person_id", "leads", "village_name", "village_name_local", "sex", "age", "given", "family", "people")
"""What a list reads of each person: no index, no band, no reason, no house."""

ONE_AT_A_TIME = Seats("explanation")
"""An explanation is reckoned by an engine of its own: one at a time keeps the processes that serve small."""


WAITS_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Person:
    """One of the few people of a subdistrict, as her shelf has her; `marks` are keyed marks of her rows."""

    ref: UUID
    line: Mapping[str, Any]
    marks: frozenset[str]
    has_objected: bool = False

    @property
    def code(self) -> str:
        """By what she is called while her name is not shown."""
        return code_of(self.ref)


class NoPerson(LookupError):
    """There is no such person here, or none that may be opened: the two are told alike."""


def code_of(ref: UUID) -> str:
    """The short code of a person, on a list and in a task."""
    word = ref.hex[:8].upper()
    return f"{word[:4]}-{word[4:]}"


def check_may_look(actor: Actor) -> None:
    """Make sure that an actor has a door to people, wherever she works, and that she said for what.

    Raises:
        Refused: POPULATION-094 she has none.
        NotYet: POPULATION-095 no purpose is stated.
    """
    check_has_door(actor)
    policy.check_purpose(actor)


def check_has_door(actor: Actor) -> None:
    """The first half of it, for the page that asks for a purpose.

    Raises:
        Refused: POPULATION-094 she has none.
    """
    policy.check_may_look(actor, kinds_worked_in(actor))


def places_for(actor: Actor) -> QuerySet[Figure]:
    """The subdistricts of an actor's own area, of the newest run of each province that has pages about people.

    Raises:
        Refused: POPULATION-094 she has no door here.
        NotYet: POPULATION-095 no purpose is stated.
    """
    check_may_look(actor)
    newest: dict[str, Run] = {}
    for row in _all_laid_out():
        newest.setdefault(row.area, row)
    return _places(actor, newest.values())


def get_place(actor: Actor, ref: UUID) -> Figure:
    """One of them; for the custodian also one of an older run, as long as its shelf opens.

    What waits for her leads to the run in which it was seen, also after the next year's run was laid out.

    Raises:
        As `places_for`; Figure.DoesNotExist: it is not hers, or there is none.
    """
    found = places_for(actor).filter(ref=ref).first()
    if found is None:
        found = _places(actor, _all_laid_out()).get(ref=ref)
        if policy.access_to(actor, found.area) < Access.OPEN:
            raise Figure.DoesNotExist
    return found


def places_of_run(run_ref: UUID) -> set[UUID]:
    """The subdistricts of a run by their references, for the action that ends what waits there."""
    found = Figure.objects.filter(run__ref=run_ref, level=AreaLevel.SUBDISTRICT, group=ALL)
    return set(found.values_list("ref", flat=True))


def people_of(actor: Actor, place: Figure) -> list[Person]:
    """The few people of a subdistrict that she was given, those of one village together; none who objected.

    Raises:
        NotYet: POPULATION-100 it cannot be told who objected.
        NotYet, Refused: VAULT-…, POPULATION-090 the shelf of its run cannot be opened.
    """
    table = _table(actor, place, LISTED)
    found = _shown(actor, place, (_person(line) for line in table))
    return sorted(found, key=lambda each: (each.line["village_name"] or "", each.ref.int))


def get_person(actor: Actor, place: Figure, ref: UUID) -> Person:
    """One of them, with all that explains her index.

    Raises:
        As `people_of`; NoPerson: there is no such person on the list.
    """
    wanted = (_person(line) for line in _table(actor, place, None) if ref_of(line["person_id"]) == ref)
    found = next(_shown(actor, place, wanted), None)
    if found is None:
        raise NoPerson
    return found


def explain(actor: Actor, place: Figure, person: Person) -> tuple[Explanation, RiskSettings]:
    """Why her index is what it is, as far as the actor may know it, and how it was computed.

    Raises:
        NoPerson: the place is not hers.
        BadFile: ASKED-003 the indicator set is not what it was.
        Busy: POPULATION-099 others are opening people just now.
    """
    access = policy.access_to(actor, place.area)
    if access < Access.MASKED:
        raise NoPerson
    risk = get_about(_shelf(actor, place)).risk()
    with _one_at_a_time(), tempfile.TemporaryDirectory(prefix="sarana-") as temp:
        said = explain_laid_out(person.line, risk, Path(temp), is_for_custodian=access >= Access.OPEN)
    return said, risk


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Wait a little for others who open somebody, and never so long that all workers of the web wait.

    Raises:
        Busy: POPULATION-099 others are still at it.
    """
    with ONE_AT_A_TIME.taken(waits_seconds=WAITS_SECONDS) as is_ours:
        if not is_ours:
            raise Busy(
                "POPULATION-099",
                "Others are opening people at this moment, and yours had to wait for too long.",
                cure="Load the page again in a moment.",
            )
        yield


def ref_of(person_id: str) -> UUID:
    """The reference of a person on the web: a keyed mark, from which nobody gets back to a row of a register.

    The same person has it in the next run too, as long as her first row stays in its register.
    """
    return UUID(keyed.mark("population person", person_id)[:32])


def _shown(actor: Actor, place: Figure, people: Iterable[Person]) -> Iterator[Person]:
    """Those in the band of highest need who did not object; the custodian, who settles objections, sees all.

    Who stands here for a flag alone is hidden from outreach workers: to be listed in a lower band would tell the flag.
    """
    is_open = policy.access_to(actor, place.area) >= Access.OPEN
    if not is_open:
        check_all_known_again()
    refs, marks = objected()
    for person in people:
        has_objected = person.ref in refs or bool(person.marks & marks)
        if is_open:
            yield replace(person, has_objected=has_objected)
        elif person.line["leads"] and not has_objected:
            yield person


def _person(line: Mapping[str, Any]) -> Person:
    marks = frozenset(mark_of(row["source"], row["row_id"]) for row in line["people"])
    return Person(ref_of(line["person_id"]), line, marks)


def _table(actor: Actor, place: Figure, columns: tuple[str, ...] | None) -> list[dict[str, Any]]:
    found = _shelf(actor, place).find_table(f"{PEOPLE}/{place.code}")
    if found is None:
        return []
    lines: list[dict[str, Any]] = (found if columns is None else found.select(list(columns))).to_pylist()
    return lines


def _shelf(actor: Actor, place: Figure) -> Shelf:
    shelf = shelves.open_shelf(place.run.ref, today=actor.today)
    get_about(shelf)
    return shelf


def _places(actor: Actor, runs: Iterable[Run]) -> QuerySet[Figure]:
    found = Figure.objects.filter(
        policy.openable_by(actor), level=AreaLevel.SUBDISTRICT, group=ALL, run__in=[run.pk for run in runs]
    )
    return found.select_related("run__agency").fetch_mode(models.FETCH_RAISE)


def _all_laid_out() -> list[Run]:
    """The runs that are shown and of which people were laid out, the newest of each province first.

    Of a newer one whose laying out failed nothing can be opened: until it is done, the one before it stays open.
    """
    rows = Run.objects.filter(withdrawn_at__isnull=True).order_by("area", "-as_of", "-pk")
    return [row for row in rows if shelves.has_shelf(row.ref)]
