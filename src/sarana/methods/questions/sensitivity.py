"""How far bands and ranks hang on weights, indicators, ages of sources, missing data and doubtful links."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sarana.basics.progress import Progress
from sarana.methods.areas.placed import Places, places_of
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.engine import Engine
from sarana.methods.questions.asked_run import AskedRun, check_same_bands
from sarana.methods.questions.doubtful_links import Side, relink
from sarana.methods.questions.ranks import Cells, Published, Tally, from_to, moved, rank, read_published, tally
from sarana.methods.questions.reckoned import (
    GREY,
    LEVELS,
    Reckoned,
    Weighing,
    band_patterns,
    reckon,
    reckon_older,
    weighing_of,
)
from sarana.methods.questions.sensitivity_bounds import Ends, ends_of
from sarana.methods.questions.told import Moves, moves_told
from sarana.methods.risk.coded import Codes, distinct
from sarana.methods.risk.facts import Older
from sarana.methods.risk.indexing import NOT_APPLICABLE, UNKNOWN
from sarana.methods.risk.scoring import Compiled, compile_set, indicators_off
from sarana.methods.risk.shapes import BANDS

YEAR = 12
"""How many months older the values of a source are made."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one change would do.

    Args:
        kind: `weight-up` (half as much again), `weight-down` (half), `left-out` or `older` (by a year).
        of: the indicator or source that is changed.
        moves: who changes band, and which areas change rank.
    """

    kind: str
    of: str
    moves: Moves


@dataclass(frozen=True, slots=True)
class AreaSpan:
    """How sure the place of one published area is.

    Args:
        level, code, name: which area.
        rate: people in the highest band per 1,000 scored, as the protected table has it.
        rank: by rate, 1 for the highest; `best_rank` and `worst_rank` are the ends over all changes.
        missing: the rate among the people scored now, if every answer they lack were a 1, and if it were a 3.
        missing_all: the same among all known people, also those of whom too little is known now.
        links: the rate if doubtful links were decided the other way.
    """

    level: str
    code: str
    name: str
    rate: float
    rank: int
    best_rank: int
    worst_rank: int
    missing: tuple[float, float]
    missing_all: tuple[float, float] | None
    links: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The answer.

    Args:
        n_people: people that the index counts.
        changes: in the order of the set and of the sources.
        areas: published districts and subdistricts.
        n_taken_apart, n_joined: doubtful pairs that were decided the other way.
    """

    n_people: int
    changes: tuple[Change, ...]
    areas: tuple[AreaSpan, ...]
    n_taken_apart: int
    n_joined: int


@dataclass(frozen=True, slots=True)
class _Base:
    """The run as it is: people alike in place and pattern, counted, and all that changes are held against."""

    engine: Engine
    people: Reckoned
    by: Weighing
    counted: Codes
    places: Places
    cells: Cells
    bands: Codes
    now: Tally
    published: dict[str, Published]

    @property
    def of_cells(self) -> Codes:
        """The band of each cell."""
        return self.bands[self.cells.which]


def ask_sensitivity(
    engine: Engine, run: AskedRun, progress: Progress, disclosure: DisclosureSettings | None = None
) -> Sensitivity:
    """Change one thing at a time, and say what becomes of bands and ranks.

    Args:
        engine: holds the files of the run; its `people` is replaced.
        run: what the run says of itself.
        progress: told of each change.
        disclosure: the threshold below which a count is not said.

    Raises:
        BadTable: ASKED-004 the bands of the run cannot be reckoned again.

    Source: one change at a time, as in the OECD's and JRC's handbook on composite indicators (2008), part 7; the
    bounds are those of docs/how-to/ask-how-sure.md. Weights are doubled beforehand, which changes no index, so that
    half of each is a whole number. Nothing is drawn at random.
    Cost: see docs/how-to/ask-how-sure.md.
    """
    rule = disclosure or DisclosureSettings()
    compiled = compile_set(run.settings)
    n_parts = 3 * len(run.settings.set.indicators) + len(run.settings.sources) + 3
    progress.report(0, n_parts, "people")
    base = _base(engine, run, compiled)
    changes: list[Change] = []
    for kind, of, cells, after in _changes(base, run, compiled):
        progress.report(1 + len(changes), n_parts, f"{kind} {of}")
        now = base.of_cells if cells is base.cells else base.bands[cells.which]
        moves = {level: moved(base.published[level], base.now, tally(cells, after, base.places)) for level in LEVELS}
        changes.append(Change(kind, of, moves_told(from_to(cells, now, after), moves, base.published, rule)))
    progress.report(n_parts - 2, n_parts, "doubtful links")
    ends = _missing(base, rule)
    n_apart, apart = _relinked(base, run, compiled, "apart")
    progress.report(n_parts - 1, n_parts, "doubtful links")
    n_joined, joined = _relinked(base, run, compiled, "joined")
    ends["links"] = ends_of(base.places, base.now, [apart, joined], rule, base.now.scored)
    progress.report(n_parts, n_parts, "done")
    areas = tuple(area for level in LEVELS for area in _spans(base, level, changes, ends))
    return Sensitivity(int(base.cells.n.sum()), tuple(changes), areas, n_apart, n_joined)


def _base(engine: Engine, run: AskedRun, compiled: Compiled) -> _Base:
    people, by = reckon(engine, run.settings, compiled), weighing_of(run.settings)
    counted = np.flatnonzero(~people.answers.is_left_out)
    bands = band_patterns(engine, people.answers.patterns, by)
    which = people.answers.which[counted]
    n_bands = np.bincount(bands[which], minlength=len(BANDS))
    check_same_bands(run, {band: int(n_bands[at]) for at, band in enumerate(BANDS)})
    places = places_of(engine, people.persons.areas)
    cells = _cells(places.at(counted), [(which, len(bands))])
    return _Base(
        engine=engine,
        people=people,
        by=by,
        counted=counted,
        places=places,
        cells=cells,
        bands=bands,
        now=tally(cells, bands[cells.which], places),
        published=read_published(engine, places),
    )


def _cells(places: Places, columns: list[tuple[Codes, int]]) -> Cells:
    """People who are alike in place and in these columns, of which the first is told of each cell."""
    lay = [(places.of[level], len(places.codes[level])) for level in LEVELS]
    one, of = distinct([*lay, *columns], len(columns[0][0]))
    at = {level: places.of[level][one] for level in LEVELS}
    return Cells(at, columns[0][0][one], np.bincount(of, minlength=len(one)))


def _changes(base: _Base, run: AskedRun, compiled: Compiled) -> Iterator[tuple[str, str, Cells, Codes]]:
    """Each change: what it is, the cells it is told of, and the band of each cell after it."""
    answers, off = base.people.answers, set(indicators_off(run.settings))
    on = [(at, i.id) for at, i in enumerate(run.settings.set.indicators) if i.id not in off]
    for kind, factor in (("weight-up", 3), ("weight-down", 1)):
        for at, name in on:
            weights = 2 * base.by.weights
            weights[at] = factor * base.by.weights[at]
            bands = band_patterns(base.engine, answers.patterns, base.by, weights)
            yield kind, name, base.cells, bands[base.cells.which]
    for at, name in on:
        without = answers.patterns.copy()
        without[:, at] = NOT_APPLICABLE
        yield "left-out", name, base.cells, band_patterns(base.engine, without, base.by)[base.cells.which]
    for at, source in enumerate(run.settings.sources):
        older = reckon_older(base.engine, base.people, compiled, Older(at, YEAR))
        after = band_patterns(base.engine, older.patterns, base.by)[older.which[base.counted]]
        before = answers.which[base.counted]
        cells = _cells_of_two(base, before, after)
        yield "older", source, *cells


def _cells_of_two(base: _Base, before: Codes, after: Codes) -> tuple[Cells, Codes]:
    """People alike in place, pattern now and band after, and that band."""
    lay = [(base.places.of[level][base.counted], len(base.places.codes[level])) for level in LEVELS]
    one, of = distinct([*lay, (before, len(base.bands)), (after, len(BANDS))], len(before))
    at = {level: codes[one] for level, (codes, _) in zip(LEVELS, lay, strict=True)}
    return Cells(at, before[one], np.bincount(of, minlength=len(one))), after[one]


def _relinked(base: _Base, run: AskedRun, compiled: Compiled, side: Side) -> tuple[int, Tally]:
    """The tally when doubtful links are decided the other way."""
    n = relink(base.engine, base.people.rows, side)
    people = reckon(base.engine, run.settings, compiled)
    counted = np.flatnonzero(~people.answers.is_left_out)
    places = places_of(base.engine, people.persons.areas)
    bands = band_patterns(base.engine, people.answers.patterns, base.by)
    cells = _cells(places.at(counted), [(bands[people.answers.which[counted]], len(BANDS))])
    return n, tally(cells, cells.which, places)


def _missing(base: _Base, rule: DisclosureSettings) -> dict[str, Ends]:
    """The ends of rates if every answer that is not known were a 1, and if it were a 3."""
    is_scored = base.of_cells != GREY
    found = {}
    for name, among in (("missing", is_scored), ("missing_all", np.ones(len(is_scored), bool))):
        others = [
            tally(base.cells, bands[base.cells.which], base.places, among=among)
            for bands in (_filled(base, score) for score in (1, 3))
        ]
        found[name] = ends_of(base.places, base.now, others, rule, others[0].scored)
    return found


def _filled(base: _Base, score: int) -> Codes:
    """The band of each pattern if every answer that is not known were this score."""
    patterns = base.people.answers.patterns
    return band_patterns(base.engine, np.where(patterns == UNKNOWN, np.int8(score), patterns), base.by)


def _spans(base: _Base, level: str, changes: Sequence[Change], ends: Mapping[str, Ends]) -> Iterator[AreaSpan]:
    """The published areas of a level, by rank."""
    of = base.published[level]
    ranks = rank(base.now.red[level][of.at], base.now.scored[level][of.at])
    moves = np.zeros((len(changes) + 1, len(of.code)), np.int64)
    place = {code: at for at, code in enumerate(of.code)}
    for number, change in enumerate(changes, start=1):
        for area in change.moves.areas:
            if area.level == level:
                moves[number, place[area.code]] = area.places
    best, worst = ranks - moves.max(axis=0), ranks - moves.min(axis=0)
    for at in np.lexsort((of.at, ranks)):
        span = {name: (float(e.low[level][of.at[at]]), float(e.high[level][of.at[at]])) for name, e in ends.items()}
        yield AreaSpan(
            level=level,
            code=of.code[at],
            name=of.name[at],
            rate=of.rate[at],
            rank=int(ranks[at]),
            best_rank=int(best[at]),
            worst_rank=int(worst[at]),
            missing=span["missing"],
            missing_all=span["missing_all"] if of.n_people[at] >= 0 else None,
            links=span["links"],
        )
