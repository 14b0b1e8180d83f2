"""Who signs agreements, asks, and decides when somebody was reached."""

from uuid import UUID

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import Access, Reach, Rule, Thing, decide
from sarana.ground.rules import Paths, openable
from sarana.ground.vault.identities.policy import HELPERS

AGREEMENT = "people-agreement"

RULES = (
    Rule(AGREEMENT, HELPERS, Reach.AGENCY, Access.OPEN),
    Rule(AGREEMENT, frozenset({"supervisor"}), Reach.AGENCY, Access.CHANGE),
)


def openable_by(actor: Actor) -> Q:
    """The agreements of the actor's agencies, whichever proposed them."""
    first = openable(RULES, actor, AGREEMENT, Paths(agency="agency_ref"))
    return first | openable(RULES, actor, AGREEMENT, Paths(agency="partner_ref"))


def may_sign(actor: Actor, agency: UUID) -> bool:
    """Whether an actor speaks for an agency where agreements are concerned."""
    return decide(RULES, actor, Thing(AGREEMENT, agency_ref=agency)).access >= Access.CHANGE


def check_may_sign(actor: Actor, agency: UUID) -> None:
    """Only a supervisor signs for her agency, and ends what it signed.

    Raises:
        Refused: PEOPLE-070 she does not speak for it.
    """
    if not may_sign(actor, agency):
        raise Refused(
            "PEOPLE-070",
            "An agreement is proposed, signed and ended by a supervisor of one of the two agencies.",
            cure="Ask your supervisor.",
        )
