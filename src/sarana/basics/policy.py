"""Who may see and change what: rows of one table, and the pure answer that follows from them.

Each room states its rows in its `policy.py`. `decide` answers for one thing in memory; `sarana.ground.rules` makes the
same rows into a query, so that a list and a single row cannot disagree (a test holds the two together on random rows).
What no row allows is not allowed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from uuid import UUID

from sarana.basics.actors import NOBODY, Actor, Grant


class Access(IntEnum):
    """How far somebody may go with a thing; each step holds the ones before it."""

    NOTHING = 0
    MASKED = 1
    OPEN = 2
    CHANGE = 3


class Level(StrEnum):
    """How closely a thing is kept, as its agency set it."""

    OPEN = "open"
    AUDITED = "audited"
    PROTECTED = "protected"
    CLOSED = "closed"


class Reach(StrEnum):
    """How a thing must stand to the actor for a row to speak of it."""

    SELF = "self"
    """It is the actor's own: her account, her sittings, what she did."""

    ASSIGNED = "assigned"
    """The actor is named on it."""

    AGENCY = "agency"
    """It belongs to the agency in which the role is held."""

    BELOW = "below"
    """It belongs to that agency or to one under it."""

    AREA = "area"
    """Its area lies in that agency's mandate."""

    EVERYWHERE = "everywhere"
    """Wherever it is."""


ALL_LEVELS = frozenset(Level)
ANY_PURPOSE: frozenset[str] = frozenset()
ANYBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: these roles, for things of this kind that stand so to the actor, go as far as `access`.

    `roles` empty (`ANYBODY`) speaks of everyone who is signed in; such a row can only reach SELF, ASSIGNED or
    EVERYWHERE, because a bare sign-in belongs to no agency. `purposes` empty means that no purpose has to be stated.
    `needs_strong` asks for a sitting opened with a second factor.
    """

    kind: str
    roles: frozenset[str]
    reach: Reach
    access: Access
    levels: frozenset[Level] = ALL_LEVELS
    purposes: frozenset[str] = ANY_PURPOSE
    needs_strong: bool = True

    def __post_init__(self) -> None:
        """A row that says nothing, or more than it seems to, cannot be written.

        Without a role it belongs to no agency; a row that allows nothing forbids nothing either, though it reads as
        if it did; a bare text among roles or purposes would be taken for its letters.
        """
        lonely = not self.roles and self.reach in (Reach.AGENCY, Reach.BELOW, Reach.AREA)
        mute = not self.kind or not self.levels or self.access is Access.NOTHING
        if lonely or mute or isinstance(self.roles, str) or isinstance(self.purposes, str):
            raise ValueError(self)


@dataclass(frozen=True, slots=True)
class Thing:
    """What a rule may know of a thing: where it belongs, never what it says."""

    kind: str
    agency_ref: UUID | None = None
    agency_path: str = ""
    area: str = ""
    level: Level = Level.OPEN
    owner_ref: UUID | None = None
    assigned_refs: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, and the rows that gave it, for the page that says why."""

    access: Access
    because: tuple[Rule, ...] = ()


def decide(table: Iterable[Rule], actor: Actor, thing: Thing) -> Decision:
    """How far an actor may go with a thing: the furthest that any row allows, or nothing."""
    allowing = tuple(rule for rule in table if _speaks(rule, actor, thing))
    furthest = max((rule.access for rule in allowing), default=Access.NOTHING)
    return Decision(furthest, tuple(rule for rule in allowing if rule.access is furthest))


def applicable(rule: Rule, actor: Actor) -> bool:
    """True where a row can allow this actor anything at all, whatever the thing."""
    if actor.is_local or actor.account_ref == NOBODY:
        return False
    if rule.needs_strong and not actor.is_strong:
        return False
    if rule.purposes and actor.purpose not in rule.purposes:
        return False
    return not rule.roles or bool(actor.grants_as(rule.roles))


def _speaks(rule: Rule, actor: Actor, thing: Thing) -> bool:
    if rule.kind != thing.kind or thing.level not in rule.levels or not applicable(rule, actor):
        return False
    match rule.reach:
        case Reach.EVERYWHERE:
            return True
        case Reach.SELF:
            return thing.owner_ref == actor.account_ref
        case Reach.ASSIGNED:
            return actor.account_ref in thing.assigned_refs
        case _:
            return any(_within(rule.reach, grant, thing) for grant in actor.grants_as(rule.roles))


def _within(reach: Reach, grant: Grant, thing: Thing) -> bool:
    match reach:
        case Reach.AGENCY:
            return thing.agency_ref == grant.agency_ref
        case Reach.BELOW:
            return bool(grant.branch) and thing.agency_path.startswith(grant.branch)
        case _:
            return any(thing.area.startswith(area) for area in grant.mandate)
