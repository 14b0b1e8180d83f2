"""An attack on a published table of areas: what linear programming still works out of withheld figures.

It reads the published lines only, and knows what everybody knows: children add up to their parent, sexes and age bands
add up to all, bands add up to the scored, the scored and the grey to the people, and nothing is below zero.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from sarana.methods.engine import Engine

ATOMS = ("n_red", "n_yellow", "n_green", "n_grey")
SUMS = {"n_scored": ("n_red", "n_yellow", "n_green"), "n_people": ATOMS}
SECOND = ("n_red_without_status", "n_rest_without_status")
"""Of the second map: red, and scored but not red."""
MOVES = ("n_red_left", "n_red_joined", "n_scored_left", "n_scored_joined")


WIDER = {"village": "subdistrict", "subdistrict": "district", "district": "province"}


@dataclass(frozen=True, slots=True)
class Found:
    """What the attack knows of one withheld count: its range and, from the run folder, the truth."""

    line: tuple[str, str, str]
    column: str
    low: float
    high: float
    truth: int


class Attack:
    """Knows a published table and asks for the range of anything in it."""

    def __init__(self, engine: Engine, *, second_map: bool) -> None:
        """Read the published table (never the internal one) and lay out all that must add up.

        Without the second map the equations fall into small parts and every answer is quick.
        """
        keys = ["level", "code", "parent", '"group"']
        figures = [*ATOMS, "n_scored", "n_people", "n_red_without_status", "n_scored_without_status"]
        rows = engine.rows(f'SELECT {", ".join(keys + figures)} FROM areas ORDER BY level, code, "group"')
        self.lines = {(r[0], r[1], r[3]): place for place, r in enumerate(rows)}
        self.shown = [dict(zip(figures, r[4:], strict=True)) for r in rows]
        self.names = (*ATOMS, *SECOND, *MOVES) if second_map else ATOMS
        self.equations: list[tuple[list[int], list[float], float]] = []
        self._know_lines()
        self._know_sums({place: row[2] for place, row in enumerate(rows)})
        self._simplify()

    def _know_lines(self) -> None:
        """What is published of each line, and how its counts hang together."""
        at = {name: place for place, name in enumerate(self.names)}
        for place, figure in enumerate(self.shown):
            base = place * len(self.names)
            for name, parts in self._shown_sums().items():
                if figure[name] is not None:
                    self._equal([base + at[p] for p in parts], [1] * len(parts), figure[name])
            if "n_red_left" not in at:
                continue
            red, scored = [base + at["n_red"]], [base + at[a] for a in ATOMS[:3]]
            moves = [base + at[m] for m in MOVES]
            second = [base + at[s] for s in SECOND]
            self._equal([*red, moves[0], moves[1], second[0]], [1, -1, 1, -1], 0)
            self._equal([*scored, moves[2], moves[3], *second], [1, 1, 1, -1, 1, -1, -1], 0)

    def _shown_sums(self) -> dict[str, tuple[str, ...]]:
        """Published columns, and the counts they are the sums of."""
        first = {**{a: (a,) for a in ATOMS}, **SUMS}
        second = {"n_red_without_status": SECOND[:1], "n_scored_without_status": SECOND}
        return first | second if "n_red_left" in self.names else first

    def _know_sums(self, parents: dict[int, str]) -> None:
        """Parts add up to their parent, sexes and age bands to all."""
        parts: dict[tuple[int, str], list[int]] = {}
        for (level, code, group), place in self.lines.items():
            up = self.lines.get((WIDER.get(level, ""), parents[place], group))
            if up is not None:
                parts.setdefault((up, "areas"), []).append(place)
            if group != "all":
                parts.setdefault((self.lines[level, code, "all"], group[:3]), []).append(place)
        for (whole, _), found in parts.items():
            for k in range(n := len(self.names)):
                self._equal([whole * n + k, *(p * n + k for p in found)], [-1, *[1] * len(found)], 0)

    def _equal(self, places: list[int], factors: list[float], value: float) -> None:
        """Add one thing that everybody knows."""
        self.equations.append((places, factors, float(value)))

    def _simplify(self) -> None:
        """Work out what follows at once, and cut the rest into parts that have nothing to do with each other."""
        i = [e for e, (places, _, _) in enumerate(self.equations) for _ in places]
        j = [p for places, _, _ in self.equations for p in places]
        v = [f for _, factors, _ in self.equations for f in factors]
        shape = (len(self.equations), len(self.shown) * len(self.names))
        matrix = csr_array((v, (i, j)), shape=shape)
        values = np.array([value for _, _, value in self.equations])
        self.known = np.full(shape[1], np.nan)
        while True:
            known = ~np.isnan(self.known)
            left = values - matrix @ np.where(known, self.known, 0)
            open_ = matrix[:, ~known]
            ends = np.diff(open_.indptr)
            places = np.flatnonzero(~known)
            before = known.sum()
            for row in np.flatnonzero(ends > 0):
                span = slice(open_.indptr[row], open_.indptr[row + 1])
                factors = open_.data[span]
                if ends[row] == 1:
                    self.known[places[open_.indices[span]]] = left[row] / factors
                elif left[row] == 0 and (np.all(factors > 0) or np.all(factors < 0)):
                    self.known[places[open_.indices[span]]] = 0
            if (~np.isnan(self.known)).sum() == before:
                break
        self.rows, self.left, self.places = open_, left, places
        together = open_.T @ open_
        _, self.part = connected_components(together, directed=False)

    def range_of(self, line: tuple[str, str, str], names: tuple[str, ...]) -> tuple[float, float]:
        """The lowest and highest that a sum of counts of one line can be."""
        wanted = [self.lines[line] * len(self.names) + self.names.index(name) for name in names]
        sure = sum(self.known[w] for w in wanted if not np.isnan(self.known[w]))
        spots = [int(np.searchsorted(self.places, w)) for w in wanted if np.isnan(self.known[w])]
        if not spots:
            return sure, sure
        inside = np.flatnonzero(np.isin(self.part, self.part[spots]))
        matrix = self.rows[:, inside]
        used = np.flatnonzero(np.diff(matrix.indptr))
        goal = np.zeros(len(inside))
        goal[np.searchsorted(inside, spots)] = 1
        low, high = (
            linprog(sign * goal, A_eq=matrix[used], b_eq=self.left[used], bounds=(0, None), method="highs")
            for sign in (1, -1)
        )
        assert low.status == 0, f"the published table contradicts itself: {low.message}"
        assert high.status in {0, 3}, high.message
        return sure + low.fun, np.inf if high.status == 3 else sure - high.fun


def disclosed(
    engine: Engine, *, second_map: bool, threshold: int = 11, most: int = 10**9, seed: int = 0
) -> list[Found]:
    """Withheld counts of 1 to threshold - 1 that the attack pins down too nearly.

    Args:
        engine: holds `areas` and, for the truth, `areas_internal`.
        second_map: look at the map without the legal-status indicator and at who moves between maps, else at the first.
        threshold: a range narrower than this is a disclosure.
        most: try no more than so many, chosen by the seed.
        seed: for choosing.
    """
    attack = Attack(engine, second_map=second_map)
    columns: dict[str, tuple[str, ...]] = {**{a: (a,) for a in ATOMS}, **SUMS}
    if second_map:
        columns = {m: (m,) for m in MOVES} | {"n_red_without_status": SECOND[:1], "n_scored_without_status": SECOND}
    listed = ", ".join(columns)
    rows = engine.rows(f'SELECT level, code, "group", {listed} FROM areas_internal ORDER BY level, code, "group"')
    small = [
        (r[:3], name, truth) for r in rows for name, truth in zip(columns, r[3:], strict=True) if 0 < truth < threshold
    ]
    if len(small) > most:
        small = [small[k] for k in sorted(np.random.default_rng(seed).choice(len(small), most, replace=False))]
    found = []
    for line, name, truth in small:
        low, high = attack.range_of(line, columns[name])
        assert low - 1e-3 <= truth <= high + 1e-3, "the attack itself is wrong"
        if high - low < threshold - 1e-3:
            found.append(Found(line, name, low, high, truth))
    return found
