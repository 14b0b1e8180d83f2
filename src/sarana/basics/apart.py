"""Powers that nobody holds together, whatever roles she is given: who grants does not also watch or carry away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sarana.basics.matrix import NO_PURPOSE, Case, Standing, answer, purposes
from sarana.basics.policy import Access, Level, Rule


@dataclass(frozen=True, slots=True)
class Power:
    """What a role can do to things that are not its holder's own: at least so much, to one of these kinds."""

    name: str
    kinds: frozenset[str]
    at_least: Access


GRANTS = Power("gives access", frozenset({"membership", "invitation"}), Access.CHANGE)
READS_LEDGER = Power("reads who looked and what was done", frozenset({"entry"}), Access.MASKED)
EXPORTS = Power("carries identities out", frozenset({"identity-export"}), Access.MASKED)

APART: tuple[tuple[Power, Power], ...] = ((GRANTS, READS_LEDGER), (GRANTS, EXPORTS))
"""Each pair is held by two people."""

OTHERS = tuple(standing for standing in Standing if standing is not Standing.SELF)


def has(table: Sequence[Rule], role: str, power: Power) -> bool:
    """True where a role has a power at any level, for any purpose, over anything that is not its holder's own."""
    return _has(tuple(rule for rule in table if rule.kind in power.kinds), role, power)


@lru_cache(maxsize=1024)
def _has(wanted: tuple[Rule, ...], role: str, power: Power) -> bool:
    """The same rules give the same powers: asked once, for each role that is given asks hundreds of questions."""
    return any(
        answer(wanted, Case(kind, role, standing, level, purpose)) >= power.at_least
        for kind in power.kinds
        for standing in OTHERS
        for level in Level
        for purpose in purposes(wanted) or [NO_PURPOSE]
    )


def clashes(table: Sequence[Rule], roles: Iterable[str]) -> list[tuple[Power, Power]]:
    """The pairs of powers that these roles would bring together in one hand."""
    held = tuple(roles)
    return [pair for pair in APART if all(any(has(table, role, power) for role in held) for power in pair)]
