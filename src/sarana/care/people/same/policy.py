"""Who judges whether two records are of one person: supervisors, about people whom they may open."""

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import Access, Reach, Rule, applicable
from sarana.ground.vault.identities.policy import PURPOSES

LIKENESS = "people-likeness"

RULES = (Rule(LIKENESS, frozenset({"supervisor"}), Reach.AGENCY, Access.CHANGE, purposes=PURPOSES),)


def has_role(actor: Actor) -> bool:
    """True for supervisors with a second factor."""
    return actor.is_strong and bool(actor.grants_as({"supervisor"}))


def may_judge(actor: Actor) -> bool:
    """Whether an actor judges in any agency of hers, for the purpose that she stated."""
    return any(applicable(rule, actor) for rule in RULES)


def check_may_judge(actor: Actor) -> None:
    """Make sure that an actor judges.

    Raises:
        Refused: PEOPLE-060 she is no supervisor.
    """
    if not may_judge(actor):
        raise Refused(
            "PEOPLE-060",
            "Whether two records are of one person is judged by a supervisor of the agency.",
            cure="Ask your supervisor; write down by which papers you know.",
        )
