"""Who reads code lists and purposes, and who brings new ones, translates words and ends a purpose."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import ANYBODY, Access, Reach, Rule, Thing, decide
from sarana.ground.codelists.models import Purpose
from sarana.ground.rules import Paths, openable

KIND = "codelist"
PURPOSE = "purpose"
CUSTODIAN = frozenset({"data-custodian"})
KEEPERS = frozenset({"data-custodian", "system-operator"})

TABLE = (
    # Words and areas are facts of the world: whoever works here reads them.
    Rule(KIND, ANYBODY, Reach.EVERYWHERE, Access.OPEN, needs_strong=False),
    Rule(KIND, KEEPERS, Reach.EVERYWHERE, Access.CHANGE),
    # For what people may be looked at is known to all; whoever keeps the data says it, not whoever reads who looked.
    Rule(PURPOSE, ANYBODY, Reach.EVERYWHERE, Access.OPEN, needs_strong=False),
    Rule(PURPOSE, CUSTODIAN, Reach.EVERYWHERE, Access.CHANGE),
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


def openable_purposes(actor: Actor) -> Q:
    """Every purpose, for everybody who works here; the operator's own line reads too."""
    return Q() if actor.is_local else openable(TABLE, actor, PURPOSE, Paths())


def may_keep_purposes(actor: Actor) -> bool:
    """True where the actor may add a purpose and end one."""
    return actor.is_local or decide(TABLE, actor, Thing(PURPOSE)).access >= Access.CHANGE


def check_may_keep_purposes(actor: Actor) -> None:
    """A data custodian adds purposes and ends them."""
    if not may_keep_purposes(actor):
        raise Refused("CODELISTS-012", "Only a data custodian adds a purpose or ends one.")


def check_may_state(actor: Actor, purpose: Purpose) -> None:
    """A purpose is stated while it is in force, by whoever holds one of its roles."""
    if not (purpose.is_in_force(actor.today) and actor.roles & set(purpose.roles)):
        raise Refused("CODELISTS-015", "This purpose is not in force, or is not for your role.")
