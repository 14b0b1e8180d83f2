"""Who sees figures of areas: those who plan help, and nobody who could use them against people."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import Access, Reach, Rule, applicable
from sarana.ground.rules import Paths, openable
from sarana.learning.population.models import AreaLevel

KIND = "area-figures"
VILLAGES = "village-figures"
FILES = "map-file"

READERS = frozenset({"analyst", "district-officer", "national-officer", "outreach-worker", "provincial-data-officer"})
INSIDE = READERS - {"national-officer"}
"""Who sees villages, in the areas of her agency's mandate; the nation sees what leaves a province."""

CLOSED_ROLES = frozenset({"investigator", "prosecutor"})
"""Whoever holds one of these has no door here, whatever else she is."""

CLOSED_KINDS = frozenset({"police", "prosecution", "court", "immigration"})
"""Nor has anybody who works in an agency of such a kind, under whatever role."""

MAPS = (
    Rule(KIND, READERS, Reach.EVERYWHERE, Access.OPEN),
    Rule(VILLAGES, INSIDE, Reach.AREA, Access.OPEN),
    # A file of a map is for whoever asked for it; what may stand in it, the two rows above say.
    Rule(FILES, READERS, Reach.SELF, Access.CHANGE),
)

SOURCE = "population-source"
UPDATE = "population-update"
SPECIALIST, OFFICER = frozenset({"data-specialist"}), frozenset({"provincial-data-officer"})

SOURCES = (
    # What an agency hands over is seen to by its own specialists, and by the officer who answers for the province.
    Rule(SOURCE, SPECIALIST, Reach.AGENCY, Access.CHANGE),
    Rule(SOURCE, OFFICER, Reach.AREA, Access.CHANGE),
    # The yearly update brings all sectors of a province together: the officer alone starts it.
    Rule(UPDATE, OFFICER, Reach.AREA, Access.CHANGE),
)

TABLE = (*MAPS, *SOURCES)

OF_AN_AREA = Paths(area="area")
OF_VILLAGES = Q(level=AreaLevel.VILLAGE)
OF_ONE = Paths(owner="account__ref")


def openable_by(actor: Actor) -> Q:
    """The figures that an actor may see; whether she has a door here at all is asked before."""
    wider = openable(MAPS, actor, KIND, OF_AN_AREA) & ~OF_VILLAGES
    return wider | (openable(MAPS, actor, VILLAGES, OF_AN_AREA) & OF_VILLAGES)


def files_openable_by(actor: Actor) -> Q:
    """The files that an actor asked for herself."""
    return openable(TABLE, actor, FILES, OF_ONE)


def has_role(actor: Actor) -> bool:
    """True for the roles that read the map, with a second factor; the place stands in their bar."""
    return any(applicable(rule, actor) for rule in MAPS) and not actor.roles & CLOSED_ROLES


def check_may_look(actor: Actor, kinds: frozenset[str]) -> None:
    """Make sure that an actor has a door here.

    Args:
        actor: who asks.
        kinds: the kinds of all agencies in which she works.

    Raises:
        Refused: POPULATION-001 she has none.
    """
    if not has_role(actor) or kinds & CLOSED_KINDS:
        raise Refused(
            "POPULATION-001",
            "Figures of areas are for those who plan help.",
            cure="Police, prosecution, courts, immigration and borders have no door here. Others ask the provincial "
            "data officer.",
        )


def check_may_take_in(actor: Actor) -> None:
    """Only the operator at the machine takes a run in, lists what was taken in, or withdraws it.

    Raises:
        Refused: POPULATION-002 it is somebody else.
    """
    if not actor.is_local:
        raise Refused(
            "POPULATION-002",
            "Only the operator at the machine takes a run in or withdraws it.",
            cure="Ask for it: sarana population take-in RUN, or sarana population withdraw FINGERPRINT.",
        )
