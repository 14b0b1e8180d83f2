"""The policy table laid out for people: every answer of `decide`, by role, standing, level, purpose and strength.

The page of what the system does, the manual and the reviewed table of the tests are all made here, by asking `decide`
and nothing else, so that none of them can say what the system does not do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from sarana.basics.actors import Actor, Grant
from sarana.basics.policy import Access, Level, Rule, Thing, decide

NO_ROLE = ""
"""Somebody who is signed in and holds no role."""

NO_PURPOSE = ""
ANOTHER_PURPOSE = "another-purpose"
"""A purpose of which no row speaks."""

_ABOVE, _OWN, _BELOW, _FAR = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
_ME, _NOBODY_I_KNOW = UUID(int=5), UUID(int=6)
_PATH = f"/{_ABOVE.hex}/{_OWN.hex}/"
_FAR_PATH = f"/{_FAR.hex}/"
_AREA = "TH50"
_THEN = datetime(2000, 1, 1, tzinfo=UTC)


class Standing(StrEnum):
    """How a thing may stand to somebody who acts, from nearest to farthest."""

    SELF = "her own"
    ASSIGNED = "given to her"
    AGENCY = "of her agency"
    BELOW = "of an agency below"
    ABOVE = "of the agency above"
    AREA = "in her agency's area"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Case:
    """One question to the table, whole."""

    kind: str
    role: str
    standing: Standing
    level: Level = Level.OPEN
    purpose: str = NO_PURPOSE
    is_strong: bool = True


def answer(table: Sequence[Rule], case: Case) -> Access:
    """What the table answers to one question."""
    actor = _actor(case.role, case.purpose, is_strong=case.is_strong)
    return decide(table, actor, _thing(case.kind, case.standing, case.level)).access


@lru_cache(maxsize=4096)
def _actor(role: str, purpose: str, *, is_strong: bool) -> Actor:
    grants = (Grant(role, _OWN, _PATH, (_AREA,)),) if role else ()
    return Actor(_ME, _THEN, grants, purpose=purpose, is_strong=is_strong)


@lru_cache(maxsize=4096)
def _thing(kind: str, standing: Standing, level: Level) -> Thing:
    agency, path, area, owner, given = _FAR, _FAR_PATH, "TL01", _NOBODY_I_KNOW, frozenset({_NOBODY_I_KNOW})
    match standing:
        case Standing.SELF:
            owner = _ME
        case Standing.ASSIGNED:
            given = frozenset({_ME})
        case Standing.AGENCY:
            agency, path = _OWN, _PATH
        case Standing.BELOW:
            agency, path = _BELOW, f"{_PATH}{_BELOW.hex}/"
        case Standing.ABOVE:
            agency, path = _ABOVE, f"/{_ABOVE.hex}/"
        case Standing.AREA:
            area = f"{_AREA}01"
        case Standing.ELSEWHERE:
            pass
    return Thing(kind, agency, path, area, level, owner, given)


def kinds(table: Iterable[Rule]) -> list[str]:
    """Every kind of thing of which a table speaks."""
    return sorted({rule.kind for rule in table})


def purposes(table: Iterable[Rule]) -> list[str]:
    """No purpose, every purpose of which a table speaks, and one of which it does not."""
    return [NO_PURPOSE, *sorted({purpose for rule in table for purpose in rule.purposes}), ANOTHER_PURPOSE]


def cases(table: Sequence[Rule], kind: str, role: str, standing: Standing) -> list[Case]:
    """Every question about things of a kind that stand so to somebody with this role."""
    return [
        Case(kind, role, standing, level, purpose, strong)
        for strong in (True, False)
        for purpose in purposes(table)
        for level in Level
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the layout: roles for which all answers are the same, and a cell for each standing."""

    roles: tuple[str, ...]
    cells: tuple[str, ...]


def rows(table: Sequence[Rule], kind: str, roles: Iterable[str]) -> list[Row]:
    """The answers about one kind of thing, roles with the same answers on one line, the most allowed first."""
    return list(_laid_out(tuple(rule for rule in table if rule.kind == kind), kind, tuple(roles)))


@lru_cache(maxsize=256)
def _laid_out(about: tuple[Rule, ...], kind: str, roles: tuple[str, ...]) -> tuple[Row, ...]:
    """The same rules lie the same way: they are asked once, for a page of every kind asks ninety thousand questions."""
    found: dict[tuple[str, ...], list[str]] = {}
    for role in (*roles, NO_ROLE):
        found.setdefault(tuple(_cell(about, kind, role, standing) for standing in Standing), []).append(role)
    lines = [Row(tuple(same), cells) for cells, same in found.items()]
    return tuple(
        sorted(lines, key=lambda row: (sum(cell == "nothing" for cell in row.cells), len(row.roles), row.roles))
    )


def _cell(table: Sequence[Rule], kind: str, role: str, standing: Standing) -> str:
    """All answers of a cell in few words, none left out."""
    answers = {case: answer(table, case) for case in cases(table, kind, role, standing)}
    strong = _by_purpose({case: access for case, access in answers.items() if case.is_strong})
    weak = _by_purpose({case: access for case, access in answers.items() if not case.is_strong})
    return strong if strong == weak else f"{strong}; without a second factor: {weak}"


def _by_purpose(answers: Mapping[Case, Access]) -> str:
    said: dict[str, list[str]] = {}
    for purpose in dict.fromkeys(case.purpose for case in answers):
        text = _by_level({case.level: access for case, access in answers.items() if case.purpose == purpose})
        said.setdefault(text, []).append(purpose or "no purpose")
    if len(said) == 1:
        return next(iter(said))
    return "; ".join(f"for {', '.join(names)}: {text}" for text, names in said.items())


def _by_level(answers: Mapping[Level, Access]) -> str:
    said: dict[str, list[str]] = {}
    for level, access in answers.items():
        said.setdefault(access.name.lower(), []).append(level.value)
    if len(said) == 1:
        return next(iter(said))
    return ", ".join(f"{access} ({' '.join(levels)})" for access, levels in said.items())


def markdown(table: Sequence[Rule], roles: Sequence[str]) -> str:
    """The whole layout as Markdown: one table for each kind of thing."""
    head = (
        "| roles | " + " | ".join(standing.value for standing in Standing) + " |\n" + "|---|" + "---|" * len(Standing)
    )
    parts = []
    for kind in kinds(table):
        lines = [f"| {_named(row.roles)} | {' | '.join(row.cells)} |" for row in rows(table, kind, roles)]
        parts.append("\n".join([f"## {kind}", "", head, *lines]))
    return "\n\n".join(parts)


def _named(roles: Sequence[str]) -> str:
    return ", ".join(role or "(signed in, no role)" for role in roles)
