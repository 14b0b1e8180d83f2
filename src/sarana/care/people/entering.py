"""Before somebody is entered: who is here already and may be the same person."""

from dataclasses import dataclass
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.care.people.finding.actions.searching import find
from sarana.care.people.finding.words import how_well, why
from sarana.care.people.models import Person
from sarana.care.people.same.showing import is_alike
from sarana.care.people.values import Names
from sarana.methods.search.entry import Birth, Query

MOST = 5


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who is here already, and in words what is alike."""

    person: Person
    why: str


def alike(actor: Actor, agency: UUID, names: Names) -> list[Alike]:
    """Who of an agency may be the person whose names were just typed, the likeliest first, of those she may know of.

    It is a search as any other: with its line, its mark, its time, and one of the day's number. Where that is used up,
    or the search file cannot answer, nobody is shown and nobody is held up: the queue of records finds them later.
    """
    numbers = tuple(each.number for each in names.documents)
    born = Birth(names.birth.year, names.birth.give_or_take) if names.birth else None
    try:
        found = find(actor, agency, Query(words=names.names[0].text, identifiers=numbers, born=born)).hits
    except SaranaError:
        return []
    likely = [hit for hit in found if is_alike(hit.score, hit.reasons)][:MOST]
    return [
        Alike(hit.person, ": ".join((how_well(hit.score, hit.reasons), ", ".join(why(hit.reasons))))) for hit in likely
    ]
