"""What changed between two runs, and how much of it is a change of data, of linkage, or of people."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from sarana.basics.errors import BadSetting, BadTable
from sarana.basics.progress import Progress
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.engine import Engine, quoted
from sarana.methods.population.chain_card import STATUS
from sarana.methods.questions.asked_run import AskedRun
from sarana.methods.questions.compare_areas import AreaChange, area_changes, changed_by_few, few_changed
from sarana.methods.questions.validate_lines import withhold_parts

PARTS = ("data", "linkage", "people")
"""What a change is made of: other rows or values of the same people; the same rows grouped anew; who came and left."""

BOTH = ("a", "b")
HUNDREDTHS = 100
"""Parts of the mean are told in hundredths of a thousandth, so that rounding is never seen in the second decimal."""


@dataclass(frozen=True, slots=True)
class CompareSettings:
    """What may be let out."""

    disclosure: DisclosureSettings = field(default_factory=DisclosureSettings)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the change of a province; None is withheld.

    Attributes:
        key: `data`, `linkage` or `people`; `whole` for all of them.
        n_people_a, n_people_b: people of this kind in the earlier and the later run.
        n_red_a, n_red_b: of these in the highest band.
        red: change of the number in the highest band.
        mean: change of the mean index that it brings, thousandths.
    """

    key: str
    n_people_a: int | None
    n_people_b: int | None
    n_red_a: int | None
    n_red_b: int | None
    red: int | None
    mean: float | None


@dataclass(frozen=True, slots=True)
class Withheld:
    """The parts whose people and means are withheld, and those whose highest band is."""

    means: set[str]
    bands: set[str]


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """What one indicator brings to the change of the mean index, thousandths; None is withheld."""

    id: str
    name: str
    mean_a: float | None
    mean_b: float | None
    whole: float | None
    data: float | None
    linkage: float | None
    people: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs of one province, set and list of areas have apart; protected aggregates only."""

    run_a: str
    run_b: str
    as_of_a: dt.date
    as_of_b: dt.date
    set: str
    version: str
    is_invented: bool
    share_rows_in_both: float
    mean_a: float | None
    mean_b: float | None
    whole: Part
    parts: tuple[Part, ...]
    indicators: tuple[IndicatorChange, ...]
    areas: tuple[AreaChange, ...]
    threshold: int
    status: str = STATUS


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over the people of one run and one kind.

    People, scored people, people in the highest band; and of scored people, as in the table of areas, their index, what
    each indicator brought to it, and of how many people it was observed.
    """

    people: int = 0
    scored: int = 0
    red: int = 0
    index: int = 0
    indicators: tuple[int, ...] = ()
    observed: tuple[int, ...] = ()


Tally = Mapping[tuple[str, str], Sums]
"""Sums by run (`a`, `b`) and kind."""


def compare_runs(
    engine: Engine, earlier: AskedRun, later: AskedRun, settings: CompareSettings, progress: Progress
) -> Comparison:
    """Say what changed from one run to another.

    Args:
        engine: that may see both folders; it is given views on their files.
        earlier: a run.
        later: a run of the same province with the same set and list of areas.
        settings: what may be let out.
        progress: told of three parts.

    Returns:
        The change of the number in the highest band and of the mean index in parts that add up to it exactly, by
        indicator too; and the protected figures of areas side by side.

    Raises:
        BadSetting: COMPARE-001 sets, decisions or parameters differ; COMPARE-002 provinces differ; COMPARE-004 the
            second run is the earlier one.
        BadTable: COMPARE-003 areas differ; COMPARE-005 no row stands in both runs.

    Source: docs/how-to/compare-two-runs.md.
    """
    progress.report(0, 3, "checks")
    check_comparable(engine, earlier, later)
    ids = earlier.indicators
    progress.report(1, 3, "people of both runs")
    tally, shared = tally_parts(engine, ids)
    progress.report(2, 3, "areas")
    areas = area_changes(engine, settings.disclosure.threshold)
    is_shown = _provinces_are_shown(engine, settings.disclosure.threshold)
    gone = _withheld(tally, settings.disclosure, is_shown=is_shown)
    mean = [_mean_of(_whole(tally, run)) for run in BOTH]
    progress.report(3, 3, "done")
    return Comparison(
        run_a=earlier.name,
        run_b=later.name,
        as_of_a=earlier.as_of,
        as_of_b=later.as_of,
        set=earlier.settings.set.id,
        version=earlier.settings.set.version,
        is_invented=earlier.is_invented and later.is_invented,
        share_rows_in_both=round(shared, 4),
        mean_a=None if mean[0] is None else round(float(mean[0]), 2),
        mean_b=None if mean[1] is None else round(float(mean[1]), 2),
        whole=_whole_part(tally, is_shown=is_shown),
        parts=_parts(tally, gone),
        indicators=_indicators(tally, gone.means, earlier, settings.disclosure.threshold),
        areas=areas,
        threshold=settings.disclosure.threshold,
    )


def check_comparable(engine: Engine, earlier: AskedRun, later: AskedRun) -> None:
    """Make sure that a difference between two runs says something; faults as `compare_runs`."""
    one, two = earlier.settings, later.settings
    sets = [(run.settings.set.id, run.settings.set.version, run.set_hash) for run in (earlier, later)]
    same = {
        "indicator sets": sets[0] == sets[1],
        "bandings": one.banding == two.banding,
        "parameters": dict(one.parameters) == dict(two.parameters),
        "ethics decisions": set(one.ethics_decisions) == set(two.ethics_decisions),
    }
    apart = [name for name, is_same in same.items() if not is_same]
    where = f"{earlier.path}, {later.path}"
    if apart:
        cure = "Run one of them again as the other was run."
        raise BadSetting("COMPARE-001", f"The two runs have different {', '.join(apart)}.", where=where, cure=cure)
    if earlier.province != later.province:
        cure = "Compare runs of one province."
        raise BadSetting("COMPARE-002", "The two runs are of different provinces.", where=where, cure=cure)
    if earlier.as_of > later.as_of:
        cure = "Name the earlier run first."
        raise BadSetting("COMPARE-004", "The first run looks from a later day than the second.", where=where, cure=cure)
    for run, suffix in zip((earlier, later), BOTH, strict=True):
        run.view(engine, "people", "scores", "contributions", "areas", "area_names", "villages", suffix=f"_{suffix}")
    codes = "village_code, subdistrict_code, district_code, province_code"
    n_apart = engine.row(
        f"""SELECT count(*) FROM (
        (SELECT {codes} FROM villages_a EXCEPT SELECT {codes} FROM villages_b)
        UNION ALL (SELECT {codes} FROM villages_b EXCEPT SELECT {codes} FROM villages_a))"""
    )[0]
    if n_apart:
        what = f"The two runs have different lists of areas: {n_apart:,} villages stand in one only, or lie elsewhere."
        raise BadTable("COMPARE-003", what, where=where, cure="Run one of them again with the list of the other.")


def tally_parts(engine: Engine, indicators: Sequence[str]) -> tuple[Tally, float]:
    """Sums over people by run and kind, and the share of the later run's rows that stand in the earlier one too.

    People are the same where all rows that both runs know tie one person to one person; such people may have gained and
    lost rows. Where rows tie one to several, or several to several, linkage grouped them otherwise. Those of whose rows
    the other run knows none came or left; so did people whom the set leaves out in one run only.

    Args:
        engine: holds `people`, `scores` and `contributions` with `_a` and `_b`.
        indicators: the columns of `contributions`.

    Raises:
        BadTable: COMPARE-005 no row stands in both.
    """
    engine.run(
        """CREATE OR REPLACE TEMP TABLE _ties AS SELECT a.person_id AS a, b.person_id AS b, count(*) AS n
        FROM people_a a JOIN people_b b ON a.source = b.source AND a.row_id = b.row_id GROUP BY ALL"""
    )
    shared, n_later = engine.row("SELECT coalesce(sum(n), 0)::BIGINT, (SELECT count(*) FROM people_b) FROM _ties")
    if not shared:
        raise BadTable(
            "COMPARE-005",
            "No row of one run stands in the other.",
            where="people.parquet",
            cure="Keep row_id the same from year to year; without it nobody can tell who came and who left.",
        )
    for own, other in (BOTH, BOTH[::-1]):
        engine.run(
            f"CREATE OR REPLACE TEMP TABLE _tied_{own} AS "
            f"SELECT {own} AS person_id, count(*) AS n, min({other}) AS other FROM _ties GROUP BY 1"
        )
    tally: dict[tuple[str, str], Sums] = {}
    for own, other in (BOTH, BOTH[::-1]):
        kind = """CASE WHEN t.n IS NULL THEN 'people' WHEN t.n > 1 OR o.n > 1 THEN 'linkage'
            WHEN os.person_id IS NULL THEN 'people' ELSE 'data' END"""
        seen = ", ".join(f"coalesce(sum(c.{quoted(i)}) FILTER (s.band <> 'grey'), 0)::BIGINT" for i in indicators)
        known = ", ".join(f"count(c.{quoted(i)}) FILTER (s.band <> 'grey')" for i in indicators)
        for key, people, scored, red, index, *more in engine.rows(
            f"""SELECT {kind} AS kind, count(*), count(*) FILTER (s.band <> 'grey'), count(*) FILTER (s.band = 'red'),
                coalesce(sum(s.index) FILTER (s.band <> 'grey'), 0)::BIGINT, {seen}, {known}
            FROM scores_{own} s JOIN contributions_{own} c ON c.person_id = s.person_id
            LEFT JOIN _tied_{own} t ON t.person_id = s.person_id
            LEFT JOIN _tied_{other} o ON o.person_id = t.other
            LEFT JOIN scores_{other} os ON os.person_id = t.other
            GROUP BY 1"""
        ):
            n = len(indicators)
            tally[own, key] = Sums(people, scored, red, index, tuple(more[:n]), tuple(more[n:]))
    for gone in ("_ties", "_tied_a", "_tied_b"):
        engine.run(f"DROP TABLE {gone}")
    none = (0,) * len(indicators)
    empty = Sums(indicators=none, observed=none)
    return {(run, key): tally.get((run, key), empty) for run in BOTH for key in PARTS}, shared / n_later


def split_mean(tally: Tally, indicator: int | None = None) -> tuple[Fraction, ...] | None:
    """The change of a mean in one part for each of `PARTS`, exactly; None where a run scored nobody.

    With T the sum and S the scored people of a run, T_b - T_a = s (m_b - m_a) + m (S_b - S_a), where s and m are the
    middles of both runs. So each kind brings (its change of T - m times its change of S) / s: people who come with an
    index above the mean raise it, and no order of events needs to be assumed.

    Args:
        tally: sums by run and kind.
        indicator: the place of the indicator whose part of the index is meant; None for the index itself.

    Source: the identity is E. M. Kitagawa's (1955, Journal of the American Statistical Association 50, 1168-1194).
    """
    total = {at: (s.index if indicator is None else s.indicators[indicator]) for at, s in tally.items()}
    scored = [sum(tally[run, key].scored for key in PARTS) for run in BOTH]
    if not all(scored):
        return None
    means = [Fraction(sum(total[run, key] for key in PARTS), n) for run, n in zip(BOTH, scored, strict=True)]
    middle, size = sum(means, Fraction()) / 2, Fraction(sum(scored), 2)
    return tuple(
        ((total["b", key] - total["a", key]) - middle * (tally["b", key].scored - tally["a", key].scored)) / size
        for key in PARTS
    )


def rounded_parts(parts: Sequence[Fraction]) -> list[float]:
    """Parts in hundredths that add up to their rounded sum: what is left goes to the largest remainders."""
    scaled = [part * HUNDREDTHS for part in parts]
    floors = [int(part // 1) for part in scaled]
    left = int((sum(scaled, Fraction()) + Fraction(1, 2)) // 1) - sum(floors)
    order = sorted(range(len(scaled)), key=lambda at: (floors[at] - scaled[at], at))
    for at in order[:left]:
        floors[at] += 1
    return [floor / HUNDREDTHS for floor in floors]


def _whole(tally: Tally, run: str) -> Sums:
    of = [tally[run, key] for key in PARTS]
    return Sums(*(sum(getattr(s, name) for s in of) for name in ("people", "scored", "red", "index")))


def _mean_of(sums: Sums) -> Fraction | None:
    return Fraction(sums.index, sums.scored) if sums.scored else None


def _provinces_are_shown(engine: Engine, threshold: int) -> bool:
    """Whether both protected tables tell of everyone how many they are, so that our sums add nothing to them.

    Where few have come, left or changed band since, both tables beside each other would tell that: so it is no.
    """
    told = all(
        engine.row(
            f"""SELECT coalesce(bool_and(n_people IS NOT NULL AND n_red IS NOT NULL), false) FROM areas_{run}
            WHERE level = 'province' AND "group" = 'all'"""
        )[0]
        for run in BOTH
    )
    return told and not few_changed(engine, ("province",), threshold)


def _withheld(tally: Tally, rule: DisclosureSettings, *, is_shown: bool) -> Withheld:
    """Which parts rest on few people or changed by few, or would give such a part away; all where a province is."""
    sums = {key: (tally["a", key], tally["b", key]) for key in PARTS}
    heads = np.array([[n for s in sums[key] for n in (s.scored, s.people - s.scored)] for key in PARTS], np.int64)
    reds = np.array([[n for s in sums[key] for n in (s.red, s.scored - s.red)] for key in PARTS], np.int64)
    size = heads.sum(axis=1)
    means = withhold_parts(rule, heads, changed_by_few(heads, PARTS, rule) | (not is_shown), size)
    bands = withhold_parts(rule, reds, means | changed_by_few(reds, PARTS, rule), size)
    return Withheld(*({key for key, is_gone in zip(PARTS, gone, strict=True) if is_gone} for gone in (means, bands)))


def _parts(tally: Tally, gone: Withheld) -> tuple[Part, ...]:
    split = split_mean(tally)
    means: list[float | None] = [None] * len(PARTS) if split is None else [*rounded_parts(split)]
    lines = []
    for key, mean in zip(PARTS, means, strict=True):
        one, two = tally["a", key], tally["b", key]
        if key in gone.means:
            lines.append(Part(key, None, None, None, None, None, None))
        elif key in gone.bands:
            lines.append(Part(key, one.people, two.people, None, None, None, mean))
        else:
            lines.append(Part(key, one.people, two.people, one.red, two.red, two.red - one.red, mean))
    return tuple(lines)


def _whole_part(tally: Tally, *, is_shown: bool) -> Part:
    """The whole change; counts are withheld where a protected table withholds those of a province."""
    one, two = _whole(tally, "a"), _whole(tally, "b")
    split = split_mean(tally)
    mean = None if split is None else round(sum(rounded_parts(split)), 2)
    if not is_shown:
        return Part("whole", None, None, None, None, None, mean)
    return Part("whole", one.people, two.people, one.red, two.red, two.red - one.red, mean)


def _indicators(tally: Tally, gone: set[str], run: AskedRun, threshold: int) -> tuple[IndicatorChange, ...]:
    """Each indicator: nothing where few people are observed, no parts where a part has few; never one line alone."""
    lines = []
    scored = [_whole(tally, name).scored for name in BOTH]
    apart = [[key for key in PARTS if key in gone], *([key] for key in PARTS if key not in gone)]
    n_indicators = len(run.indicators)
    hidden = _few_observed(tally, [list(PARTS)], n_indicators, threshold)
    unsplit = _few_observed(tally, [list(PARTS), *apart], n_indicators, threshold) | hidden
    for at, indicator in enumerate(run.settings.set.indicators):
        split = split_mean(tally, at)
        if split is None:
            continue
        parts = rounded_parts(split)
        shown = [None if key in gone or at in unsplit else part for key, part in zip(PARTS, parts, strict=True)]
        sums = [sum(tally[name, key].indicators[at] for key in PARTS) for name in BOTH]
        means = [round(total / n, 2) for total, n in zip(sums, scored, strict=True)]
        figures = [None] * 3 if at in hidden else [*means, round(sum(parts), 2)]
        lines.append(IndicatorChange(indicator.id, indicator.name, *[*figures, *shown]))
    return tuple(lines)


def _few_observed(tally: Tally, told: Sequence[Sequence[str]], n_indicators: int, threshold: int) -> set[int]:
    """The places of indicators observed of few people in a run, and a second one beside a lone one.

    Args:
        tally: sums by run and kind.
        told: the kinds, or kinds taken together, of which figures tell.
        n_indicators: how many there are.
        threshold: what is few.
    """
    counts = [
        [sum(tally[run, key].observed[at] for key in some) for some in told for run in BOTH]
        for at in range(n_indicators)
    ]
    least = [min((n for n in some if n), default=0) for some in counts]
    hidden = {at for at, n in enumerate(least) if 0 < n < threshold}
    if len(hidden) == 1:
        rest = [at for at in range(n_indicators) if at not in hidden and least[at]]
        hidden |= set(sorted(rest, key=lambda at: (least[at], at))[:1])
    return hidden
