"""The sectors by area, as far as they may be shown beside the answers to their questions and the table of areas.

A line counts people of whom one question of the sector is known: how many of them have the gravest answer to it or to
another question of the sector. How many are known is what the line of that one question says, so a sector tells one
number more, and no other line less it gives few people away. All who are in need by the questions less those with the
gravest answer are a count, too, that must not be small.

Source: docs/decisions/0041-sectors-of-areas.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from sarana.methods.areas.answers import GOOD, LEVELS, NEED, Counts, Tree, read_scores, read_tree
from sarana.methods.areas.sectors import questions_of_sectors, read_sector
from sarana.methods.disclosure.answers import Beside, Told, withhold_answers
from sarana.methods.disclosure.rule import DisclosureSettings, Mask
from sarana.methods.engine import Engine
from sarana.methods.risk.scoring import indicators_off
from sarana.methods.risk.settings import RiskSettings

SCHEMA: Final = pa.schema(
    [
        ("level", pa.string()),
        ("code", pa.string()),
        ("sector", pa.string()),
        ("known_by", pa.string()),
        ("n_known", pa.int64()),
        ("n_gravest", pa.int64()),
    ]
)
"""Of so many people the answer to `known_by` is known; so many of them have the gravest answer (3) to it or another."""


@dataclass(frozen=True, slots=True)
class ToldSector:
    """One line that may be shown."""

    level: str
    code: str
    sector: str
    known_by: str
    n_known: int
    n_gravest: int


def protect_sectors(
    engine: Engine,
    settings: RiskSettings,
    rule: DisclosureSettings,
    answers: Sequence[Told],
    tree: Tree | None = None,
) -> tuple[ToldSector, ...]:
    """The lines of all sectors that may be shown, in the order of levels, codes and the set.

    Args:
        engine: holds `persons`, `scores` and `villages`.
        settings: the set, and which of its indicators are off.
        rule: threshold and dominance.
        answers: the lines of answers that are shown; without one there is no line of a sector.
        tree: as `read_tree` gives it; None: it is read.
    """
    if not answers:
        return ()
    tree = read_tree(engine)[0] if tree is None else tree
    told: list[tuple[tuple[int, str, int], ToldSector]] = []
    for place, (sector, questions) in enumerate(questions_of_sectors(settings.set, indicators_off(settings)).items()):
        known_by = known_best(questions, answers)
        if known_by is None:
            continue
        counts = tree.count(read_sector(engine, questions, known_by))
        in_need = sum((tree.count(read_scores(engine, name))[:, NEED] for name in questions), start=counts[:, NEED] * 0)
        barred = _barred(tree, known_by, answers)
        gone = withhold_answers(tree, counts, barred, rule, beside=what_follows(counts, in_need, rule))
        for at in np.flatnonzero(~gone & ~barred):
            level, code = int(tree.level[at]), tree.code[at]
            gravest, other = int(counts[at, NEED]), int(counts[at, GOOD])
            line = ToldSector(LEVELS[level], code, sector, known_by, gravest + other, gravest)
            told.append(((level, code, place), line))
    return tuple(line for _, line in sorted(told, key=lambda one: one[0]))


def as_table(told: Iterable[ToldSector]) -> pa.Table:
    """Lines as they are written."""
    lines = list(told)
    return pa.table({name: [getattr(line, name) for line in lines] for name in SCHEMA.names}, schema=SCHEMA)


def known_best(questions: Sequence[str], answers: Iterable[Told]) -> str | None:
    """The question of a sector of which the most people of the narrowest areas are told; None where of none.

    Published lines alone decide, so the choice tells of nobody.
    """
    people: dict[str, list[int]] = {name: [0, 0, 0] for name in questions}
    for line in answers:
        if line.indicator in people:
            people[line.indicator][-1 - LEVELS.index(line.level)] += line.n_known
    best = max(questions, key=lambda name: people[name])
    return best if any(people[best]) else None


def what_follows(counts: Counts, in_need: Counts, rule: DisclosureSettings) -> tuple[Beside, ...]:
    """What follows from lines of a sector for whoever knows the answers to all its questions.

    Args:
        counts: shape (areas, 4), people by what the questions say together.
        in_need: shape (areas,), answers in need to all its questions.
        rule: threshold.

    Returns:
        Those known, by whether an answer is the gravest; and answers in need, by whether they are more than one for
        each with a gravest one.
    """
    known = counts[:, : GOOD + 1]
    more = np.stack([in_need - counts[:, NEED], counts[:, NEED]], axis=1)
    return tuple(Beside(each, _is_small(each, rule), ((0, 1),)) for each in (known, more))


def _barred(tree: Tree, known_by: str, answers: Iterable[Told]) -> Mask:
    """Shape (areas,): areas of which nobody is told how many are known."""
    open_ = {(line.level, line.code) for line in answers if line.indicator == known_by}
    return np.array([(LEVELS[level], code) not in open_ for level, code in zip(tree.level, tree.code, strict=True)])


def _is_small(counts: Counts, rule: DisclosureSettings) -> Mask:
    found: Mask = (counts > 0) & (counts < rule.threshold)
    return found
