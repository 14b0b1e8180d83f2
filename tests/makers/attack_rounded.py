"""An attack on tables of which the later ones are rounded, all laid beside each other, as anyone can who has them.

It knows how rounding works: which order the areas stand in, that the change up to each point of it was rounded down,
and to what. A stronger attacker knows of every count that did not change that it did not. A linear programme finds the
lowest and highest that any count and any change can then be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from makers.attack import WIDER, Found, Line
from sarana.methods.engine import Engine

ATOMS = {
    "n_red": "n_red",
    "n_yellow": "n_yellow",
    "n_green": "n_green",
    "n_grey": "n_grey",
    "n_red_without_status": "n_red_without_status",
    "n_rest_without_status": "n_scored_without_status - n_red_without_status",
}
"""Counts that are rounded each for itself."""
KINDS = ("age=", "sex=")
Terms = list[tuple[int, float]]
"""Places of unknowns, and how often each is taken."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of a published table and of the one that counts everybody, for the truth."""

    areas: str
    internal: str


@dataclass(frozen=True, slots=True)
class One:
    """One table, for one kind of count: what it shows (None where withheld), the truth, and where areas lie."""

    shown: dict[Line, int | None]
    truth: dict[Line, int]
    parent: dict[tuple[str, str], str]
    inside: dict[tuple[str, str], list[tuple[str, str]]]
    step: int | None

    def parts(self, level: str, code: str) -> list[tuple[str, str]]:
        """Areas that lie in an area, and are shown: those with ages first, then those with sexes."""
        shown = [area for area in self.inside.get((level, code), []) if self.shown[*area, "all"] is not None]
        return sorted(shown, key=lambda area: (*(not self.has(area, kind) for kind in KINDS), area))

    def has(self, area: tuple[str, str], kind: str) -> bool:
        """Whether an area shows groups of a kind."""
        return bool(self.groups(area, kind))

    def groups(self, area: tuple[str, str], kind: str) -> list[str]:
        """The groups of a kind that an area shows, in the order of the documents."""
        return [g for g in GROUPS if g.startswith(kind) and self.shown.get((*area, g)) is not None]


GROUPS = [f"sex={s}" for s in "FMU"] + [f"age={a}" for a in ("0-5", "6-11", "12-17", "18-24", "25-59", "60+", "U")]
N_GROUPS = {kind: len([g for g in GROUPS if g.startswith(kind)]) for kind in KINDS}


@dataclass(slots=True)
class Knowledge:
    """All that is known of one kind of count in all tables, as equations."""

    tables: Sequence[One]
    told: bool
    places: dict[tuple[int, Line], int] = field(default_factory=dict)
    ends: list[tuple[float, float | None]] = field(default_factory=list)
    equations: list[tuple[Terms, float]] = field(default_factory=list)
    matrix: csr_array = field(init=False)
    values: NDArray[np.float64] = field(init=False)
    part: NDArray[np.int64] = field(init=False)

    def gather(self) -> None:
        """Write down the equations, and cut them into parts that have nothing to do with each other."""
        for t, one in enumerate(self.tables):
            for line in one.truth:
                self.places[t, line] = self._unknown(None)
            self._add_up(t, one)
            self._see(t, one)
            if t and self.told:
                before = self.tables[t - 1].truth
                for line, value in one.truth.items():
                    if before.get(line) == value:
                        self.equations.append((self._change(t, line, 1.0), 0))
        i = [e for e, (terms, _) in enumerate(self.equations) for _ in terms]
        j, v = zip(*(term for terms, _ in self.equations for term in terms), strict=True)
        self.matrix = csr_array((v, (i, j)), shape=(len(self.equations), len(self.ends)))
        self.values = np.array([value for _, value in self.equations], dtype=float)
        _, self.part = connected_components(abs(self.matrix.T) @ abs(self.matrix), directed=False)

    def range_of(self, wanted: Terms) -> tuple[float, float]:
        """The lowest and the highest of a sum."""
        inside = np.flatnonzero(np.isin(self.part, self.part[[place for place, _ in wanted]]))
        matrix = self.matrix[:, inside]
        used = np.flatnonzero(np.diff(matrix.indptr))
        goal = np.zeros(len(inside))
        for place, factor in wanted:
            goal[np.searchsorted(inside, place)] += factor
        bounds = [self.ends[place] for place in inside]
        found = []
        for sign in (1, -1):
            end = linprog(sign * goal, A_eq=matrix[used], b_eq=self.values[used], bounds=bounds, method="highs")
            assert end.status in {0, 3}, f"the tables contradict each other: {end.message}"
            found.append(-sign * np.inf if end.status == 3 else sign * end.fun)
        return found[0], found[1]

    def _see(self, t: int, one: One) -> None:
        """What a table shows."""
        shown = {line: value for line, value in one.shown.items() if value is not None}
        if one.step is None:
            self.equations += [([(self.places[t, line], 1.0)], value) for line, value in shown.items()]
            return
        for level, code, group in shown:
            if (level, group) == ("province", "all"):
                self._round((level, code), t, None)

    def _unknown(self, most: float | None) -> int:
        self.ends.append((0, most))
        return len(self.ends) - 1

    def _change(self, t: int, line: Line, factor: float) -> Terms:
        """The change of a line since the table before."""
        found = [(self.places[t, line], factor)]
        return [*found, (self.places[t - 1, line], -factor)] if (t - 1, line) in self.places else found

    def _add_up(self, t: int, one: One) -> None:
        wholes: dict[tuple[Line, str], list[Line]] = {}
        for line in one.truth:
            level, code, group = line
            up = (WIDER.get(level, ""), one.parent[level, code], group)
            if up in one.truth:
                wholes.setdefault((up, "areas"), []).append(line)
            if group != "all":
                wholes.setdefault(((level, code, "all"), group[:3]), []).append(line)
        for (whole, _), lines in wholes.items():
            terms = [(self.places[t, whole], -1.0), *((self.places[t, line], 1.0) for line in lines)]
            self.equations.append((terms, 0))

    def _round(self, area: tuple[str, str], t: int, start: int | None) -> int:
        """What rounding says of an area and all that is shown in it; the unknown at its end."""
        one = self.tables[t]
        parts = one.parts(*area)
        end, at, stops = self._stop(t), start, [start]
        self._between(t, start, end, [(*area, "all")], [])
        for part in parts:
            at = self._round(part, t, at)
            stops.append(at)
        for kind in KINDS:
            if one.has(area, kind):
                open_ = [part for part in parts if one.has(part, kind)]
                begin = stops[len(open_)]
                groups = one.groups(area, kind)
                for group in groups:
                    stop = end if len(groups) == N_GROUPS[kind] and group == groups[-1] else self._stop(t)
                    self._between(t, begin, stop, [(*area, group)], [(*part, group) for part in open_])
                    begin = stop
        return end

    def _stop(self, t: int) -> int:
        step = self.tables[t].step
        assert step
        return self._unknown(step - 1)

    def _between(self, t: int, start: int | None, end: int, plus: list[Line], less: list[Line]) -> None:
        """What was cut off at the end, less at the start, is the true change less the published one."""
        terms: Terms = [(end, -1.0)] + ([] if start is None else [(start, 1.0)])
        value = 0.0
        for sign, lines in ((1.0, plus), (-1.0, less)):
            for line in lines:
                terms += self._change(t, line, sign)
                value += sign * ((self.tables[t].shown[line] or 0) - (self.tables[t - 1].shown[line] or 0))
        self.equations.append((terms, value))


def disclosed_by_rounded(
    engine: Engine, tables: Sequence[Tables], *, told: bool, threshold: int = 11, most: int = 20, seed: int = 0
) -> list[Found]:
    """Changes of 1 to threshold - 1 between two tables, and counts of that size in one, that all together tell.

    Args:
        engine: holds all tables, the first of them exact and each later one rounded after the one before.
        tables: in the order in which they were let out.
        told: know of all counts that did not change since the table before, that they did not.
        threshold: a range narrower than this is a disclosure.
        most: look at no more than so many of each kind of count and pair of tables, chosen by the seed.
        seed: for choosing.
    """
    found: list[Found] = []
    rng = np.random.default_rng(seed)
    for name in ATOMS:
        known = Knowledge([_read(engine, one, name) for one in tables], told)
        known.gather()
        for what, wanted in _small(known, threshold):
            for place in sorted(rng.choice(len(wanted), min(most, len(wanted)), replace=False)):
                line, terms, truth = wanted[place]
                low, high = known.range_of(terms)
                assert low - 1e-3 <= truth <= high + 1e-3, "the attack itself is wrong"
                if high - low < threshold - 1e-3:
                    found.append(Found(line, f"{what} of {name}", low, high, truth))
    return found


def _small(known: Knowledge, threshold: int) -> Iterator[tuple[str, list[tuple[Line, Terms, int]]]]:
    """By table and pair of tables: lines, what to ask for, and the truth, where this is small."""
    truths = [one.truth for one in known.tables]
    for t, truth in enumerate(truths):
        counts = [(line, [(known.places[t, line], 1.0)], n) for line, n in truth.items() if 0 < n < threshold]
        yield f"count {t}", counts
        for u in range(t):
            both = [(line, n - truths[u][line]) for line, n in truth.items() if line in truths[u]]
            yield (
                f"change {u} to {t}",
                [
                    (line, [(known.places[t, line], 1.0), (known.places[u, line], -1.0)], n)
                    for line, n in both
                    if 0 < abs(n) < threshold
                ],
            )


def _read(engine: Engine, tables: Tables, name: str) -> One:
    columns = {row[0] for row in engine.rows(f"DESCRIBE {tables.areas}")}
    step = engine.row(f"SELECT max(rounded_to) FROM {tables.areas}")[0] if "rounded_to" in columns else None
    rows = engine.rows(
        f"""SELECT level, code, "group", i.parent, a.{ATOMS[name].replace("- ", "- a.")},
            i.{ATOMS[name].replace("- ", "- i.")}
        FROM {tables.internal} i JOIN {tables.areas} a USING (level, code, "group")"""
    )
    parent = {row[:2]: row[3] for row in rows}
    inside: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (level, code), up in parent.items():
        inside.setdefault((WIDER.get(level, ""), up), []).append((level, code))
    return One({row[:3]: row[4] for row in rows}, {row[:3]: row[5] for row in rows}, parent, inside, step)
