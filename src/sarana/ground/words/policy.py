"""Who sees what is proposed, who proposes, and who may speak."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import ANYBODY, Access, Reach, Rule, Thing, decide
from sarana.ground.accounts.guarded import ADMINISTRATOR, GUARDED_ROLES, OFFICER
from sarana.ground.accounts.models import Agency
from sarana.ground.rules import Paths, openable

KIND = "proposal"
SPEAKERS = frozenset({ADMINISTRATOR, OFFICER, "supervisor"})
"""Who may give a second word in her own agency; in a partner agency its administrator and its officer may."""

TABLE = (
    Rule(KIND, frozenset({ADMINISTRATOR}), Reach.BELOW, Access.CHANGE),
    Rule(KIND, SPEAKERS, Reach.AGENCY, Access.OPEN),
    # Whoever was told of it may read it and object.
    Rule(KIND, ANYBODY, Reach.ASSIGNED, Access.OPEN, needs_strong=False),
)
OWN = Paths(agency="agency__ref", agency_path="agency__path", assigned="notices__account__ref")


def openable_by(actor: Actor) -> Q:
    """What is proposed in one's agency, what one was told of, and what the agency was asked as a partner."""
    partners = [grant.agency_ref for grant in actor.grants_as(GUARDED_ROLES)] if actor.is_strong else []
    asked = Q(partner__ref__in=partners) if partners else Q(pk__in=())
    return openable(TABLE, actor, KIND, OWN) | asked


def check_may_propose_somewhere(actor: Actor) -> None:
    """The page with the forms is for administrators, of whichever agency."""
    if not (actor.is_strong and actor.grants_as((ADMINISTRATOR,))):
        raise Refused("POLICY-005", "Only an administrator of this agency, or of one above it, proposes this.")


def check_may_propose(actor: Actor, agency: Agency) -> None:
    """An administrator of the agency, or of one above it, proposes."""
    thing = Thing(KIND, agency_ref=agency.ref, agency_path=agency.path)
    if decide(TABLE, actor, thing).access < Access.CHANGE:
        raise Refused("POLICY-005", "Only an administrator of this agency, or of one above it, proposes this.")
