"""Who may read what was done: each her own, the data-protection officer her agency's, nobody anything by default."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.policy import ANYBODY, Access, Reach, Rule
from sarana.ground.rules import Paths, openable

KIND = "entry"

TABLE = (
    Rule(KIND, ANYBODY, Reach.SELF, Access.OPEN, needs_strong=False),
    Rule(KIND, frozenset({"data-protection-officer"}), Reach.AGENCY, Access.OPEN),
)

DONE_BY_THE_AGENCY = Paths(agency="agency_ref", owner="actor_ref")
DONE_TO_THE_AGENCY = Paths(agency="owner_agency_ref")


def openable_by(actor: Actor) -> Q:
    """Acts of people of the officer's agency, acts on what belongs to it, and what one did oneself."""
    return openable(TABLE, actor, KIND, DONE_BY_THE_AGENCY) | openable(TABLE, actor, KIND, DONE_TO_THE_AGENCY)
