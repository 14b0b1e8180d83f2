"""Who opens people: those who help, in their own agency and for a purpose; another agency what a basis lets it read."""

from dataclasses import replace
from uuid import UUID

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.policy import ANY_PURPOSE, Access, Level, Reach, Rule, Thing, applicable, decide
from sarana.care.people.alarms.policy import RULES as ALARMS
from sarana.care.people.asking.policy import RULES as AGREEMENTS
from sarana.care.people.conflict.policy import RULES as CONFLICTS
from sarana.care.people.conflict.queries.hiding import hidden_from
from sarana.care.people.emergency.policy import RULES as EMERGENCIES
from sarana.care.people.emergency.policy import opened_for
from sarana.care.people.knowing.queries import hers
from sarana.care.people.models import Emergency, Person
from sarana.care.people.same.policy import RULES as LIKENESSES
from sarana.ground.rules import Paths, openable
from sarana.ground.vault.identities.policy import HELPERS, PURPOSES

KIND = "person"

BY_ALL, CLOSELY = frozenset({Level.OPEN, Level.AUDITED}), frozenset({Level.PROTECTED, Level.CLOSED})
TABLE = (
    *AGREEMENTS,
    Rule(KIND, HELPERS, Reach.AGENCY, Access.CHANGE, BY_ALL, PURPOSES),
    Rule(KIND, HELPERS, Reach.ASSIGNED, Access.CHANGE, CLOSELY, PURPOSES),
    Rule(KIND, frozenset({"supervisor"}), Reach.AGENCY, Access.CHANGE, frozenset({Level.PROTECTED}), PURPOSES),
    *ALARMS,
    *LIKENESSES,
    *EMERGENCIES,
    *CONFLICTS,
)
UNASKED = tuple(replace(rule, purposes=ANY_PURPOSE) for rule in TABLE if rule.kind == KIND)
PATHS = Paths(agency="agency_ref", level="level", assigned="pk", assigned_to=hers)
FOUND = replace(PATHS, is_found=True)


def has_role(actor: Actor) -> bool:
    """True for those who help, with a second factor; the place stands in their bar."""
    return any(applicable(rule, actor) for rule in UNASKED)


def has_purpose(actor: Actor) -> bool:
    """Whether she stated a purpose that opens people in a role of hers."""
    return any(applicable(rule, actor) for rule in TABLE if rule.kind == KIND)


def openable_by(actor: Actor) -> Q:
    """The people of her own agencies whom an actor may know of now."""
    return openable(TABLE, actor, KIND, PATHS) & Q(agency_ref__in=actor.agency_refs) & unhidden(actor)


def of_found(actor: Actor) -> Q:
    """The same of people whom another condition finds, by their rows: twenty of a million are then found at once."""
    return openable(TABLE, actor, KIND, FOUND) & Q(agency_ref__also_in=actor.agency_refs) & unhidden(actor)


def known_by(actor: Actor) -> Q:
    """The people of her own agencies whom an actor may know of for some purpose, whether she stated one or not.

    For what must always work, such as taking a consent back, and for what Today counts.
    """
    return openable(UNASKED, actor, KIND, PATHS) & Q(agency_ref__in=actor.agency_refs) & unhidden(actor)


def opened_in_emergency(actor: Actor, at: str = "") -> Q:
    """People whom the actor opened in an emergency that lasts, one by one; they stand on no list of hers.

    `at` is where the person stands, seen from the row. Use `.distinct()` with it.
    """
    return opened_for(actor, at) & unhidden(actor, at)


def unhidden(actor: Actor, at: str = "") -> Q:
    """People about whom neither the actor nor an agency of hers has a conflict of interest."""
    return ~Q(**{f"{at}pk__in": hidden_from(actor)})


def given_to(actor: Actor) -> Q:
    """People of other agencies of whom a living basis lets the actor's agencies read something, for her purpose."""
    if not has_purpose(actor):
        return Q(pk__in=())
    mine = frozenset(grant.agency_ref for grant in actor.grants_as(HELPERS))
    return Q(
        subject__bases__recipient_ref__in=mine,
        subject__bases__ended_at__isnull=True,
        subject__bases__until__gte=actor.today,
        subject__bases__purpose=actor.purpose,
    ) & unhidden(actor)


def may_know(actor: Actor, agency: UUID, level: str, *, is_assigned: bool) -> bool:
    """Whether an actor may know of a person of an agency, kept so closely; the twin of `openable_by` for one row."""
    if agency not in actor.agency_refs:
        return False
    assigned = frozenset({actor.account_ref}) if is_assigned else frozenset[UUID]()
    thing = Thing(KIND, agency_ref=agency, level=Level(level), assigned_refs=assigned)
    return decide(TABLE, actor, thing).access >= Access.MASKED


def may_change(actor: Actor, person: Person, assigned: frozenset[UUID]) -> bool:
    """Whether an actor may change a person; `assigned` are those who work with her."""
    if person.agency_ref not in actor.agency_refs:
        return False
    thing = Thing(KIND, agency_ref=person.agency_ref, level=Level(person.level), assigned_refs=assigned)
    return decide(TABLE, actor, thing).access >= Access.CHANGE


def check_has_role(actor: Actor) -> None:
    """Make sure that an actor has a door to people, whatever she states.

    Raises:
        Refused: PEOPLE-003 she has none.
    """
    if not has_role(actor):
        raise _no_door()


def check_may_look(actor: Actor) -> None:
    """Make sure that an actor has a door to people, and said for what.

    Raises:
        Refused: PEOPLE-003 she has none. NotYet: PEOPLE-004 no purpose is stated that opens it.
    """
    check_has_role(actor)
    if not has_purpose(actor):
        raise NotYet(
            "PEOPLE-004",
            "Nobody opens people without saying for what.",
            cure="State a purpose; it stands beside everything that you open until you sign out.",
        )


def check_may_enter(actor: Actor, agency: UUID) -> None:
    """Make sure that an actor enters people for an agency.

    Raises:
        Refused: PEOPLE-003 she does not. NotYet: PEOPLE-004 no purpose is stated.
    """
    check_may_look(actor)
    if decide(TABLE, actor, Thing(KIND, agency_ref=agency, level=Level.AUDITED)).access < Access.CHANGE:
        raise _no_door()


def check_may_change(actor: Actor, person: Person, assigned: frozenset[UUID]) -> None:
    """Make sure that an actor may change a person.

    Raises:
        Refused: PEOPLE-003 she may not: the person is of another agency, or is kept closely.
    """
    if not may_change(actor, person, assigned):
        raise _no_door()


def check_is_confirmed(emergency: Emergency) -> None:
    """Make sure that a second person confirmed the emergency in which somebody is open.

    Raises:
        NotYet: PEOPLE-084 nobody did.
    """
    if emergency.confirmed_at is None:
        raise NotYet(
            "PEOPLE-084",
            "Nobody confirmed this emergency yet, so nothing of this person can be changed.",
            cure="Call your supervisor or whoever works with this person: one of them confirms it on the page of the "
            "emergency.",
        )


def _no_door() -> Refused:
    return Refused(
        "PEOPLE-003",
        "People are opened by those who help them, in their own agency, after signing in with a second factor.",
        cure="Ask a case worker or a supervisor of that agency. Operators, officers of data protection and analysts "
        "have no door here.",
    )
