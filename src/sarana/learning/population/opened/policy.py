"""Who opens pages about people: outreach workers in their own area and data custodians, each for a purpose."""

from dataclasses import replace
from uuid import UUID

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.policy import ANY_PURPOSE, Access, Thing, applicable, decide
from sarana.ground.rules import Paths, openable
from sarana.learning.population.policy import CLOSED_KINDS, CLOSED_ROLES, PEOPLE, PERSON

COUNTRY_LETTERS = 2
"""A mandate that is a country and nothing more opens no person: somebody's own area is a part of one."""

SHUT_TO_PEOPLE = CLOSED_KINDS | {"labour", "local-government", "social-welfare"}
"""Beside those who have no door to maps, whoever decides on papers, work or benefits has none to anything of people."""

OF_A_PLACE = Paths(area="area")
UNASKED = tuple(replace(rule, purposes=ANY_PURPOSE) for rule in PEOPLE)
PURPOSES = frozenset[str]().union(*(rule.purposes for rule in PEOPLE))


def has_role(actor: Actor) -> bool:
    """True for the roles that open people once they stated a purpose; with a second factor, and no closed role."""
    return any(applicable(rule, actor) for rule in UNASKED) and not actor.roles & CLOSED_ROLES


def has_purpose(actor: Actor) -> bool:
    """True where she stated one that opens people in a role of hers."""
    return any(applicable(rule, actor) for rule in PEOPLE)


def openable_by(actor: Actor) -> Q:
    """The subdistricts whose people an actor may open now; whether she has a door here is asked before."""
    return openable(PEOPLE, own(actor), PERSON, OF_A_PLACE)


def settled_by(actor: Actor) -> Q:
    """The places of those people whose corrections an actor settles."""
    return openable(tuple(r for r in PEOPLE if r.access >= Access.OPEN), own(actor), PERSON, OF_A_PLACE)


def access_to(actor: Actor, area: str) -> Access:
    """How far she may go with a person of an area: masked, or open with what is protected."""
    return decide(PEOPLE, own(actor), Thing(PERSON, area=area)).access


def own(actor: Actor) -> Actor:
    """The actor without mandates that are no more than a country."""
    return replace(
        actor,
        grants=tuple(
            replace(grant, areas=tuple(area for area in grant.areas if len(area) > COUNTRY_LETTERS))
            for grant in actor.grants
        ),
    )


def check_may_look(actor: Actor, kinds: frozenset[str]) -> None:
    """Make sure that an actor has a door to people, whatever her purpose.

    Args:
        actor: who asks.
        kinds: the kinds of all agencies in which she works.

    Raises:
        Refused: POPULATION-094 she has none.
    """
    if not has_role(actor) or kinds & SHUT_TO_PEOPLE:
        raise _no_door()


def check_may_open(actor: Actor, area: str) -> None:
    """Make sure that an actor may open people of an area now.

    Raises:
        Refused: POPULATION-094 she may not. NotYet: POPULATION-095 no purpose is stated.
    """
    check_may_look(actor, frozenset())
    check_purpose(actor)
    if access_to(actor, area) < Access.MASKED:
        raise _no_door()


def check_may_settle(actor: Actor, area: str) -> None:
    """Only the custodian of an area settles what was said there.

    Raises:
        Refused: POPULATION-094 she is not. NotYet: POPULATION-095 no purpose is stated.
    """
    check_may_open(actor, area)
    if access_to(actor, area) < Access.OPEN:
        raise _no_door()


def agency_for(actor: Actor, area: str) -> UUID:
    """The agency in whose mandate she opens people of an area; hers to answer for what she writes down there."""
    roles = frozenset[str]().union(*(rule.roles for rule in PEOPLE if applicable(rule, actor)))
    grants = own(actor).grants_as(roles)
    return next(grant.agency_ref for grant in grants if any(area.startswith(each) for each in grant.mandate))


def check_purpose(actor: Actor) -> None:
    """Make sure that a purpose is stated that opens people.

    Raises:
        NotYet: POPULATION-095 none is.
    """
    if not has_purpose(actor):
        raise NotYet(
            "POPULATION-095",
            "Nobody opens people without saying for what.",
            cure="State a purpose; it stands beside everything that you open until you sign out.",
        )


def _no_door() -> Refused:
    return Refused(
        "POPULATION-094",
        "Pages about people are for outreach workers in their own area, and for the custodian of the data.",
        cure="Police, prosecution, courts, immigration, borders, and those who decide on papers, work or benefits "
        "have no door here, and none can be given.",
    )
