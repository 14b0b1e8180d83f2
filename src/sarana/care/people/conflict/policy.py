"""Who writes down that somebody has a conflict of interest about a person, and who lifts it."""

from uuid import UUID

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import Access, Reach, Rule, Thing, decide

CONFLICT = "people-conflict"
FLAGGERS = frozenset({"supervisor", "data-protection-officer"})

RULES = (Rule(CONFLICT, FLAGGERS, Reach.AGENCY, Access.CHANGE),)


def may_flag(actor: Actor, agency: UUID) -> bool:
    """Whether an actor does for the people of an agency."""
    return decide(RULES, actor, Thing(CONFLICT, agency_ref=agency)).access >= Access.CHANGE


def agencies_of(actor: Actor) -> list[UUID]:
    """The agencies for whose people she does."""
    return [ref for ref in sorted(actor.agency_refs) if may_flag(actor, ref)]


def check_may_flag(actor: Actor) -> None:
    """Make sure that an actor does in any agency of hers.

    Raises:
        Refused: PEOPLE-090 she does not.
    """
    if not agencies_of(actor):
        raise Refused(
            "PEOPLE-090",
            "A conflict of interest is written down, and lifted, by a supervisor or the officer for data protection, "
            "signed in with a second factor.",
            cure="Tell one of them what you know, and the code of the person.",
        )
