"""Who reads alarms, and who enters records that lure."""

from uuid import UUID

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import Access, Reach, Rule, Thing, decide
from sarana.ground.rules import Paths, openable
from sarana.ground.vault.identities.policy import PURPOSES

ALARM = "people-alarm"
LURE = "people-lure"
OFFICER = frozenset({"data-protection-officer"})
LEADER = frozenset({"supervisor"})

RULES = (
    Rule(ALARM, OFFICER, Reach.AGENCY, Access.OPEN),
    # She who seals a person helps people; a custodian has no door to the room in which it stands.
    Rule(LURE, LEADER, Reach.AGENCY, Access.CHANGE, purposes=PURPOSES),
)


def openable_by(actor: Actor) -> Q:
    """The alarms of the agencies of which somebody is the officer."""
    return openable(RULES, actor, ALARM, Paths(agency="agency_ref"))


def may_lay(actor: Actor, agency: UUID) -> bool:
    """Whether an actor enters records that lure for an agency."""
    return decide(RULES, actor, Thing(LURE, agency_ref=agency)).access >= Access.CHANGE


def may_lay_any(actor: Actor) -> bool:
    """Whether she does for any."""
    return any(may_lay(actor, ref) for ref in actor.agency_refs)


def check_may_lay(actor: Actor, agency: UUID) -> None:
    """Make sure that an actor enters records that lure for an agency.

    Raises:
        Refused: PEOPLE-033 she does not.
    """
    if not may_lay(actor, agency):
        raise Refused(
            "PEOPLE-033",
            "A record that lures is entered by a supervisor of the agency, with a purpose.",
            cure="Ask your supervisor; where you are one, state a purpose first.",
        )


def check_is_machine(actor: Actor) -> None:
    """Make sure that the machine itself looks for what raises an alarm.

    Raises:
        Refused: PEOPLE-034 somebody else does.
    """
    if not actor.is_local:
        raise Refused(
            "PEOPLE-034",
            "Alarms are raised by the machine itself.",
            cure="Nothing has to be done: it looks every minute.",
        )
