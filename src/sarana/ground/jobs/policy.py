"""Who sees long work, and who stops it or goes on with it."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import ANYBODY, Access, Reach, Rule, Thing, decide
from sarana.ground.jobs.models import Job
from sarana.ground.rules import Paths, openable

KIND = "job"
NOBODYS = "job-of-nobody"
OPERATOR = frozenset({"system-operator"})

TABLE = (
    # Whoever asked for work watches it, stops it and goes on with it; so does the operator of her agency.
    Rule(KIND, ANYBODY, Reach.SELF, Access.CHANGE, needs_strong=False),
    Rule(KIND, OPERATOR, Reach.BELOW, Access.CHANGE),
    # What the schedule or a command asked for belongs to the installation: every operator sees to it.
    Rule(NOBODYS, OPERATOR, Reach.EVERYWHERE, Access.CHANGE),
)
PATHS = Paths(agency="agency__ref", agency_path="agency__path", owner="account__ref")


def openable_by(actor: Actor) -> Q:
    """One's own work, and for an operator all work of her agency and of those below, and of the installation itself."""
    if actor.is_local:
        return Q()
    nobodys = Q(account__isnull=True, agency__isnull=True)
    return openable(TABLE, actor, KIND, PATHS) | (openable(TABLE, actor, NOBODYS, Paths()) & nobodys)


def may_change(actor: Actor, job: Job) -> bool:
    """True where the actor may stop a piece of work and go on with it."""
    if actor.is_local:
        return True
    agency, account = job.agency, job.account
    if agency is None and account is None:
        return decide(TABLE, actor, Thing(NOBODYS)).access >= Access.CHANGE
    thing = Thing(
        KIND,
        agency_ref=agency.ref if agency else None,
        agency_path=agency.path if agency else "",
        owner_ref=account.ref if account else None,
    )
    return decide(TABLE, actor, thing).access >= Access.CHANGE


def check_may_change(actor: Actor, job: Job) -> None:
    """Whoever asked for it, or the operator of her agency."""
    if not may_change(actor, job):
        raise Refused("JOBS-001", "Only the one who asked for this work, or the operator, stops it or goes on with it.")
