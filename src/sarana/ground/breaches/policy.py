"""Who sees and keeps the record of breaches: the data-protection officers of the agency."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import Access, Reach, Rule, Thing, decide
from sarana.ground.accounts.models import Agency
from sarana.ground.rules import Paths, openable

KIND = "incident"
OFFICER = frozenset({"data-protection-officer"})

TABLE = (Rule(KIND, OFFICER, Reach.AGENCY, Access.CHANGE),)

OWN = Paths(agency="agency__ref", agency_path="agency__path")
OF_AN_INCIDENT = Paths(agency="incident__agency__ref", agency_path="incident__agency__path")


def openable_by(actor: Actor) -> Q:
    """The incidents of the agencies of which somebody is the officer."""
    return openable(TABLE, actor, KIND, OWN)


def openable_duties(actor: Actor) -> Q:
    """Whom to tell of those incidents."""
    return openable(TABLE, actor, KIND, OF_AN_INCIDENT)


def may_keep(actor: Actor, agency: Agency) -> bool:
    """True for an officer of the agency who signed in with a second factor."""
    thing = Thing(KIND, agency_ref=agency.ref, agency_path=agency.path)
    return decide(TABLE, actor, thing).access >= Access.CHANGE


def may_keep_any(actor: Actor) -> bool:
    """True for an officer of any agency."""
    return any(decide(TABLE, actor, Thing(KIND, agency_ref=ref)).access >= Access.CHANGE for ref in actor.agency_refs)


def check_may_keep(actor: Actor, agency: Agency) -> None:
    """An officer of the agency records, counts, and notes who was told."""
    if not may_keep(actor, agency):
        raise Refused("BREACHES-001", "Only the data-protection officer of the agency keeps the record of breaches.")


def check_may_keep_any(actor: Actor) -> None:
    """The page is for officers, of whichever agency."""
    if not may_keep_any(actor):
        raise Refused("BREACHES-001", "Only the data-protection officer of the agency keeps the record of breaches.")
