"""Who may read what was done: each her own, the data-protection officer her agency's, nobody anything by default."""

from uuid import UUID

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import ANYBODY, Access, Reach, Rule, Thing, decide
from sarana.ground.rules import Paths, openable

KIND = "entry"
COUNT = "worker-count"
OFFICER = frozenset({"data-protection-officer"})
LEADER = frozenset({"supervisor"})

TABLE = (
    Rule(KIND, ANYBODY, Reach.SELF, Access.OPEN, needs_strong=False),
    Rule(KIND, OFFICER, Reach.AGENCY, Access.OPEN),
    # How much somebody did is seen by herself and by the leader of her team, and by no officer and no administrator.
    Rule(COUNT, ANYBODY, Reach.SELF, Access.OPEN, needs_strong=False),
    Rule(COUNT, LEADER, Reach.AGENCY, Access.OPEN),
)

DONE_BY_THE_AGENCY = Paths(agency="agency_ref", owner="actor_ref")
DONE_TO_THE_AGENCY = Paths(agency="owner_agency_ref")


def openable_by(actor: Actor) -> Q:
    """Acts of people of the officer's agency, acts on what belongs to it, and what one did oneself."""
    return openable(TABLE, actor, KIND, DONE_BY_THE_AGENCY) | openable(TABLE, actor, KIND, DONE_TO_THE_AGENCY)


def branches(actor: Actor) -> list[tuple[str, UUID]]:
    """The same rows as `openable_by`, as columns and values that one index each answers; a test holds them together."""
    own = ("actor_ref", actor.account_ref)
    parts = [own] if _may(actor, Thing(KIND, owner_ref=actor.account_ref)) else []
    for agency in officer_agencies(actor):
        parts += [("agency_ref", agency), ("owner_agency_ref", agency)]
    return parts


def officer_agencies(actor: Actor) -> list[UUID]:
    """The agencies whose acts an actor may read as their officer."""
    return [ref for ref in sorted(actor.agency_refs) if _may(actor, Thing(KIND, agency_ref=ref))]


def leader_agencies(actor: Actor) -> list[UUID]:
    """The agencies in which an actor leads a team and may see how much each did."""
    return [ref for ref in sorted(actor.agency_refs) if _may(actor, Thing(COUNT, agency_ref=ref))]


def countable_by(actor: Actor) -> Q:
    """The acts that an actor may count by named worker: her own, and those done in agencies where she leads."""
    return openable(TABLE, actor, COUNT, DONE_BY_THE_AGENCY)


def may_read_all(actor: Actor) -> bool:
    """True for an officer of any agency."""
    return bool(officer_agencies(actor))


def check_may_report(actor: Actor) -> None:
    """Access reports and what is worth a question are for the data-protection officer."""
    if not may_read_all(actor):
        raise Refused(
            "LEDGER-011",
            "Only the data-protection officer, signed in with a second factor, reads who looked at what.",
            cure="Ask the officer of your agency; what you did yourself stands under your own acts.",
        )


def _may(actor: Actor, thing: Thing) -> bool:
    return decide(TABLE, actor, thing).access >= Access.OPEN
