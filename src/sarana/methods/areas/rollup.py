"""From one line a person to counts, rates and means by area, age band and sex: unprotected, for the run folder only."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.basics.errors import BadTable
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine, literal
from sarana.methods.risk.coded import Coded, coded, distinct

LEVELS: Final = ("province", "district", "subdistrict", "village")
"""From the widest to the smallest; each area but a province lies in one area of the level before."""

SEXES: Final = ("F", "M", "U")
AGES: Final = ("0-5", "6-11", "12-17", "18-24", "25-59", "60+", "U")
GROUPS: Final = ("all", *(f"sex={s}" for s in SEXES), *(f"age={a}" for a in AGES))
"""Groups of people within an area; `U` is unknown. A village has `all` only."""

FIGURES: Final = ("n_people", "n_scored", "n_red", "n_yellow", "n_green", "n_grey", "rate", "mean", "low", "high")
"""What is told of an area and a group of people."""

UNKNOWN: Final = "unknown"
"""Ends the code of the line that holds people known to live in an area, but not where in it: `5001-unknown`."""

_BANDS: Final = ("red", "yellow", "green", "grey")
_TWO_BANDS: Final = ("band", "band_without_status")
_MOVES: Final = ("red_left", "red_joined", "scored_left", "scored_joined")
"""People who leave or join the high band, or the scored people, when the legal-status indicator is left out."""
_COUNTED: Final = ("people", *_BANDS, "red2", "scored2", *_MOVES, "total")
_Z2: Final = 3.8414588206941254
"""Square of 1.959964, the two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True, slots=True)
class AreaSettings:
    """How people are laid into areas.

    Attributes:
        age_starts: first full year of each age band but the unknown one; six whole numbers, rising from 0.
    """

    age_starts: tuple[int, int, int, int, int, int] = (0, 6, 12, 18, 25, 60)


def roll_up(engine: Engine, settings: AreaSettings, progress: Progress) -> StepReport:
    """Count people and bands in every area, by sex and age band down to the subdistrict.

    A person stands in the village they are known to live in; the areas above follow from the village list, not from
    the person's own line, so that levels always add up. Where only a wider area is known, the person stands in that
    area and, below it, in lines whose code ends in `-unknown`. With one province in the list, people of unknown
    province are its own: they stand in its files.

    Args:
        engine: holds `persons`, `scores`, `villages` and `area_names` (columns: docs/explanation/chain.md). A person
            without a line in `scores` counts as grey.
        settings: the age bands.
        progress: told of three parts.

    Returns:
        Rows in: people. Rows out: lines of `areas_internal`, which then exists. Counts: areas by level.

    Raises:
        BadTable: AREA-001 no village is listed; AREA-002 an area lies in two areas; AREA-003 age bands do not rise.

    Cost: 1.6 CPU seconds for 1.69 M people in 2,066 villages, on two busy cores (2026-11-22): people who are alike in
    place, sex, age band and bands are counted in memory, and only the counts are summed by the engine.
    """
    if list(settings.age_starts) != sorted(set(settings.age_starts)) or settings.age_starts[0] != 0:
        raise BadTable(
            "AREA-003", "The age bands do not rise from 0.", cure="Give six starts such as 0, 6, 12, 18, 25, 60."
        )
    progress.report(0, 3, "areas")
    _make_tree(engine)
    progress.report(1, 3, "people")
    _make_cells(engine, settings)
    progress.report(2, 3, "counts")
    _make_lines(engine)
    progress.report(3, 3, "counts")
    return _report(engine)


def _make_tree(engine: Engine) -> None:
    """Lay out every area once with its parent and name, and see that it is a tree."""
    engine.run(
        """CREATE OR REPLACE TEMP TABLE _tree AS
        SELECT DISTINCT 'village' AS level, village_code AS code, subdistrict_code AS parent FROM villages
        UNION SELECT 'subdistrict', subdistrict_code, district_code FROM villages
        UNION SELECT 'district', district_code, province_code FROM villages
        UNION SELECT 'province', province_code, NULL FROM villages"""
    )
    engine.run("DELETE FROM _tree WHERE code IS NULL")
    if engine.row("SELECT count(*) FROM _tree")[0] == 0:
        raise BadTable(
            "AREA-001", "The village list is empty.", cure="Give the province's list of villages in the sources file."
        )
    doubled = engine.rows(
        "SELECT level, count(*) FROM (SELECT level, code FROM _tree GROUP BY ALL HAVING count(*) > 1) GROUP BY 1"
    )
    if doubled:
        said = ", ".join(f"{n} of level {level}" for level, n in sorted(doubled))
        raise BadTable(
            "AREA-002",
            f"Some areas lie in two areas: {said}.",
            cure="Give each village one line and each area one parent.",
        )


def _make_cells(engine: Engine, settings: AreaSettings) -> None:
    """Count people once for each (place, sex, age band); all wider counts are sums of these."""
    _count_alike(engine, _read_people(engine), settings)
    home = "(SELECT CASE WHEN count(DISTINCT code) = 1 THEN min(code) END FROM _tree WHERE level = 'province')"
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE _places AS
        WITH v AS (SELECT w.*, t.code AS v, t.parent AS vs FROM _written w
              LEFT JOIN _tree t ON t.level = 'village' AND t.code = w.village),
        s AS (SELECT v.*, t.code AS s, t.parent AS sd FROM v
              LEFT JOIN _tree t ON t.level = 'subdistrict' AND t.code = coalesce(v.vs, v.subdistrict)),
        d AS (SELECT s.*, t.code AS d, t.parent AS dp FROM s
              LEFT JOIN _tree t ON t.level = 'district' AND t.code = coalesce(s.sd, s.district)),
        p AS (SELECT d.*, coalesce(t.code, {home}, '{UNKNOWN}') AS p FROM d
              LEFT JOIN _tree t ON t.level = 'province' AND t.code = coalesce(d.dp, d.province)),
        filled AS (SELECT *, coalesce(d, CASE WHEN p = '{UNKNOWN}' THEN p ELSE p || '-{UNKNOWN}' END) AS d2 FROM p),
        more AS (SELECT *, coalesce(s, CASE WHEN d IS NULL THEN d2 ELSE d2 || '-{UNKNOWN}' END) AS s2 FROM filled)
        SELECT place, p AS province_code, d2 AS district_code, s2 AS subdistrict_code,
               coalesce(v, CASE WHEN s IS NULL THEN s2 ELSE s2 || '-{UNKNOWN}' END) AS village_code
        FROM more"""
    )
    bands = ", ".join(f"coalesce(sum(n) FILTER (coalesce(band, 'grey') = '{b}'), 0) AS {b}" for b in _BANDS)
    first, second = "coalesce(band, 'grey')", "coalesce(band_without_status, 'grey')"
    moved = ", ".join(
        f"coalesce(sum(n) FILTER ({test}), 0) AS {name}"
        for name, test in {
            "red2": f"{second} = 'red'",
            "scored2": f"{second} <> 'grey'",
            "red_left": f"{first} = 'red' AND {second} <> 'red'",
            "red_joined": f"{first} <> 'red' AND {second} = 'red'",
            "scored_left": f"{first} <> 'grey' AND {second} = 'grey'",
            "scored_joined": f"{first} = 'grey' AND {second} <> 'grey'",
        }.items()
    )
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE _cells AS
        WITH people AS (
            SELECT place, CASE sex WHEN 'female' THEN 'F' WHEN 'male' THEN 'M' ELSE 'U' END AS sex,
                   age, sum(n) AS people, {bands}, {moved},
                   coalesce(sum(total) FILTER (band <> 'grey'), 0)::BIGINT AS total
            FROM _said
            GROUP BY ALL)
        SELECT province_code, district_code, subdistrict_code, village_code, sex, age, {_sums()}
        FROM people JOIN _places USING (place)
        GROUP BY ALL"""
    )


def _read_people(engine: Engine) -> pa.Table:
    """What counts of each person and their score; both tables of a run stand in one order and are read side by side."""
    said = ["village", "subdistrict", "district", "province", "sex"]
    people = engine.read("persons", ["person_id", "age", *said], said)
    scores = engine.read("scores", ["person_id", "index", *_TWO_BANDS], _TWO_BANDS)
    if not people["person_id"].equals(scores["person_id"]):
        return engine.arrow(
            f"SELECT {', '.join(said)}, age, index, {', '.join(_TWO_BANDS)} "
            "FROM persons LEFT JOIN scores USING (person_id)"
        )
    for name in ("index", *_TWO_BANDS):
        people = people.append_column(name, scores[name])
    return people.drop_columns(["person_id"])


def _count_alike(engine: Engine, people: pa.Table, settings: AreaSettings) -> None:
    """Make `_written`, the places that people's lines name, and `_said`: how many are alike, and their index summed."""
    levels = {name: coded(people[name]) for name in reversed(LEVELS)}
    one, place = distinct([(column.codes, len(column.values)) for column in levels.values()], len(people))
    written = {name: column.taken(one) for name, column in levels.items()}
    engine.load("_written", pa.table({"place": np.arange(len(one)), **written}))
    ages = pc.fill_null(people["age"], -1).to_numpy()
    age = np.searchsorted(settings.age_starts, ages, side="right").astype(np.int8) - np.int8(1)
    said = {name: coded(people[name]) for name in ("sex", *_TWO_BANDS)}
    said["age"] = Coded(np.where(age < 0, np.int8(len(AGES) - 1), age), pa.array(AGES))
    columns = [(place, len(one)), *((column.codes, len(column.values)) for column in said.values())]
    alike, which = distinct(columns, len(people))
    index = pc.fill_null(people["index"], 0).to_numpy()
    counted = {"place": place[alike], "n": np.bincount(which, minlength=len(alike))}
    counted["total"] = np.bincount(which, index, minlength=len(alike)).astype(np.int64)
    engine.load("_said", pa.table({**counted, **{name: column.taken(alike) for name, column in said.items()}}))


def _sums() -> str:
    """The sums that every wider count is made of, for a SELECT list."""
    return ", ".join(f"sum({c})::BIGINT AS {c}" for c in _COUNTED)


def _make_lines(engine: Engine) -> None:
    """Sum the cells to lines, add empty areas and groups, and work out rates, means and intervals."""
    parts = []
    for place, level in enumerate(LEVELS):
        key, up = f"{level}_code", f"{LEVELS[place - 1]}_code" if place else "NULL"
        kinds = ["'all'"] if level == "village" else ["'all'", "'sex=' || sex", "'age=' || age"]
        parts += [
            f"""SELECT '{level}' AS level, {key} AS code, {up} AS parent, {kind} AS "group", {_sums()}
            FROM _cells GROUP BY ALL"""
            for kind in kinds
        ]
    groups = ", ".join(f"({literal(g)})" for g in GROUPS)
    zero = ", ".join(f"coalesce(s.{c}, 0) AS {c}" for c in _COUNTED)
    engine.run(
        f"""CREATE OR REPLACE TABLE areas_internal AS
        WITH summed AS ({" UNION ALL ".join(parts)}),
        known AS (SELECT level, code, parent FROM _tree UNION SELECT level, code, parent FROM summed),
        grid AS (SELECT k.*, g AS "group" FROM known k, (VALUES {groups}) AS t(g)
                 WHERE g = 'all' OR level <> 'village'),
        names AS (SELECT level, code, min(name) AS name FROM area_names GROUP BY ALL),
        lines AS (SELECT grid.level, grid.code, grid.parent, names.name, grid."group", {zero}
                  FROM grid LEFT JOIN summed s ON s.level = grid.level AND s.code = grid.code
                      AND s."group" = grid."group"
                  LEFT JOIN names ON names.level = grid.level AND names.code = grid.code),
        counted AS (SELECT *, red + yellow + green AS scored FROM lines)
        SELECT level, code, parent,
            CASE WHEN ends_with(code, '{UNKNOWN}') THEN 'not known' ELSE coalesce(name, code) END AS name, "group",
            people AS n_people, scored AS n_scored, red AS n_red, yellow AS n_yellow, green AS n_green, grey AS n_grey,
            {rate_sql("red", "scored")} AS rate,
            CASE WHEN scored > 0 THEN ((2 * total + scored) // (2 * scored))::INTEGER END AS mean,
            {bound_sql("red", "scored", -1)} AS low, {bound_sql("red", "scored", 1)} AS high, false AS protected,
            scored2 AS n_scored_without_status, red2 AS n_red_without_status,
            {rate_sql("red2", "scored2")} AS rate_without_status,
            {bound_sql("red2", "scored2", -1)} AS low_without_status,
            {bound_sql("red2", "scored2", 1)} AS high_without_status,
            {", ".join(f"{m} AS n_{m}" for m in _MOVES)}
        FROM counted ORDER BY level, code, "group\""""
    )
    for gone in ("_cells", "_said", "_written", "_places", "_tree"):
        engine.run(f"DROP TABLE {gone}")


def rate_sql(part: str, whole: str) -> str:
    """SQL for a rate per 1,000 with one decimal, half up, in whole numbers until the end."""
    return f"CASE WHEN {whole} > 0 THEN ((20000 * {part} + {whole}) // (2 * {whole})) / 10.0 END"


def bound_sql(part: str, whole: str, side: int) -> str:
    """SQL for one end of the 95 % interval of a rate per 1,000 with one decimal.

    Source: E. B. Wilson 1927, Journal of the American Statistical Association 22, 209-212 (score interval).
    """
    p, n = f"({part}::DOUBLE / {whole})", f"{whole}::DOUBLE"
    root = f"sqrt({_Z2} * ({p} * (1 - {p}) / {n} + {_Z2} / (4 * {n} * {n})))"
    bound = f"({p} + {_Z2} / (2 * {n}) + ({side}) * {root}) / (1 + {_Z2} / {n})"
    return f"CASE WHEN {whole} > 0 THEN greatest(0.0, least(1000.0, round(10000 * ({bound})) / 10.0)) END"


def _report(engine: Engine) -> StepReport:
    """Say how many areas and lines there are; not how many people have no known area, for that line may be withheld."""
    counts: dict[str, int | float | str] = {
        f"areas_{level}": areas
        for level, areas in engine.rows(
            f"""SELECT level, count(*) FROM areas_internal
            WHERE "group" = 'all' AND NOT ends_with(code, '{UNKNOWN}') GROUP BY 1 ORDER BY 1"""
        )
    }
    rows_in = engine.row("SELECT count(*) FROM persons")[0]
    return StepReport(rows_in=rows_in, rows_out=engine.row("SELECT count(*) FROM areas_internal")[0], counts=counts)
