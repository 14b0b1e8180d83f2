"""The answers to indicators by area, as far as they may be shown beside the protected table of areas.

Who reads both knows how many people each area has, and with ages nearly how many of them a question is put to. So rows
and columns of withheld areas are known, and a count is in doubt as far as these leave it (Fréchet's bounds).

Source: docs/decisions/0029-why-and-what-changed.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.methods.areas.answers import (
    GOOD,
    LEVELS,
    NEED,
    OUTSIDE,
    Counts,
    Tree,
    is_wide_only,
    read_scores,
    read_tree,
)
from sarana.methods.areas.rollup import UNKNOWN
from sarana.methods.disclosure.earlier import ROUNDED
from sarana.methods.disclosure.rule import DisclosureSettings, Mask
from sarana.methods.engine import Engine
from sarana.methods.risk.scoring import indicators_off
from sarana.methods.risk.settings import RiskSettings

SCHEMA: Final = pa.schema(
    [
        ("level", pa.string()),
        ("code", pa.string()),
        ("indicator", pa.string()),
        ("n_known", pa.int64()),
        ("n_need", pa.int64()),
    ]
)
"""What is written of a line that may be shown: of how many people the answer is known, and of how many it is 2 or 3."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line that may be shown."""

    level: str
    code: str
    indicator: str
    n_known: int
    n_need: int


def protect_answers(
    engine: Engine, settings: RiskSettings, rule: DisclosureSettings, tree: Tree | None = None
) -> tuple[Told, ...]:
    """The lines of all indicators that may be shown, in the order of levels, codes and the set.

    Args:
        engine: holds `persons`, `scores`, `villages` and the protected `areas`.
        settings: the set, and which of its indicators are off.
        rule: threshold and dominance.
        tree: as `read_tree` gives it; None: it is read.

    Returns:
        Nothing beside a table that is rounded: exact answers would undo its rounding.
    """
    if is_rounded(engine):
        return ()
    tree = read_tree(engine)[0] if tree is None else tree
    barred = _barred(engine, tree)
    off = set(indicators_off(settings))
    told: list[tuple[tuple[int, str, int], Told]] = []
    for place, indicator in enumerate(settings.set.indicators):
        if indicator.id in off:
            continue
        counts = tree.count(read_scores(engine, indicator.id))
        is_status = indicator.id == settings.set.legal_status
        gone = withhold_answers(tree, counts, barred, rule, both=is_status)
        if is_wide_only(settings.set, indicator.id):
            gone |= tree.level > 0
        for at in np.flatnonzero(~gone & (counts[:, : GOOD + 1].sum(axis=1) > 0)):
            level, code = int(tree.level[at]), tree.code[at]
            if not code.endswith(UNKNOWN):
                need, good = int(counts[at, NEED]), int(counts[at, GOOD])
                told.append(((level, code, place), Told(LEVELS[level], code, indicator.id, need + good, need)))
    return tuple(line for _, line in sorted(told, key=lambda one: one[0]))


def as_table(told: Iterable[Told]) -> pa.Table:
    """Lines as they are written."""
    lines = list(told)
    return pa.table({name: [getattr(line, name) for line in lines] for name in SCHEMA.names}, schema=SCHEMA)


def is_rounded(engine: Engine) -> bool:
    """Whether the protected table was made beside one that is out."""
    names = {row[0] for row in engine.rows("DESCRIBE areas")}
    return ROUNDED in names and bool(engine.row(f"SELECT count({ROUNDED}) > 0 FROM areas")[0])


def _barred(engine: Engine, tree: Tree) -> Mask:
    """Shape (areas,): areas of which the protected table withholds the people or the bands."""
    open_ = set(
        engine.rows(
            "SELECT level, code FROM areas WHERE \"group\" = 'all' AND n_people IS NOT NULL AND n_red IS NOT NULL"
        )
    )
    lines = zip(tree.level, tree.code, strict=True)
    return np.array([(LEVELS[level], code) not in open_ for level, code in lines], np.bool_)


def judge_answers(counts: Counts, rule: DisclosureSettings, *, both: bool = False) -> tuple[Mask, Mask]:
    """Which lines may not be shown, and which of their counts must stay in doubt.

    Args:
        counts: shape (..., 4), people by their answer.
        rule: threshold and dominance.
        both: whether those in need and those who are not must both be many.

    Returns:
        Shape (...), true where the line is withheld for its own sake. Shape (..., 4), true for counts from 1 up to the
        threshold, and for an answer that nearly all of a small group give.
    """
    people, known = counts.sum(axis=-1)[..., None], counts[..., : GOOD + 1].sum(axis=-1)[..., None]
    doubtful = (counts > 0) & (counts < rule.threshold)
    doubtful |= (counts > rule.share * people) & (people < rule.dominance_below)
    doubtful[..., : GOOD + 1] |= (counts[..., : GOOD + 1] > rule.share * known) & (known < rule.dominance_below)
    unsafe = doubtful.any(axis=-1)
    if both:
        unsafe |= (counts[..., : GOOD + 1] < rule.threshold).any(axis=-1)
    return unsafe, doubtful


@dataclass(frozen=True, slots=True)
class Beside:
    """Counts that follow from a line and from others that are out: what is left of the one less the other.

    Args:
        counts: shape (areas, n), people or answers; whoever knows the other lines knows the sum of each row, and of
            areas that are withheld together the sum of each column.
        doubtful: shape (areas, n), which of them must stay in doubt.
        asked: the columns of which somebody may know the sums, in all ways that have to be tried.
    """

    counts: Counts
    doubtful: Mask
    asked: tuple[tuple[int, ...], ...]


def withhold_answers(
    tree: Tree,
    counts: Counts,
    barred: Mask,
    rule: DisclosureSettings,
    *,
    both: bool = False,
    beside: Sequence[Beside] = (),
) -> Mask:
    """Choose the areas of which one indicator tells nothing.

    In each area that is shown, the parts that may not be shown are joined by their smallest siblings until nobody who
    knows the rest, and the people of every area, comes near a count that must stay in doubt. Below a withheld area
    everything is withheld.

    Args:
        tree: the areas.
        counts: shape (areas, 4).
        barred: shape (areas,), withheld in any case.
        rule: threshold and dominance.
        both: as `judge_answers`.
        beside: what else follows from a line that is shown; none of it may be a small count either.
    """
    unsafe, doubtful = judge_answers(counts, rule, both=both)
    for other in beside:
        unsafe |= (_is_small(other.counts, rule) | other.doubtful).any(axis=-1)
    hidden = (unsafe | barred) & counts.any(axis=1)  # where nobody lives, zeros tell of nobody
    lines = Beside(counts, doubtful, ((NEED, GOOD, GOOD + 1, OUTSIDE), (NEED, GOOD, GOOD + 1)))
    search = _Search(tree.children, lines, tuple(beside), rule, both)
    while True:
        gone = hidden.copy()
        failed = -1
        for area, parts in enumerate(search.children):
            up = tree.parent[area]
            gone[area] |= up >= 0 and gone[up]
            if gone[area] or not hidden[parts].any():
                continue
            chosen = search.join(parts, hidden[parts])
            if chosen is None:
                failed = area
                break
            gone[chosen] = hidden[chosen] = True
        if failed < 0:
            return gone
        hidden[failed] = True


def _is_small(counts: Counts, rule: DisclosureSettings) -> Mask:
    found: Mask = (counts > 0) & (counts < rule.threshold)
    return found


@dataclass(frozen=True, slots=True)
class _Search:
    """Looks for the siblings that join withheld areas."""

    children: tuple[NDArray[np.int64], ...]
    lines: Beside
    beside: tuple[Beside, ...]
    rule: DisclosureSettings
    both: bool

    def join(self, parts: NDArray[np.int64], hidden: Mask) -> list[int] | None:
        """Withheld parts with as few people besides as are needed, or None if all of them are not enough."""
        people = self.lines.counts[parts].sum(axis=1)
        chosen = [int(part) for part in parts[hidden]]
        if self._is_enough(chosen):
            return chosen
        spare = [int(parts[k]) for k in np.lexsort((parts, people)) if people[k] > 0 and not hidden[k]]
        for one in spare:
            if self._is_enough([*chosen, one]):
                return [*chosen, one]
        for one in spare:
            chosen.append(one)
            if self._is_enough(chosen):
                return chosen
        return None

    def _is_enough(self, chosen: list[int]) -> bool:
        """Whether the sum of these areas could be shown, and leaves every doubtful count in them in doubt."""
        total = self.lines.counts[chosen].sum(axis=0)
        if len(chosen) < 2 or judge_answers(total, self.rule, both=self.both)[0]:
            return False
        if any(_is_small(other.counts[chosen].sum(axis=0), self.rule).any() for other in self.beside):
            return False
        rows = np.concatenate([np.array(chosen, np.int64), *(self.children[one] for one in chosen)])
        every = ((of, list(asked)) for of in (self.lines, *self.beside) for asked in of.asked)
        return not any(self._is_narrow(of, rows, of.counts[chosen].sum(axis=0), asked) for of, asked in every)

    def _is_narrow(self, of: Beside, rows: NDArray[np.int64], total: Counts, columns: list[int]) -> bool:
        """Whether a doubtful count has a narrow range for who knows the sums of rows and of these columns.

        An area of fewer people than the threshold is withheld by the first table: how many it has is in doubt itself.
        """
        cells, whole = of.counts[np.ix_(rows, columns)], total[columns]
        row = cells.sum(axis=1, keepdims=True)
        low = np.maximum(row + whole - whole.sum(), 0)
        high = np.minimum(np.maximum(row, self.rule.threshold), whole)
        return bool((of.doubtful[np.ix_(rows, columns)] & (high - low < self.rule.threshold)).any())
