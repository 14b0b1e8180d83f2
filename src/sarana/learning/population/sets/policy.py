"""Who reads sets, who argues over them, who changes a province's own, and whose two words adopt one."""

from sarana.basics.actors import Actor, Grant
from sarana.basics.errors import Refused
from sarana.basics.policy import Access, Thing, applicable, decide
from sarana.learning.population import policy as maps
from sarana.learning.population.policy import (
    ARGUERS,
    CHANGERS,
    CLOSED_KINDS,
    CLOSED_ROLES,
    OFFICER,
    SET,
    SET_NOTE,
    SET_WORD,
    SETS,
)
from sarana.learning.population.sets.models import OwnSet, SetNote


def has_role(actor: Actor) -> bool:
    """True for the roles that read sets, with a second factor."""
    return any(applicable(rule, actor) for rule in SETS if rule.kind == SET) and not actor.roles & CLOSED_ROLES


def has_only_this(actor: Actor) -> bool:
    """True for those who read sets and no map, whose bar would otherwise lead nowhere near them."""
    return has_role(actor) and not maps.has_role(actor)


def check_may_look(actor: Actor, kinds: frozenset[str]) -> None:
    """Make sure that an actor has a door here.

    Args:
        actor: who asks.
        kinds: the kinds of all agencies in which she works.

    Raises:
        Refused: POPULATION-140 she has none.
    """
    if not has_role(actor) or kinds & CLOSED_KINDS:
        raise Refused(
            "POPULATION-140",
            "Indicator sets are for those who plan help, and for data custodians.",
            cure="Police, prosecution, courts, immigration and borders have no door here. Others ask the provincial "
            "data officer.",
        )


def arguer_grants(actor: Actor) -> tuple[Grant, ...]:
    """The roles with which she leaves notes, each in its agency."""
    return actor.grants_as(ARGUERS) if has_role(actor) else ()


def may_argue(actor: Actor) -> bool:
    """True for those who leave notes."""
    return bool(arguer_grants(actor))


def check_may_argue(actor: Actor, agency_ref: object = None) -> None:
    """Analysts, provincial data officers and data custodians leave notes, each for an agency of hers.

    Raises:
        Refused: POPULATION-141 she is none of them.
    """
    mine = {grant.agency_ref for grant in arguer_grants(actor)}
    if not may_argue(actor) or (agency_ref is not None and agency_ref not in mine):
        raise Refused(
            "POPULATION-141",
            "Notes are left by analysts, provincial data officers and data custodians.",
            cure="Tell one of them what you know.",
        )


def may_take_back(actor: Actor, note: SetNote) -> bool:
    """True for the one who said it."""
    thing = Thing(SET_NOTE, owner_ref=note.said_by_ref)
    return has_role(actor) and decide(SETS, actor, thing).access >= Access.CHANGE


def check_may_take_back(actor: Actor, note: SetNote) -> None:
    """Only the one who said it takes it back.

    Raises:
        Refused: POPULATION-141 it is another's.
    """
    if not may_take_back(actor, note):
        raise Refused("POPULATION-141", "Only the one who left this note takes it back.", cure="Leave a note of yours.")


def changer_grants(actor: Actor) -> tuple[Grant, ...]:
    """The roles with which she copies and changes sets of provinces, each in its agency."""
    return actor.grants_as(CHANGERS) if has_role(actor) else ()


def may_change(actor: Actor, own: OwnSet) -> bool:
    """True for the analysts and the officers of its province."""
    return may_change_in(actor, own.area)


def may_change_in(actor: Actor, area: str) -> bool:
    """True for the analysts and the officers of a province."""
    return has_role(actor) and decide(SETS, actor, Thing(SET, area=area)).access >= Access.CHANGE


def check_may_change(actor: Actor, area: str, agency_ref: object = None) -> None:
    """The analysts and the officers of a province, for an agency of theirs where one is named.

    Raises:
        Refused: POPULATION-142 she is none of them.
    """
    mine = {grant.agency_ref for grant in changer_grants(actor)}
    if not may_change_in(actor, area) or (agency_ref is not None and agency_ref not in mine):
        raise not_hers()


def may_propose(actor: Actor, own: OwnSet) -> bool:
    """True for the officers of its province."""
    holds = any(own.area.startswith(held) for grant in actor.grants_as(OFFICER) for held in grant.mandate if held)
    return may_change(actor, own) and holds


def check_may_propose(actor: Actor, own: OwnSet) -> None:
    """Only the officers of its province propose that a set be used.

    Raises:
        Refused: POPULATION-142 she is none of them.
    """
    if not may_propose(actor, own):
        raise not_hers()


def may_agree(actor: Actor, own: OwnSet) -> bool:
    """True for a data custodian or an officer of its province who is not the one who proposed it."""
    is_hers = has_role(actor) and decide(SETS, actor, Thing(SET_WORD, area=own.area)).access >= Access.CHANGE
    return is_hers and own.proposed_by_ref != actor.account_ref


def check_may_agree(actor: Actor, own: OwnSet) -> None:
    """A second person: a data custodian of the province, or another of its officers.

    Raises:
        Refused: POPULATION-143 it is the one who proposed it, or somebody else's province.
    """
    if not may_agree(actor, own):
        raise Refused(
            "POPULATION-143",
            "A set is adopted by two people: an officer of the province proposes it, and a data custodian or another "
            "officer of the province agrees.",
            cure="Ask one of them.",
        )


def may_put_aside(actor: Actor, own: OwnSet) -> bool:
    """True for whoever changes a draft; what was proposed or adopted, for those who propose or agree."""
    if own.state == OwnSet.State.ASIDE:
        return False
    if own.state == OwnSet.State.DRAFT:
        return may_change(actor, own)
    return may_propose(actor, own) or may_agree(actor, own)


def not_hers() -> Refused:
    """What is said to whoever has no part in a province's own set."""
    return Refused(
        "POPULATION-142",
        "A province's own set is changed by its analysts and its provincial data officers, and proposed by an officer.",
        cure="Leave a note, or ask one of them.",
    )
