"""Who sees and changes sources: specialists those of their agency, the data officer those of the province."""

from django.db.models import Q

from sarana.basics.actors import Actor, Grant
from sarana.basics.errors import Refused
from sarana.basics.policy import Access, Thing, applicable, decide
from sarana.ground.rules import Paths, openable
from sarana.learning.population.policy import (
    BOUNDARIES,
    CLOSED_KINDS,
    CLOSED_ROLES,
    HOLDING,
    OFFICER,
    SOURCE,
    SOURCES,
    SPECIALIST,
    UPDATE,
)
from sarana.learning.population.sources.models import Source

PATHS = Paths(agency="agency__ref", agency_path="agency__path", area="area")


def openable_by(actor: Actor) -> Q:
    """The sources that an actor may see; whether she has a door here at all is asked before."""
    return openable(SOURCES, actor, SOURCE, PATHS)


def has_role(actor: Actor) -> bool:
    """True for the roles that hand files over, with a second factor; the place stands in their bar."""
    return any(applicable(rule, actor) for rule in SOURCES if rule.kind == SOURCE) and not actor.roles & CLOSED_ROLES


def check_may_look(actor: Actor, kinds: frozenset[str]) -> None:
    """Make sure that an actor has a door here.

    Args:
        actor: who asks.
        kinds: the kinds of all agencies in which she works.

    Raises:
        Refused: POPULATION-030 she has none.
    """
    if not has_role(actor) or kinds & CLOSED_KINDS:
        raise Refused(
            "POPULATION-030",
            "Sources are for those who hand files over, and for the provincial data officer.",
            cure="Police, prosecution, courts, immigration and borders have no door here. Others ask their "
            "administrator for the role of data specialist.",
        )


def check_may_register(actor: Actor, agency_ref: object, area: str) -> None:
    """Only for an agency in which she hands files over, and in its mandate.

    Raises:
        Refused: POPULATION-030 it is not hers.
    """
    if not any(grant.agency_ref == agency_ref and _holds(grant, area) for grant in grants_of(actor)):
        raise not_hers()


def check_may_change(actor: Actor, source: Source) -> None:
    """The specialists of its agency, and the officer of its province.

    Raises:
        Refused: POPULATION-030 it is not hers.
    """
    thing = Thing(SOURCE, agency_ref=source.agency.ref, agency_path=source.agency.path, area=source.area)
    if not has_role(actor) or decide(SOURCES, actor, thing).access < Access.CHANGE:
        raise not_hers()


def grants_of(actor: Actor) -> tuple[Grant, ...]:
    """The roles with which she registers sources, each in its agency; none where she has no door here."""
    return actor.grants_as(SPECIALIST | OFFICER) if has_role(actor) else ()


def _holds(grant: Grant, area: str) -> bool:
    """Whether a mandate reaches into a province, or holds it."""
    return any(area.startswith(held) or held.startswith(area) for held in grant.mandate)


def not_hers() -> Refused:
    """What is said to whoever has no part in a source."""
    return Refused(
        "POPULATION-030",
        "Sources are seen to by the specialists of the agency, and by the officer of the province.",
        cure="Ask one of them.",
    )


def updates_openable_by(actor: Actor) -> Q:
    """The updates of the provinces for which an actor answers."""
    return openable(SOURCES, actor, UPDATE, PATHS)


def holdings_openable_by(actor: Actor) -> Q:
    """The registers of offices of the provinces for which an actor answers."""
    return openable(SOURCES, actor, HOLDING, PATHS)


def boundaries_openable_by(actor: Actor) -> Q:
    """The boundary files of the provinces for which an actor answers."""
    return openable(SOURCES, actor, BOUNDARIES, PATHS)


def may_update(actor: Actor) -> bool:
    """True for the officer of a province, with a second factor."""
    return bool(officer_grants(actor))


def check_may_look_at_updates(actor: Actor, kinds: frozenset[str]) -> None:
    """Make sure that an actor has a door to yearly updates.

    Raises:
        Refused: POPULATION-030 she has none.
    """
    check_may_look(actor, kinds)
    if not may_update(actor):
        raise not_hers()


def officer_grants(actor: Actor) -> tuple[Grant, ...]:
    """The roles with which she answers for provinces, each in its agency; none where she has no door here."""
    return actor.grants_as(OFFICER) if has_role(actor) else ()


def answers_for(actor: Actor, area: str) -> bool:
    """Whether she answers for the whole province: of a district her mandate is too narrow for updates."""
    return has_role(actor) and decide(SOURCES, actor, Thing(UPDATE, area=area)).access >= Access.CHANGE


def check_may_update(actor: Actor, area: str, agency_ref: object = None) -> None:
    """Only whoever answers for the province; for an agency, where one is named, only if she is its officer there.

    Raises:
        Refused: POPULATION-030 it is not hers.
    """
    if not answers_for(actor, area):
        raise not_hers()
    if agency_ref is not None and agency_ref not in {grant.agency_ref for grant in officer_grants(actor)}:
        raise not_hers()
