"""An attack on two published tables of one province, one laid beside the other, as anyone can who has both.

It looks at what changed: a difference of few people between two years tells of few people. And it knows of lines in
which nobody changed, as most people stay the same: what one table shows of these, it takes for the other too.
"""

import numpy as np

from makers.attack import ATOMS, SUMS, Attack, Found, Line
from makers.attack_rounded import Tables
from sarana.methods.engine import Engine

COUNTS: dict[str, tuple[str, ...]] = {**{a: (a,) for a in ATOMS}, **SUMS}
NARROW = 1e-3


NOW = Tables("areas", "areas_internal")
BEFORE = Tables("areas_before", "areas_internal_before")


def disclosed_by_two(
    engine: Engine, *, threshold: int = 11, most: int = 10**9, seed: int = 0, one: Tables = BEFORE, two: Tables = NOW
) -> list[Found]:
    """Changes of 1 to threshold - 1 people, and small counts of the earlier table, that both tables together tell.

    Args:
        engine: holds all four tables.
        threshold: a range narrower than this is a disclosure.
        most: look at no more than so many changes and counts of which no figure is shown, chosen by the seed. Those of
            which both figures are shown are always looked at.
        seed: for choosing.
        one: the earlier table.
        two: the later table.
    """
    truths = [_truth(engine, tables.internal) for tables in (one, two)]
    attacks = [Attack(engine, second_map=False, table=tables.areas) for tables in (one, two)]
    changes = [
        (line, name, truths[1][line][name] - truths[0][line][name])
        for line in truths[1]
        if line in truths[0]
        for name in COUNTS
        if 0 < abs(truths[1][line][name] - truths[0][line][name]) < threshold
    ]
    open_ = [c for c in changes if not all(_is_sure(attack, c[0], c[1]) for attack in attacks)]
    sure = [Found(line, f"change of {name}", d, d, d) for line, name, d in changes if (line, name, d) not in set(open_)]
    found = []
    for line, name, change in _some(open_, most, seed):
        ends = [attack.range_of(line, COUNTS[name]) for attack in attacks]
        low, high = ends[1][0] - ends[0][1], ends[1][1] - ends[0][0]
        assert low - NARROW <= change <= high + NARROW, "the attack itself is wrong"
        if high - low < threshold - NARROW:
            found.append(Found(line, f"change of {name}", low, high, change))
    carried = _carried_over(engine, attacks, truths, table=one.areas, threshold=threshold, most=most, seed=seed)
    return [*sure, *found, *carried]


def _carried_over(
    engine: Engine,
    attacks: list[Attack],
    truths: list[dict[Line, dict[str, int]]],
    *,
    table: str,
    threshold: int,
    most: int,
    seed: int,
) -> list[Found]:
    """Small counts of the earlier table, when the later one tells of lines in which nobody changed."""
    before, now = truths
    told = {
        (line, name): now[line][name]
        for line in now
        if before.get(line) == now[line]
        for name in ATOMS
        if _is_sure(attacks[1], line, name) and not _is_sure(attacks[0], line, name)
    }
    if not told:
        return []
    better = Attack(engine, second_map=False, table=table, told=told)
    small = [(line, name, n) for line, of in before.items() for name, n in of.items() if 0 < n < threshold]
    sure = [w for w in small if _is_sure(better, w[0], w[1])]
    found = []
    for line, name, n in [*sure, *_some([w for w in small if w not in set(sure)], most, seed)]:
        low, high = better.range_of(line, COUNTS[name])
        if high - low < threshold - NARROW:
            found.append(Found(line, f"earlier {name}", low, high, n))
    return found


def _truth(engine: Engine, internal: str) -> dict[Line, dict[str, int]]:
    rows = engine.rows(
        f'SELECT level, code, "group", {", ".join(COUNTS)} FROM {internal} ORDER BY level, code, "group"'
    )
    return {row[:3]: dict(zip(COUNTS, row[3:], strict=True)) for row in rows}


def _is_sure(attack: Attack, line: Line, name: str) -> bool:
    """Whether a count follows without a linear programme."""
    base = attack.lines[line] * len(attack.names)
    return not any(np.isnan(attack.known[base + attack.names.index(atom)]) for atom in COUNTS[name])


def _some(of: list[tuple[Line, str, int]], most: int, seed: int) -> list[tuple[Line, str, int]]:
    if len(of) <= most:
        return of
    return [of[k] for k in sorted(np.random.default_rng(seed).choice(len(of), most, replace=False))]
