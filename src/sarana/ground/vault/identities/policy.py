"""Who seals, opens, shares, ends and erases identities: those who help, each in her own agency, for a purpose."""

from uuid import UUID

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.policy import Access, Reach, Rule, Thing, applicable, decide
from sarana.ground.rules import Paths, openable

KIND = "identity"
SHARING = "identity-sharing"
ENDING = "identity-ending"
KEYS = "identity-keys"
EARLIER = "identity-earlier"
CUTTING_OFF = "identity-cutting-off"

HELPERS = frozenset({"case-worker", "supervisor", "intake-desk", "investigator", "prosecutor", "shelter", "health"})
CUSTODIAN = frozenset({"data-custodian"})
LOOKING_BACK = frozenset({"justice", "own-request"})
"""For what is opened that was changed while a person was held."""

PURPOSES = frozenset({"identification", "help", "referral", "justice", "own-request"})

TABLE = (
    Rule(KIND, HELPERS, Reach.AGENCY, Access.CHANGE, purposes=PURPOSES),
    # What a person took back is ended at once, whatever for somebody is here now.
    Rule(SHARING, HELPERS | CUSTODIAN, Reach.AGENCY, Access.CHANGE),
    Rule(ENDING, frozenset({"supervisor"}) | CUSTODIAN, Reach.AGENCY, Access.CHANGE),
    Rule(KEYS, CUSTODIAN, Reach.AGENCY, Access.CHANGE),
    # Whoever helps a person needs what is true today; what was before is handed to a court by whoever keeps the data.
    Rule(EARLIER, CUSTODIAN, Reach.AGENCY, Access.CHANGE, purposes=LOOKING_BACK),
    # An agency that has a conflict of interest is cut off by those who write that down; nothing is opened for it.
    Rule(CUTTING_OFF, frozenset({"supervisor", "data-protection-officer"}), Reach.AGENCY, Access.CHANGE),
)

PATHS = Paths(agency="agency_ref")


def has_role(actor: Actor) -> bool:
    """True for the roles that open identities once they stated a purpose, with a second factor."""
    return actor.is_strong and bool(actor.grants_as(HELPERS))


def has_purpose(actor: Actor) -> bool:
    """True where she stated one that opens identities in a role of hers."""
    return any(applicable(rule, actor) for rule in TABLE if rule.kind == KIND)


def openable_by(actor: Actor) -> Q:
    """The people of the agencies for which an actor opens identities now."""
    return openable(TABLE, actor, KIND, PATHS)


def endable_by(actor: Actor) -> Q:
    """The bases that an actor may end, whatever for she is here."""
    return openable(TABLE, actor, SHARING, PATHS)


def agencies_of(actor: Actor) -> frozenset[UUID]:
    """The agencies for which an actor opens identities now."""
    return frozenset(grant.agency_ref for grant in actor.grants_as(HELPERS)) if has_purpose(actor) else frozenset()


def may(actor: Actor, kind: str, agency: UUID) -> bool:
    """True where an actor may change things of a kind in an agency."""
    return decide(TABLE, actor, Thing(kind, agency_ref=agency)).access >= Access.CHANGE


def agencies_kept_by(actor: Actor) -> list[UUID]:
    """The agencies whose keys an actor changes."""
    held = {grant.agency_ref for grant in actor.grants_as(CUSTODIAN)}
    return sorted(ref for ref in held if may(actor, KEYS, ref))


def check_may_keep_keys(actor: Actor) -> None:
    """Make sure that an actor keeps the keys of some agency; the operator at the machine keeps all.

    Raises:
        Refused: VAULT-094 she keeps none.
    """
    if not (actor.is_local or agencies_kept_by(actor)):
        raise Refused(
            "VAULT-094",
            "The keys of an agency are changed by its data custodian alone.",
            cure="Ask the data custodian of your agency, who signs in with a second factor.",
        )


def check_may_look(actor: Actor) -> None:
    """Make sure that an actor has a door to identities, and says for what.

    Raises:
        Refused: VAULT-060 she has none. NotYet: VAULT-061 no purpose is stated that opens it.
    """
    if not has_role(actor):
        raise _no_door()
    if not has_purpose(actor):
        raise _no_purpose()


def may_look_back(actor: Actor) -> bool:
    """True where she stated a purpose for which a custodian opens what was changed while people were held."""
    return any(applicable(rule, actor) for rule in TABLE if rule.kind == EARLIER)


def check_may_look_back(actor: Actor) -> None:
    """Make sure that an actor is a custodian, and says for what she opens what was changed while people were held.

    Raises:
        Refused: VAULT-060 she is none. NotYet: VAULT-061 no purpose is stated that opens it.
    """
    if not agencies_kept_by(actor):
        raise _no_door()
    if not may_look_back(actor):
        raise _no_purpose()


def check_may_seal(actor: Actor, agency: UUID) -> None:
    """Make sure that an actor keeps identities for an agency.

    Raises:
        Refused: VAULT-060 she does not. NotYet: VAULT-061 no purpose is stated.
    """
    check_may_look(actor)
    if not may(actor, KIND, agency):
        raise _no_door()


def check_may(actor: Actor, kind: str, agency: UUID) -> None:
    """Make sure that an actor ends, holds, erases or turns keys for an agency; the operator turns keys for all.

    Raises:
        Refused: VAULT-060 she does not.
    """
    if not (may(actor, kind, agency) or (kind == KEYS and actor.is_local)):
        raise _no_door()


def check_is_machine(actor: Actor) -> None:
    """Make sure that the machine itself works, for what is derived from who people are.

    Raises:
        Refused: VAULT-060 somebody else does.
    """
    if not actor.is_local:
        raise _no_door()


def _no_purpose() -> NotYet:
    return NotYet(
        "VAULT-061",
        "Nobody opens who a person is without saying for what.",
        cure="State a purpose; it stands beside everything that you open until you sign out.",
    )


def _no_door() -> Refused:
    return Refused(
        "VAULT-060",
        "Who a person is opens only for those who help the person, in their own agency.",
        cure="Ask a case worker or a supervisor of that agency. Operators, officers of data protection and analysts "
        "have no door here.",
    )
