"""Who judges pairs: the linkage reviewers of the province, for that purpose, and nobody else."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.policy import Access, Thing, applicable, decide
from sarana.ground.rules import Paths, openable
from sarana.learning.population.opened.policy import SHUT_TO_PEOPLE, own
from sarana.learning.population.policy import CLOSED_ROLES, FOR_LINKAGE, PAIR, PAIRS, QUEUE

OF_A_RUN = Paths(area="area")
MOST_A_DAY = 200
"""So many pairs one person opens on one day: more than anybody judges with care, and too few to read a province."""


def openable_by(actor: Actor) -> Q:
    """The runs whose queue an actor may see; whether she has a door here at all is asked before."""
    return openable(PAIRS, own(actor), QUEUE, OF_A_RUN)


def has_role(actor: Actor) -> bool:
    """True for reviewers with a second factor; the place stands in their bar."""
    return any(applicable(rule, actor) for rule in PAIRS if rule.kind == QUEUE) and not actor.roles & CLOSED_ROLES


def has_purpose(actor: Actor) -> bool:
    """Whether she stated the purpose for which pairs are opened."""
    return actor.purpose in FOR_LINKAGE


def check_may_look(actor: Actor, kinds: frozenset[str]) -> None:
    """Make sure that an actor has a door here.

    Args:
        actor: who asks.
        kinds: the kinds of all agencies in which she works.

    Raises:
        Refused: POPULATION-110 she has none.
    """
    if not has_role(actor) or kinds & SHUT_TO_PEOPLE:
        raise _not_hers()


def check_may_judge(actor: Actor, area: str) -> None:
    """Only the reviewers of the province, and only when they said what for.

    Raises:
        NotYet: POPULATION-111 she did not state the purpose.
        Refused: POPULATION-110 the pair is not hers.
    """
    if decide(PAIRS, own(actor), Thing(QUEUE, area=area)).access < Access.OPEN or not has_role(actor):
        raise _not_hers()
    if decide(PAIRS, own(actor), Thing(PAIR, area=area)).access < Access.CHANGE:
        raise NotYet(
            "POPULATION-111",
            "Names are shown only to somebody who says what for.",
            cure="State the purpose on the page of the queue, and open the pair again.",
        )


def _not_hers() -> Refused:
    return Refused(
        "POPULATION-110",
        "Pairs are judged by the linkage reviewers of the province.",
        cure="Police, prosecution, courts, immigration, borders, and those who decide on papers, work or benefits "
        "have no door here. Others ask their administrator for the role of linkage reviewer.",
    )
