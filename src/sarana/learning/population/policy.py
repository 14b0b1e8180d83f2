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
ACTIVITY = "population-activity"

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
    Rule(ACTIVITY, READERS, Reach.EVERYWHERE, Access.OPEN),
    # A file of a map is for whoever asked for it; what may stand in it, the two rows above say.
    Rule(FILES, READERS, Reach.SELF, Access.CHANGE),
)

SOURCE = "population-source"
UPDATE = "population-update"
HOLDING = "population-holding"
BOUNDARIES = "population-boundaries"
SPECIALIST, OFFICER = frozenset({"data-specialist"}), frozenset({"provincial-data-officer"})

SOURCES = (
    # What an agency hands over is seen to by its own specialists, and by the officer who answers for the province.
    Rule(SOURCE, SPECIALIST, Reach.AGENCY, Access.CHANGE),
    Rule(SOURCE, OFFICER, Reach.AREA, Access.CHANGE),
    # The yearly update brings all sectors of a province together: the officer alone starts it.
    Rule(UPDATE, OFFICER, Reach.AREA, Access.CHANGE),
    # Which office holds which register, and who refused: for the officer who asks, and her alone.
    Rule(HOLDING, OFFICER, Reach.AREA, Access.CHANGE),
    # By which outlines the map of a province is drawn.
    Rule(BOUNDARIES, OFFICER, Reach.AREA, Access.CHANGE),
    # What was done in an area is read beside the map, and written by the officer for her own agency.
    Rule(ACTIVITY, OFFICER, Reach.AGENCY, Access.CHANGE),
)

HAND_OVER = "hand-over-to-nation"
STATION = "station"
NATIONAL = frozenset({"national-officer"})

ROLLUP = (
    # Whoever answers for a province hands its tables to the nation.
    Rule(HAND_OVER, OFFICER, Reach.AREA, Access.CHANGE),
    # Whose key signs for a province of her mandate, and what it signed, is for the national officer.
    Rule(STATION, NATIONAL, Reach.AREA, Access.CHANGE),
)

QUEUE = "population-pairs"
PAIR = "population-pair"
REVIEWER = frozenset({"linkage-reviewer"})
FOR_LINKAGE = frozenset({"linkage"})

PAIRS = (
    # How many pairs wait, and how many were judged: nothing of anybody.
    Rule(QUEUE, REVIEWER, Reach.AREA, Access.OPEN),
    # A pair shows two names: for this purpose alone, in the provinces of her agency's mandate.
    Rule(PAIR, REVIEWER, Reach.AREA, Access.CHANGE, purposes=FOR_LINKAGE),
)

SET = "population-set"
SET_NOTE = "population-set-note"
SET_WORD = "population-set-word"
CUSTODIAN = frozenset({"data-custodian"})
CHANGERS = OFFICER | {"analyst"}
ARGUERS = CHANGERS | CUSTODIAN

SETS = (
    # How people are measured is no secret: whoever reads the map reads it, and whoever keeps registers.
    Rule(SET, READERS | CUSTODIAN, Reach.EVERYWHERE, Access.OPEN),
    Rule(SET, CHANGERS, Reach.AREA, Access.CHANGE),
    Rule(SET_NOTE, ARGUERS, Reach.SELF, Access.CHANGE),
    # The second word; that it is not the proposer's own, the database holds.
    Rule(SET_WORD, OFFICER | CUSTODIAN, Reach.AREA, Access.CHANGE),
)

PERSON = "population-person"
OUTREACH = frozenset({"outreach-worker"})
INVITING, ANSWERING = frozenset({"prevention"}), frozenset({"own-request", "care-of-data"})

PEOPLE = (
    # Who meets people where they live sees the few of her own area, to invite them; what is protected stays masked.
    Rule(PERSON, OUTREACH, Reach.AREA, Access.MASKED, purposes=INVITING),
    # Who answers for the data sees what is protected too, when the person asks or the data have to be mended.
    Rule(PERSON, CUSTODIAN, Reach.AREA, Access.OPEN, purposes=ANSWERING),
)

TABLE = (*MAPS, *SOURCES, *ROLLUP, *PAIRS, *SETS, *PEOPLE)

OF_AN_AREA = Paths(area="area")
OF_VILLAGES = Q(level=AreaLevel.VILLAGE)
OF_ONE = Paths(owner="account__ref")


def openable_by(actor: Actor) -> Q:
    """The figures that an actor may see; whether she has a door here at all is asked before."""
    wider = openable(MAPS, actor, KIND, OF_AN_AREA) & ~OF_VILLAGES
    return wider | (openable(MAPS, actor, VILLAGES, OF_AN_AREA) & OF_VILLAGES)


def activities_openable_by(actor: Actor) -> Q:
    """The activities that are read beside the map; whether she has a door here at all is asked before."""
    return openable(TABLE, actor, ACTIVITY, Paths(agency="agency__ref", agency_path="agency__path", area="area"))


def files_openable_by(actor: Actor) -> Q:
    """The files that an actor asked for herself."""
    return openable(TABLE, actor, FILES, OF_ONE)


def has_role(actor: Actor) -> bool:
    """True for the roles that read the map, with a second factor; the place stands in their bar."""
    return any(applicable(rule, actor) for rule in MAPS) and not actor.roles & CLOSED_ROLES


def sees(actor: Actor) -> tuple[object, ...]:
    """All of an actor that decides which figures she sees: the very question that is asked of the database for her.

    Two who have the same see the same, whatever their roles are called, so a part of a page is made once for both.
    """
    return (openable_by(actor),)


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
