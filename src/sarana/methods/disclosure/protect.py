"""From counts for the run folder to counts that may be shown: what would point at few people is withheld."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from sarana.basics.errors import BadSetting
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.areas.rollup import FIGURES, GROUPS, LEVELS, bound_sql, rate_sql
from sarana.methods.disclosure.earlier import ROUNDED, Release, beside
from sarana.methods.disclosure.forest import ALL, PARTITIONS, Forest, read_forest
from sarana.methods.disclosure.groups import Task, withhold_groups
from sarana.methods.disclosure.later import Later, round_later
from sarana.methods.disclosure.rule import (
    BANDS,
    COLUMNS,
    COUNTED,
    PEOPLE,
    SECOND,
    SHEETS,
    Counts,
    DisclosureSettings,
    Mask,
    Sheet,
)
from sarana.methods.disclosure.second_map import Classes, choose_classes
from sarana.methods.disclosure.trees import withhold_areas
from sarana.methods.engine import Engine, literal

_KEYS: Final = ("level", "code", "parent", "name", '"group"')
_COLUMNS: Final = (
    *FIGURES,
    "protected",
    *SECOND.figures,
)

_SPOTS: Final = " ".join(f"WHEN {literal(level)} THEN {place}" for place, level in enumerate(LEVELS))


def protect(
    engine: Engine, settings: DisclosureSettings, progress: Progress, after: Sequence[Release] = ()
) -> StepReport:
    """Copy `areas_internal` to `areas` without the figures that tell of few people, by themselves or by subtraction.

    Args:
        engine: holds `areas_internal`.
        settings: threshold and dominance.
        progress: told of each sheet of figures.
        after: tables that were let out before, the last one last; with all of them at hand nothing small may be
            worked out either: lines that each of them shows are shown, rounded.

    Returns:
        Rows in and out: lines. Counts: lines withheld for their own sake and as second cells, by sheet, and the share
        of lines and of people's figures that this costs, by level, in per cent.

    Raises:
        BadSetting: DISC-001 the threshold is below 2; DISC-002 a share is not between 0 and 1;
            DISC-003 a second cell is no group.
        BadTable: DISC-004 the last release is rounded, and the counts behind it are gone.

    Source: docs/explanation/disclosure.md, docs/decisions/0004-disclosure-rule.md.
    Cost: see docs/explanation/disclosure.md.
    """
    _check(settings)
    forest = read_forest(engine)
    since = beside(engine, forest, after)
    if since is not None:
        progress.report(0, 1, "table after one that is out")
        later = round_later(forest, since, settings)
        _lay_out_rounded(engine, forest, later)
        rounded = replace(forest, counts=_columns_of(later.counts))
        classes = choose_classes(rounded, later.gone, settings, only_shown=True)
        _write(engine, forest, later.gone, classes, ("_rounded", later.step))
        engine.run("DROP TABLE _rounded")
        return _report(engine, classes)
    gone: dict[str, Mask] = {}
    rests: dict[tuple[str, int], dict[int, Mask]] = {}
    for done, sheet in enumerate(SHEETS):
        progress.report(done, len(SHEETS), f"figures: {sheet.name}")
        forced = _forced(forest, sheet, settings, gone.get(BANDS.name))
        gone[sheet.name] = _withhold(forest, sheet, settings, forced, rests)
    progress.report(len(SHEETS), len(SHEETS), "table")
    classes = choose_classes(forest, gone, settings)
    _write(engine, forest, gone, classes)
    return _report(engine, classes)


def _check(settings: DisclosureSettings) -> None:
    """Refuse settings that protect nobody or name what is not there."""
    if settings.threshold < 2:
        raise BadSetting(
            "DISC-001", f"A threshold of {settings.threshold} protects nobody.", cure="Give 11, or at least 2."
        )
    if not 0 < settings.share < 1:
        raise BadSetting(
            "DISC-002", f"{settings.share} is no share of a group.", cure="Give a share between 0 and 1, such as 0.8."
        )
    for group in settings.second_cells:
        if group not in GROUPS:
            raise BadSetting(
                "DISC-003", f"'{group}' is no group of the table of areas.", cure="Say for instance age=60+."
            )


def _forced(forest: Forest, sheet: Sheet, settings: DisclosureSettings, first: Mask | None) -> Mask:
    """Shape (areas, groups): what a sheet withholds in any case, namely what the first sheet withholds.

    A province may still say how many people it has and how many are scored: nothing lies beside it to be subtracted.
    """
    forced = np.zeros(forest.people.shape, dtype=bool) if first is None else first.copy()
    if sheet is PEOPLE:
        enough = forest.counts[:, ALL, :3].sum(axis=-1) >= settings.threshold
        forced[:, ALL] &= ~((forest.parent < 0) & enough)
    return forced


def _withhold(
    forest: Forest,
    sheet: Sheet,
    settings: DisclosureSettings,
    forced: Mask,
    rests: dict[tuple[str, int], dict[int, Mask]],
) -> Mask:
    """Shape (areas, groups): true where a sheet shows nothing."""
    gone = forced.copy()
    gone[:, ALL] = withhold_areas(forest, sheet, settings, forced[:, ALL])
    for place, columns in enumerate(PARTITIONS):
        before = rests.get((BANDS.name, place), {})
        task = Task(
            forest,
            sheet,
            settings,
            columns,
            gone[:, ALL],
            forced[:, list(columns)],
            _forced_rest(forest, gone, forced, columns, before),
        )
        descent = withhold_groups(task)
        gone[:, list(columns)] = descent.gone
        rests[sheet.name, place] = descent.rest
    return gone


def _forced_rest(
    forest: Forest, gone: Mask, forced: Mask, columns: tuple[int, ...], before: dict[int, Mask]
) -> dict[int, Mask]:
    """For each area, which columns of its withheld parts, summed, stay unknown because the first sheet hides them."""
    found = {}
    for area in forest.parents_of_groups():
        parts = forest.children[area]
        new = parts[gone[parts, ALL] & ~forced[parts, ALL]]
        mask = forced[np.ix_(new, list(columns))].any(axis=0)
        found[area] = mask | before[area] if area in before else mask
    return found


def _columns_of(counts: Counts) -> Counts:
    """Shape (..., `COLUMNS`) out of (..., `COUNTED`); nobody is said to move between the maps."""
    found = np.zeros((*counts.shape[:-1], len(COLUMNS)), dtype=np.int64)
    found[..., : len(COUNTED)] = counts
    found[..., COLUMNS.index("n_scored_without_status")] += counts[..., COUNTED.index("n_red_without_status")]
    return found


def _lay_out_rounded(engine: Engine, forest: Forest, later: Later) -> None:
    """Make `_rounded`: the lines of `areas_internal` with rounded counts and what follows from them.

    A mean index is not given: beside an earlier one it tells of few, and it cannot be worked out from counts.
    """
    n_areas, n_groups = forest.people.shape
    engine.load(
        "_steps",
        pa.table(
            {
                "spot": np.repeat(forest.level, n_groups),
                "code": np.repeat(forest.code, n_groups),
                "group": np.tile(np.array(GROUPS), n_areas),
                **{name: later.counts[..., place].ravel() for place, name in enumerate(COUNTED)},
            }
        ),
    )
    engine.run(
        f"""CREATE OR REPLACE TABLE _rounded AS
        WITH sums AS (SELECT *, n_red + n_yellow + n_green AS scored,
            n_red_without_status + n_rest_without_status AS scored2 FROM _steps)
        SELECT {", ".join("i." + k for k in _KEYS)}, scored + s.n_grey AS n_people, scored AS n_scored, s.n_red,
            s.n_yellow, s.n_green, s.n_grey, {rate_sql("s.n_red", "scored")} AS rate, NULL::INTEGER AS mean,
            {bound_sql("s.n_red", "scored", -1)} AS low, {bound_sql("s.n_red", "scored", 1)} AS high,
            scored2 AS n_scored_without_status, s.n_red_without_status,
            {rate_sql("s.n_red_without_status", "scored2")} AS rate_without_status,
            {bound_sql("s.n_red_without_status", "scored2", -1)} AS low_without_status,
            {bound_sql("s.n_red_without_status", "scored2", 1)} AS high_without_status
        FROM areas_internal i JOIN sums s
        ON s.spot = CASE i.level {_SPOTS} END AND s.code = i.code AND s."group" = i."group\""""
    )
    engine.run("DROP TABLE _steps")


def _write(
    engine: Engine,
    forest: Forest,
    gone: dict[str, Mask],
    classes: Classes,
    rounded: tuple[str, int] | None = None,
) -> None:
    """Make `areas`: the lines of a table, with the withheld figures empty and the classes of both maps."""
    source, step = rounded or ("areas_internal", "NULL")
    n_areas, n_groups = next(iter(gone.values())).shape
    is_all = np.tile(np.arange(n_groups) == ALL, n_areas)
    engine.load(
        "_withheld",
        pa.table(
            {
                "spot": np.repeat(forest.level, n_groups),
                "code": np.repeat(forest.code, n_groups),
                "group": np.tile(np.array(GROUPS), n_areas),
                **{name: mask.ravel() for name, mask in gone.items()},
                "first": np.where(is_all, np.repeat(classes.first, n_groups), ""),
                "second": np.where(is_all, np.repeat(classes.second, n_groups), ""),
            }
        ),
    )
    owner = {figure: sheet.name for sheet in SHEETS for figure in sheet.figures}
    owner["n_scored"] = f"({BANDS.name} AND {PEOPLE.name})"
    shown = [
        f"{' OR '.join(gone)} AS protected" if c == "protected" else f"CASE WHEN NOT {owner[c]} THEN {c} END AS {c}"
        for c in _COLUMNS
    ]
    engine.run(
        f"""CREATE OR REPLACE TABLE areas AS SELECT {", ".join("i." + k for k in _KEYS)}, {", ".join(shown)},
            nullif(w.first, '') AS class, nullif(w.second, '') AS class_without_status,
            {step}::SMALLINT AS {ROUNDED}
        FROM {source} i JOIN _withheld w
        ON w.spot = CASE i.level {_SPOTS} END AND w.code = i.code AND w."group" = i."group"
        ORDER BY i.level, i.code, i."group\""""
    )
    engine.run("DROP TABLE _withheld")
    engine.run("DROP TABLE _forest")


def _report(engine: Engine, classes: Classes) -> StepReport:
    """Count what is withheld, and what it costs."""
    counts: dict[str, int | float | str] = {"classes_withdrawn_for_sums": classes.withdrawn}
    for level, lines, bands, people, second, by_class, seen, scored in engine.rows(
        """SELECT i.level, count(*), count(*) FILTER (a.n_red IS NULL), count(*) FILTER (a.n_people IS NULL),
            count(*) FILTER (a.n_scored_without_status IS NULL),
            count(*) FILTER (a.n_scored_without_status IS NULL AND a.class_without_status IS NOT NULL),
            coalesce(sum(a.n_scored) FILTER (i."group" = 'all'), 0)::BIGINT,
            coalesce(sum(i.n_scored) FILTER (i."group" = 'all'), 0)::BIGINT
        FROM areas_internal i JOIN areas a USING (level, code, "group") WHERE i.n_people > 0 GROUP BY 1 ORDER BY 1"""
    ):
        counts[f"lines_{level}"] = lines
        counts[f"withheld_bands_{level}"] = bands
        counts[f"withheld_people_{level}"] = people
        counts[f"withheld_second_map_{level}"] = second
        counts[f"second_map_by_class_{level}"] = by_class
        counts[f"per_cent_of_scored_people_shown_{level}"] = round(100 * seen / scored, 1) if scored else 0.0
    n_in = engine.row("SELECT count(*) FROM areas_internal")[0]
    return StepReport(rows_in=n_in, rows_out=engine.row("SELECT count(*) FROM areas")[0], counts=counts)
