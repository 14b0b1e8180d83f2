"""Who sees a task: whoever holds the role for which it waits, in the agency for which it waits; nobody else at all."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.policy import Access, Reach, Rule, Thing, applicable, decide
from sarana.ground.rules import Paths, openable
from sarana.ground.tasks.models import Task

KIND = "task"
TAKERS = frozenset({"data-custodian", "data-protection-officer"})
"""The roles for which anything waits; a room that names another one adds it here."""

TABLE = (Rule(KIND, TAKERS, Reach.AGENCY, Access.CHANGE),)
OWN = Paths(agency="agency__ref")


def has_role(actor: Actor) -> bool:
    """True where anything could wait for somebody; the place stands in her bar."""
    return any(applicable(rule, actor) for rule in TABLE)


def openable_by(actor: Actor) -> Q:
    """The tasks of her agencies, each for a role that she holds in that agency."""
    held = Q(pk__in=())
    for grant in actor.grants_as(TAKERS):
        held |= Q(agency__ref=grant.agency_ref, role=grant.role)
    return openable(TABLE, actor, KIND, OWN) & held


def check_may_look(actor: Actor) -> None:
    """Make sure that anything could wait for her.

    Raises:
        Refused: TASKS-001 nothing could.
    """
    if not has_role(actor):
        raise _not_hers()


def check_may_change(actor: Actor, task: Task) -> None:
    """Whoever holds its role in its agency; what somebody else took is hers to give back or to end.

    Raises:
        Refused: TASKS-001 it waits for another role. NotYet: TASKS-002 it has ended, or somebody else took it.
    """
    may = decide(TABLE, actor, Thing(KIND, agency_ref=task.agency.ref)).access >= Access.CHANGE
    if not may or not any(g.role == task.role and g.agency_ref == task.agency.ref for g in actor.grants):
        raise _not_hers()
    if not task.is_open or (task.taken_by is not None and task.taken_by.ref != actor.account_ref):
        raise NotYet(
            "TASKS-002",
            "Somebody else took this task, or it has ended.",
            cure="Look at the list: what waits there is free to be taken.",
        )


def _not_hers() -> Refused:
    return Refused(
        "TASKS-001",
        "Tasks are seen by those for whose role they wait, and by nobody else.",
        cure="Ask your administrator if a role is missing.",
    )
