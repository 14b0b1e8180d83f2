"""Who reads code lists, and who brings new ones and translates words."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import ANYBODY, Access, Reach, Rule, Thing, decide
from sarana.ground.rules import Paths, openable

KIND = "codelist"
KEEPERS = frozenset({"data-custodian", "system-operator"})

TABLE = (
    # Words and areas are facts of the world: whoever works here reads them.
    Rule(KIND, ANYBODY, Reach.EVERYWHERE, Access.OPEN, needs_strong=False),
    Rule(KIND, KEEPERS, Reach.EVERYWHERE, Access.CHANGE),
)


def openable_by(actor: Actor) -> Q:
    """Everything, for everybody who works here; the operator's own line reads too."""
    return Q() if actor.is_local else openable(TABLE, actor, KIND, Paths())


def may_change(actor: Actor) -> bool:
    """True where the actor may bring lists, put them in force and translate words."""
    return actor.is_local or decide(TABLE, actor, Thing(KIND)).access >= Access.CHANGE


def check_may_change(actor: Actor) -> None:
    """A data custodian, or the operator, brings words and areas."""
    if not may_change(actor):
        raise Refused("CODELISTS-005", "Only a data custodian or the system's operator brings words and areas.")
