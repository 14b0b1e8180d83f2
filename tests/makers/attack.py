"""An attack on a published table of areas: what linear programming still works out of withheld figures.

It reads the published lines only, and knows what everybody knows: children add up to their parent, sexes and age bands
add up to all, bands add up to the scored, the scored and the grey to the people, and nothing is below zero. A class of
the second map says between which limits its rate lies. A stronger attacker also knows how many are scored without the
legal-status indicator everywhere, and what the missing of a class says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from sarana.methods.areas.classes import CLASSES, MapClasses, split_rates
from sarana.methods.disclosure.second_map import unspoken
from sarana.methods.engine import Engine

ATOMS = ("n_red", "n_yellow", "n_green", "n_grey")
SUMS = {"n_scored": ("n_red", "n_yellow", "n_green"), "n_people": ATOMS}
SECOND = ("n_red_without_status", "n_rest_without_status")
"""Of the second map: red, and scored but not red."""
MOVES = ("n_red_left", "n_red_joined", "n_scored_left", "n_scored_joined")
STAYS = ("n_red_stays", "n_scored_stays", "n_grey_stays")
"""People who are red, scored or grey on both maps."""
HANGS = (
    (("n_red",), ("n_red_left", "n_red_stays")),
    (SECOND[:1], ("n_red_joined", "n_red_stays")),
    (ATOMS[:3], ("n_scored_left", "n_scored_stays")),
    (SECOND, ("n_scored_joined", "n_scored_stays")),
    (("n_grey",), ("n_scored_joined", "n_grey_stays")),
)
"""Sums that are equal: how the two maps hang together."""
Limits = Mapping[str, MapClasses]
Line = tuple[str, str, str]
"""Level, code and group."""
Wanted = tuple[Line, str, tuple[str, ...], tuple[str, ...], int]
"""Line, what it is called, counts that add up to it, counts that are taken off, and the truth."""


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

    def __init__(
        self,
        engine: Engine,
        *,
        second_map: bool,
        groups: bool = True,
        strong: bool = False,
        limits: Limits | None = None,
        threshold: int = 11,
        table: str = "areas",
        told: Mapping[tuple[Line, str], int] | None = None,
    ) -> None:
        """Read the published table (never the internal one) and lay out all that must add up.

        Without the second map the equations fall into small parts and every answer is quick.

        Args:
            engine: holds `areas`; for a strong attacker also `areas_internal`.
            second_map: know of the second map.
            groups: know of sexes and ages.
            strong: know how many are scored on the second map everywhere, and what it says that a class is missing.
            limits: of the classes by level; found in the published rates if None; none tells nothing of classes.
            threshold: which classes are left unsaid hangs on it.
            table: the published table.
            told: counts that are known from elsewhere, by line and name.
        """
        keys = ["level", "code", "parent", '"group"']
        figures = [*ATOMS, "n_scored", "n_people", "n_red_without_status", "n_scored_without_status"]
        figures += ["rate", "class_without_status"]
        only = "" if groups else "WHERE \"group\" = 'all'"
        rows = engine.rows(f'SELECT {", ".join(keys + figures)} FROM {table} {only} ORDER BY level, code, "group"')
        self.lines = {(r[0], r[1], r[3]): place for place, r in enumerate(rows)}
        self.shown = [dict(zip(figures, r[4:], strict=True)) for r in rows]
        self.names = (*ATOMS, *SECOND, *MOVES, *STAYS) if second_map else ATOMS
        self.equations: list[tuple[list[int], list[float], float]] = []
        self.slacks = 0
        self._know_lines()
        self._know_sums({place: row[2] for place, row in enumerate(rows)})
        if second_map:
            self._know_classes(self._limits() if limits is None else limits, threshold if strong else None)
        if strong:
            self._know_scored(engine)
        for (line, name), value in (told or {}).items():
            self._equal([self.lines[line] * len(self.names) + self.names.index(name)], [1], value)
        self._simplify()

    def _limits(self) -> dict[str, MapClasses]:
        """The limits of the classes, as everybody can find them in the published rates."""
        rates: dict[str, list[float | None]] = {}
        for (level, code, group), place in self.lines.items():
            if group == "all" and not code.endswith("unknown"):
                rates.setdefault(level, []).append(self.shown[place]["rate"])
        return {level: split_rates(found) for level, found in rates.items() if level in {"district", "subdistrict"}}

    def _know_classes(self, limits: Limits, threshold: int | None) -> None:
        """The rate of the second map lies between the limits of its class, or of those that are not said."""
        for (level, code, group), place in self.lines.items():
            figure = self.shown[place]
            if level not in limits or group != "all" or figure["n_red_without_status"] is not None:
                continue
            said = {figure["class_without_status"]} - {None}
            if not said and threshold and figure["n_scored"] and not code.endswith("unknown"):
                said = set(unspoken(limits[level], figure["n_scored"], threshold))
            if said:
                low, high = min(map(CLASSES.index, said)), max(map(CLASSES.index, said))
                starts = (None, limits[level].mid_from, limits[level].high_from)
                above = next((limit for limit in starts[high + 1 :] if limit is not None), None)
                self._between(place, starts[low], above)

    def _between(self, place: int, low: float | None, high: float | None) -> None:
        """A rate with one decimal, half up, is at least one limit and below another."""
        base = place * len(self.names)
        red, rest = (base + self.names.index(name) for name in SECOND)
        for limit, side, value in ((low, -1, 0.0), (high, 1, -1.0)):
            if limit is not None:
                share = (1 - 20 * limit) / 20000
                self.slacks += 1
                slack = len(self.shown) * len(self.names) + self.slacks - 1
                self._equal([red, rest, slack], [1 + share, share, side], value / 20000)

    def _know_scored(self, engine: Engine) -> None:
        """How many are scored on the second map, from the run folder: a strong attacker might know it otherwise."""
        rows = engine.rows('SELECT level, code, "group", n_scored_without_status FROM areas_internal ORDER BY ALL')
        for *line, scored in rows:
            place = self.lines.get(tuple(line))
            if place is not None:
                base = place * len(self.names)
                self._equal([base + self.names.index(name) for name in SECOND], [1, 1], scored)

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
            for left, right in HANGS:
                factors = [1.0] * len(left) + [-1.0] * len(right)
                self._equal([base + at[name] for name in (*left, *right)], factors, 0)

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
        shape = (len(self.equations), len(self.shown) * len(self.names) + self.slacks)
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

    def range_of(
        self, line: tuple[str, str, str], names: tuple[str, ...], less: tuple[str, ...] = ()
    ) -> tuple[float, float]:
        """The lowest and highest that a sum of counts of one line can be, less other counts of it."""
        base = self.lines[line] * len(self.names)
        wanted = [(base + self.names.index(n), 1.0) for n in names] + [(base + self.names.index(n), -1.0) for n in less]
        sure = sum(factor * self.known[w] for w, factor in wanted if not np.isnan(self.known[w]))
        spots = {int(np.searchsorted(self.places, w)): factor for w, factor in wanted if np.isnan(self.known[w])}
        if not spots:
            return sure, sure
        inside = np.flatnonzero(np.isin(self.part, self.part[list(spots)]))
        matrix = self.rows[:, inside]
        used = np.flatnonzero(np.diff(matrix.indptr))
        goal = np.zeros(len(inside))
        goal[np.searchsorted(inside, list(spots))] = list(spots.values())
        low, high = (
            linprog(sign * goal, A_eq=matrix[used], b_eq=self.left[used], bounds=(0, None), method="highs")
            for sign in (1, -1)
        )
        for end in (low, high):
            assert end.status in {0, 3}, f"the published table contradicts itself: {end.message}"
        return (
            -np.inf if low.status == 3 else sure + low.fun,
            np.inf if high.status == 3 else sure - high.fun,
        )


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
    small: list[Wanted] = [
        (r[:3], name, columns[name], (), truth)
        for r in rows
        for name, truth in zip(columns, r[3:], strict=True)
        if 0 < truth < threshold
    ]
    return _pinned(attack, small, threshold, most, seed)


def disclosed_by_classes(
    engine: Engine,
    *,
    strong: bool,
    limits: Limits | None = None,
    threshold: int = 11,
    most: int = 10**9,
    seed: int = 0,
) -> list[Found]:
    """The same of who moves between the maps, gained, lost and net, in areas as a whole, from classes.

    Args:
        engine: as `disclosed`.
        strong: as `Attack`. Only people in the high band are looked at, for the others are known to this attacker, and
            only what classes have added: who knows that one person is scored knows of one in the high band anyway.
        limits: as `Attack`.
        threshold: as `disclosed`.
        most: as `disclosed`.
        seed: as `disclosed`.
    """
    attack = Attack(engine, second_map=True, groups=False, strong=strong, limits=limits, threshold=threshold)
    columns: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
        **{m: ((m,), ()) for m in (MOVES[:2] if strong else MOVES)},
        "n_red_without_status": (SECOND[:1], ()),
        "n_red - n_red_without_status": (("n_red",), SECOND[:1]),
    }
    rows = engine.rows(
        f"""SELECT level, code, "group", a.n_red_without_status IS NOT NULL AND a.n_red IS NOT NULL,
            {", ".join("i." + c.replace("- ", "- i.") for c in columns)}
        FROM areas_internal i JOIN areas a USING (level, code, "group")
        WHERE "group" = 'all' AND level <> 'village' ORDER BY level, code"""
    )
    small: list[Wanted] = [
        (r[:3], name, *columns[name], truth)
        for r in rows
        if not r[3]
        for name, truth in zip(columns, r[4:], strict=True)
        if 0 < abs(truth) < threshold
    ]
    found = _pinned(attack, small, threshold, most, seed)
    if not found or not strong:
        return found
    bare = Attack(engine, second_map=True, groups=False, strong=True, limits={}, threshold=threshold)
    return [f for f in found if np.ptp(bare.range_of(f.line, *columns[f.column])) >= threshold - 1e-3]


def _pinned(attack: Attack, small: list[Wanted], threshold: int, most: int, seed: int) -> list[Found]:
    """Those of the wanted counts, or of some of them, whose range is narrower than the threshold."""
    if len(small) > most:
        small = [small[k] for k in sorted(np.random.default_rng(seed).choice(len(small), most, replace=False))]
    found = []
    for line, name, names, less, truth in small:
        low, high = attack.range_of(line, names, less)
        assert low - 1e-3 <= truth <= high + 1e-3, "the attack itself is wrong"
        if high - low < threshold - 1e-3:
            found.append(Found(line, name, low, high, truth))
    return found
