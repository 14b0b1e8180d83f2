"""The tables of a back-test: known cases by tenth and band, errors by group; what would point at few is withheld."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarana.methods.disclosure.blocks import Ranges, Table, withhold_row
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.questions.intervals import exact_interval, score_interval
from sarana.methods.questions.validate_groups import Division
from sarana.methods.risk.shapes import BANDS

type Whole = NDArray[np.int64]
type Mask = NDArray[np.bool_]

N_TENTHS = 10
WITHIN, BEYOND, FEW, WITHHELD = "within", "beyond", "too few", "withheld"


@dataclass(frozen=True, slots=True)
class CaseLine:
    """How many of the known cases lie in one part of the index; None is withheld.

    Attributes:
        key: a tenth, `1` the highest, or a band.
        lift: share of all known cases that lie here, by the share of all people; with its exact 95 % interval.
        rate: known cases per 1,000 people here, with its 95 % interval.
    """

    key: str
    n_people: int | None
    n_cases: int | None
    lift: float | None = None
    lift_low: float | None = None
    lift_high: float | None = None
    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """How the index errs in one group; None is withheld.

    Attributes:
        miss: share (0-1) of the group's known cases outside the top tenth, grey ones too; exact 95 % interval.
        ratio: this by the same of all known cases.
        raised: share (0-1) of the group's people without a known case who stand in the top tenth; 95 % interval.
        judged: `within` or `beyond` the ratio; `too few` known cases; `withheld`.
    """

    division: str
    key: str
    name: str
    name_local: str
    judged: str
    n_people: int | None = None
    n_cases: int | None = None
    n_found: int | None = None
    miss: float | None = None
    miss_low: float | None = None
    miss_high: float | None = None
    ratio: float | None = None
    raised: float | None = None
    raised_low: float | None = None
    raised_high: float | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone with their part in the back-test; arrays of shape (people,).

    Attributes:
        is_case: true for people with a known case that is used.
        tenth: 0 the highest, -1 for grey.
        band: places in `BANDS`.
        rule: what may be let out.
    """

    is_case: Mask
    tenth: NDArray[np.int8]
    band: NDArray[np.int8]
    rule: DisclosureSettings

    @property
    def n_cases(self) -> int:
        """People with a known case."""
        return int(self.is_case.sum())

    def counts(self, part: NDArray[np.signedinteger], n_parts: int) -> tuple[Whole, Whole]:
        """People and known cases in each part; people in no part (-1) come last."""
        place = part.astype(np.int64) % (n_parts + 1)
        return np.bincount(place, minlength=n_parts + 1), np.bincount(place[self.is_case], minlength=n_parts + 1)

    def lift(self, tenth: int) -> tuple[float, float, float]:
        """The lift of a tenth and its interval."""
        people, cases = self.counts(self.tenth, N_TENTHS)
        return _lift(int(cases[tenth]), self.n_cases, int(people[tenth]), len(self.is_case))


def band_lines(cast: Cast, moved: Whole) -> tuple[CaseLine, ...]:
    """Known cases by band of the index as reckoned for the back-test.

    Args:
        cast: everyone.
        moved: shape (bands, bands), people from the band of the run to the band here. The run's own counts are
            published: where the two margins would tell of few people who moved, numbers of people are withheld.
    """
    people, cases = cast.counts(cast.band, len(BANDS))
    people, cases = people[:-1], cases[:-1]
    gone = _withheld(cast.rule, np.stack([cases, people - cases], axis=1), np.zeros(len(BANDS), bool), cases)
    return _case_lines(cast, BANDS, people, cases, gone, is_sized=_margins_are_safe(moved, cast.rule.threshold))


def tenth_lines(cast: Cast, bands: Sequence[CaseLine]) -> tuple[CaseLine, ...]:
    """Known cases by tenth of the index, the highest first.

    Grey cases are no tenth but the rest of all cases: they take part as a part that is withheld if it is in the bands.
    The top tenth is the last to be withheld for another's sake.
    """
    people, cases = cast.counts(cast.tenth, N_TENTHS)
    grey = next(line for line in bands if line.key == "grey")
    is_known = grey.n_cases is not None
    parts = slice(N_TENTHS) if is_known else slice(N_TENTHS + 1)
    forced = np.zeros(N_TENTHS + 1, bool)
    forced[-1] = not is_known
    turn = np.array([1, *([0] * N_TENTHS)])
    atoms = np.stack([cases, people - cases], axis=1)
    gone = _withheld(cast.rule, atoms[parts], forced[parts], cases[parts], turn[parts])
    is_sized = any(line.n_people is not None for line in bands)
    keys = tuple(str(at + 1) for at in range(N_TENTHS))
    return _case_lines(cast, keys, people[:-1], cases[:-1], gone[:N_TENTHS], is_sized=is_sized)


def error_lines(
    cast: Cast, division: Division, most_ratio: float, *, is_top_shown: bool
) -> tuple[tuple[ErrorLine, ...], int]:
    """The errors of each group of a division.

    A group is beyond the ratio when its miss rate is more than `most_ratio` times that of all known cases, and chance
    does not explain it: the lower end of its exact interval, widened for the number of groups that are compared
    (Bonferroni), lies above the miss rate of all. Groups of fewer known cases than the threshold are not judged.

    Args:
        cast: everyone.
        division: the groups.
        most_ratio: the most that is allowed.
        is_top_shown: false where the number of cases in the top tenth is withheld: groups would add up to it.

    Returns:
        The lines, and how many groups are within the ratio, those that are withheld too.
    """
    n = len(division.keys)
    is_top = cast.tenth == 0
    found, missed, raised, rest = (
        np.bincount(division.group[mask], minlength=n)
        for mask in (
            cast.is_case & is_top,
            cast.is_case & ~is_top,
            ~cast.is_case & is_top,
            ~cast.is_case & ~is_top,
        )
    )
    cases = found + missed
    forced = division.barred | (not is_top_shown)
    gone = _withheld(cast.rule, np.stack([found, missed, raised, rest], axis=1), forced, cases)
    tried = Tried(int(missed.sum()) / max(int(cases.sum()), 1), int((cases >= cast.rule.threshold).sum()), most_ratio)
    lines, n_within = [], 0
    for at, key in enumerate(division.keys):
        group = _Group(*(int(counts[at]) for counts in (found, missed, raised, rest)))
        if not group.n_people:
            continue
        judged = _judged(group, tried, cast.rule.threshold)
        n_within += judged == WITHIN
        if gone[at]:
            told = judged if judged == BEYOND else WITHHELD
            lines.append(ErrorLine(division.name, key, *division.names[at], told))
        else:
            lines.append(_shown(group, tried, ErrorLine(division.name, key, *division.names[at], judged)))
    return tuple(lines), n_within


@dataclass(frozen=True, slots=True)
class Tried:
    """What groups are held against: the miss rate of all, how many groups are compared, and the ratio allowed."""

    miss: float
    n_compared: int
    most_ratio: float


@dataclass(frozen=True, slots=True)
class _Group:
    """People of a group: known cases in the top tenth and elsewhere, others in the top tenth and elsewhere."""

    found: int
    missed: int
    raised: int
    rest: int

    @property
    def n_cases(self) -> int:
        return self.found + self.missed

    @property
    def n_others(self) -> int:
        return self.raised + self.rest

    @property
    def n_people(self) -> int:
        return self.n_cases + self.n_others


def _shown(group: _Group, tried: Tried, line: ErrorLine) -> ErrorLine:
    """A line with its figures."""
    line = replace(line, n_people=group.n_people, n_cases=group.n_cases, n_found=group.found)
    if group.n_cases:
        miss = group.missed / group.n_cases
        low, high = exact_interval(group.missed, group.n_cases)
        ratio = round(miss / tried.miss, 3) if tried.miss else None
        line = replace(line, miss=round(miss, 4), miss_low=round(low, 4), miss_high=round(high, 4), ratio=ratio)
    if group.n_others:
        low, high = score_interval(group.raised, group.n_others)
        raised = round(group.raised / group.n_others, 4)
        line = replace(line, raised=raised, raised_low=round(low, 4), raised_high=round(high, 4))
    return line


def _judged(group: _Group, tried: Tried, threshold: int) -> str:
    """Whether a group's miss rate is within the ratio."""
    if group.n_cases < threshold:
        return FEW
    low = exact_interval(group.missed, group.n_cases, 0.05 / tried.n_compared)[0]
    is_beyond = group.missed > tried.most_ratio * tried.miss * group.n_cases and low > tried.miss
    return BEYOND if is_beyond else WITHIN


def _case_lines(
    cast: Cast, keys: Sequence[str], people: Whole, cases: Whole, gone: Mask, *, is_sized: bool
) -> tuple[CaseLine, ...]:
    lines = []
    for at, key in enumerate(keys):
        n, k = int(people[at]), int(cases[at])
        if gone[at] or not is_sized:
            lines.append(CaseLine(key, n if is_sized and not gone[at] else None, None if gone[at] else k))
            continue
        lift = [round(value, 2) for value in _lift(k, cast.n_cases, n, len(cast.is_case))] if n else [None] * 3
        rate = [round(1000 * value, 2) for value in (k / n, *score_interval(k, n))] if n else [None] * 3
        lines.append(CaseLine(key, n, k, *lift, *rate))
    return tuple(lines)


def _lift(part: int, cases: int, people: int, everyone: int) -> tuple[float, float, float]:
    """Share of cases by share of people, with the exact interval of the first."""
    if not people or not cases:
        return 0.0, 0.0, everyone / max(people, 1)
    low, high = exact_interval(part, cases)
    scale = everyone / people
    return part / cases * scale, low * scale, high * scale


def _withheld(rule: DisclosureSettings, atoms: Whole, forced: Mask, size: Whole, turn: Whole | None = None) -> Mask:
    """Which parts of a whole that is known are withheld: those with a small count, and second ones against subtraction.

    Args:
        rule: the threshold.
        atoms: shape (parts, counts), what can be worked out of a part.
        forced: shape (parts,), withheld in any case.
        size: shape (parts,), of equals the smallest goes first.
        turn: shape (parts,), those with the lower number go first.
    """
    small = (atoms > 0) & (atoms < rule.threshold)
    hidden = small.any(axis=1) | forced
    outer = Ranges(np.zeros_like(atoms), atoms)
    order = np.zeros(len(atoms), np.int64) if turn is None else turn
    doubtful = small | forced[:, None]
    free = np.zeros(len(atoms), bool)
    table = Table(atoms[None], hidden[None], doubtful[None], size[None], free, outer, rule.threshold, order)
    return np.asarray(withhold_row(table)[0][0], np.bool_)


def _margins_are_safe(moved: Whole, threshold: int) -> bool:
    """Whether nobody can tell from the two margins that few people moved: by the bounds of each cell."""
    row, column = moved.sum(axis=1)[:, None], moved.sum(axis=0)[None]
    low, high = np.maximum(row + column - moved.sum(), 0), np.minimum(row, column)
    return not ((moved > 0) & (moved < threshold) & (high - low < threshold)).any()
