"""Who sees what was backed up, and who makes backups and tries them."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.basics.policy import Access, Reach, Rule, Thing, decide
from sarana.ground.rules import Paths, openable
from sarana.ground.vault.identities import policy as identities

KIND = "backup"
OPERATOR = frozenset({"system-operator"})
OFFICER = frozenset({"data-protection-officer"})

TABLE = (
    # A backup is of the whole installation, and sealed: whoever makes one reads nothing of it.
    Rule(KIND, OPERATOR, Reach.EVERYWHERE, Access.CHANGE),
    Rule(KIND, OFFICER, Reach.EVERYWHERE, Access.OPEN),
    *identities.TABLE,
)


def openable_by(actor: Actor) -> Q:
    """Everything, for operators and officers; the operator's own line reads too."""
    return Q() if actor.is_local else openable(TABLE, actor, KIND, Paths())


def may_see(actor: Actor) -> bool:
    """True where the actor may see where backups are and when they were tried."""
    return actor.is_local or decide(TABLE, actor, Thing(KIND)).access >= Access.OPEN


def may_make(actor: Actor) -> bool:
    """True where the actor may make backups and try them."""
    return actor.is_local or decide(TABLE, actor, Thing(KIND)).access >= Access.CHANGE


def check_may_see(actor: Actor) -> None:
    """The system's operator and data-protection officers see what was kept."""
    if not may_see(actor):
        raise Refused("VAULT-028", "Only the system's operator and data-protection officers see backups.")


def check_may_make(actor: Actor) -> None:
    """The system's operator makes backups and tries them."""
    if not may_make(actor):
        raise Refused("VAULT-029", "Only the system's operator makes backups and tries them.")
