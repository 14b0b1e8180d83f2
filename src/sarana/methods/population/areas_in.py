"""Reads the province's own list of villages, and the crosswalks that lead each sector's area codes to it."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from sarana.basics.errors import BadTable
from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.cleaning import clean_table
from sarana.methods.population.codes import match_codes
from sarana.methods.population.sources import LEVELS, Areas, File, Level, Sources
from sarana.methods.population.tables import Column, load_table

MAX_LISTED = 20
DATE_FORMATS = ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class AreaList:
    """The areas of the province: the codes of each level, and the area above each."""

    codes: Mapping[Level, frozenset[str]]
    above: Mapping[tuple[Level, str], str]
    successors: Mapping[str, frozenset[str]]


def read_areas(engine: Engine, sources: Sources) -> AreaList:
    """Read the list of villages; leaves the relations `villages` and `area_names`.

    Raises:
        BadTable: AREAS-001 a village without a code, or with one that stands twice; AREAS-002 an area lies in two
            areas of one level; AREAS-003 latitude and longitude are swapped; AREAS-004 an area without the code of
            the area above it; AREAS-005 a successor row with a code missing; AREAS-010 the list is of other provinces.
        And the faults of `load_table`.
    """
    areas = sources.areas
    columns = {name: Column((getattr(areas, name),)) for name in column_settings(areas)}
    table = load_table(engine, sources.data, areas, columns, into="areas_file", part="areas")
    clean_table(engine, table, None)
    _check_list(engine, areas.path)
    _check_province(engine, areas.path, sources.run.province)
    _make_villages(engine, areas)
    _make_names(engine, areas)
    engine.run("DROP TABLE areas_file")
    codes: dict[Level, frozenset[str]] = {
        level: frozenset(r[0] for r in engine.rows(f"SELECT DISTINCT {level}_code FROM villages")) for level in LEVELS
    }
    above = {
        (lower, r[0]): r[1]
        for lower, upper in itertools.pairwise(LEVELS)
        for r in engine.rows(f"SELECT DISTINCT {lower}_code, {upper}_code FROM villages")
    }
    return AreaList(codes, above, _read_successors(engine, sources))


def read_crosswalk(engine: Engine, sources: Sources, name: str, areas: AreaList) -> dict[str, str]:
    """Read a source's crosswalk; leaves `crosswalk_<source>` with every area in the list and successors followed.

    Returns:
        The sector's area codes, each standing for itself: what the codes of the source's rows are matched with.

    Raises:
        BadTable: AREAS-005 a row with a code missing; AREAS-006 areas that are not in the list; AREAS-007 one code
            leads to two areas at one time; AREAS-008 a date that is none, or ends before it begins.
        And the faults of `load_table`.
    """
    area = sources.sources[name].area
    assert area is not None  # noqa: S101 - asked for only where the source has one
    where = f"{area.crosswalk or sources.areas.path} ([sources.{name}.area])"
    if area.crosswalk:
        wanted = {"sector_code": Column((area.from_,)), "area_code": Column((area.to,))}
        wanted |= {key: Column((header,)) for key in ("valid_from", "valid_until") if (header := getattr(area, key))}
        table = load_table(
            engine, sources.data, File(path=area.crosswalk), wanted, into="crosswalk_file", part=f"sources.{name}.area"
        )
        clean_table(engine, table, None)
        rows = _crosswalk_rows(engine, wanted, where)
    else:
        rows = [(code, code, None, None) for code in (*sorted(areas.codes[area.level]), *sorted(areas.successors))]
    stands = {row[0] for row in rows}
    rows += [(code, means, None, None) for code, means in sorted(area.also.items()) if code not in stands]
    resolved = _resolve({row[1] for row in rows}, area.level, areas, where)
    _leave_crosswalk(engine, f"crosswalk_{name}", [(r[0], *resolved[r[1]], r[2], r[3]) for r in rows])
    _refuse_ambiguous(engine, f"crosswalk_{name}", where)
    return {row[0]: row[0] for row in rows}


def column_settings(areas: Areas) -> list[str]:
    """The settings of the area list that name a column."""
    names = [f"{level}_{kind}" for level in LEVELS for kind in ("name", "name_local")]
    return [*LEVELS, *(n for n in ("lat", "lon", *names) if getattr(areas, n))]


def _check_list(engine: Engine, where: str) -> None:
    """Every village has one code and every area one area above it."""
    missing, twice = engine.row(
        "SELECT count(*) FILTER (village IS NULL), count(village) - count(DISTINCT village) FROM areas_file"
    )
    if missing or twice:
        raise BadTable(
            "AREAS-001",
            f"{missing} villages have no code and {twice} have one that stands already.",
            where=where,
            cure="Give each village one code of its own.",
        )
    for lower, upper in itertools.pairwise(LEVELS):
        n = engine.row(f"SELECT count(*) FROM areas_file WHERE {upper} IS NULL")[0]
        if n:
            raise BadTable(
                "AREAS-004",
                f"{n} villages have no {upper} code.",
                where=where,
                cure=f"Fill in the {upper} of each village.",
            )
        split = engine.rows(f"SELECT {lower} FROM areas_file GROUP BY 1 HAVING count(DISTINCT {upper}) > 1 ORDER BY 1")
        if split:
            raise BadTable(
                "AREAS-002",
                f"Some {lower} codes lie in two areas: {_said(r[0] for r in split)}.",
                where=where,
                cure=f"Let each {lower} lie in one {upper}.",
            )


def _check_province(engine: Engine, where: str, named: str) -> None:
    """The province that SOURCES.toml names is among those of the list; a list of several may hold more."""
    listed = [str(code) for (code,) in engine.rows("SELECT DISTINCT province FROM areas_file ORDER BY 1")]
    if listed and named not in listed:
        raise BadTable(
            "AREAS-010",
            f"The list of villages is of province {_said(listed)}, SOURCES.toml of '{named}'.",
            where=where,
            cure="Name the folder of that province with --data, or put `province` in [run] right.",
        )


def _make_villages(engine: Engine, areas: Areas) -> None:
    """The relation `villages`; a place that is no number, or on no map, is not known."""
    lat, lon = (
        ("try_cast(lat AS DOUBLE)" if areas.lat else "NULL::DOUBLE"),
        ("try_cast(lon AS DOUBLE)" if areas.lon else "NULL::DOUBLE"),
    )
    swapped = engine.row(f"SELECT count(*) FILTER (abs({lat}) > 90 AND abs({lon}) <= 90), count(*) FROM areas_file")
    if swapped[0] * 2 > swapped[1]:
        raise BadTable(
            "AREAS-003",
            "Latitude and longitude are swapped.",
            where=areas.path,
            cure="Swap `lat` and `lon` in [areas].",
        )
    codes = ", ".join(f"{level} AS {level}_code" for level in LEVELS)
    on_map = f"abs({lat}) <= 90 AND abs({lon}) <= 180"
    engine.run(
        f"CREATE OR REPLACE TABLE villages AS SELECT {codes}, CASE WHEN {on_map} THEN {lat} END AS lat, "
        f"CASE WHEN {on_map} THEN {lon} END AS lon FROM areas_file ORDER BY village"
    )


def _make_names(engine: Engine, areas: Areas) -> None:
    """The relation `area_names`: a name said in the settings, else the file's most frequent, else the code itself."""
    parts = []
    for level, upper in zip(LEVELS, (*LEVELS[1:], None), strict=True):
        name, local = (f"mode({level}_{k} ORDER BY {level}_{k})" if getattr(areas, f"{level}_{k}") else "NULL::VARCHAR"
                       for k in ("name", "name_local"))  # fmt: skip
        above = f"min({upper})" if upper else "NULL::VARCHAR"
        parts.append(
            f"SELECT {literal(level)} AS level, {level} AS code, {above} AS parent, {name} AS name, "
            f"{local} AS name_local FROM areas_file GROUP BY {level}"
        )
    said = {key: (areas.names.get(key), areas.names_local.get(key)) for key in {*areas.names, *areas.names_local}}
    rows = [{"said_code": code, "said_name": name, "said_local": local} for code, (name, local) in sorted(said.items())]
    schema = pa.schema([(n, pa.string()) for n in ("said_code", "said_name", "said_local")])
    engine.load("areas_said", pa.Table.from_pylist(rows, schema=schema))
    engine.run(
        "CREATE OR REPLACE TABLE area_names AS SELECT level, code, parent, coalesce(said_name, name, code) AS name, "
        f"coalesce(said_local, name_local) AS name_local FROM ({' UNION ALL '.join(parts)}) "
        "LEFT JOIN areas_said ON code = said_code ORDER BY level, code"
    )
    engine.run("DROP TABLE areas_said")


def _read_successors(engine: Engine, sources: Sources) -> dict[str, frozenset[str]]:
    """Abolished codes and the codes that took their place."""
    said = sources.areas.successors
    if said is None:
        return {}
    table = load_table(
        engine,
        sources.data,
        said,
        {"old": Column((said.old,)), "new": Column((said.new,))},
        into="successors_file",
        part="areas.successors",
    )
    clean_table(engine, table, None)
    rows = engine.rows(
        "SELECT DISTINCT old, new FROM successors_file WHERE old IS NOT NULL AND old IS DISTINCT FROM new"
    )
    engine.run("DROP TABLE successors_file")
    if any(new is None for _, new in rows):
        raise BadTable(
            "AREAS-005",
            "A row of the successors has no new code.",
            where=said.path,
            cure="Fill it in, or take the row out.",
        )
    found: dict[str, set[str]] = {}
    for old, new in rows:
        found.setdefault(old, set()).add(new)
    return {old: frozenset(new) for old, new in found.items()}


def _crosswalk_rows(engine: Engine, wanted: Mapping[str, object], where: str) -> list[tuple[str, str, object, object]]:
    """The distinct rows of a crosswalk: sector code, area code, first and last day (None: no bound)."""
    days = [key for key in ("valid_from", "valid_until") if key in wanted]
    as_date = {key: f"CAST(try_strptime({key}, {list(DATE_FORMATS)!r}) AS DATE)" for key in days}
    dates = [as_date.get(key, "NULL::DATE") for key in ("valid_from", "valid_until")]
    bad = [f"({key} IS NOT NULL AND {as_date[key]} IS NULL)" for key in days]
    wrong = " OR ".join([*bad, f"coalesce({dates[1]} < {dates[0]}, false)"])
    half, n_bad = engine.row(
        "SELECT count(*) FILTER ((sector_code IS NULL) <> (area_code IS NULL)), "
        f"count(*) FILTER ({wrong}) FROM crosswalk_file"
    )
    if half:
        raise BadTable(
            "AREAS-005",
            f"{half} rows of the crosswalk have a code on one side only.",
            where=where,
            cure="Fill in the other side, or take the rows out.",
        )
    if n_bad:
        raise BadTable(
            "AREAS-008",
            f"{n_bad} rows of the crosswalk have a date that cannot be, or end before they begin.",
            where=where,
            cure="Write dates as YYYY-MM-DD, common era.",
        )
    rows = engine.rows(
        f"SELECT DISTINCT sector_code, area_code, {dates[0]}, {dates[1]} FROM crosswalk_file "
        "WHERE sector_code IS NOT NULL ORDER BY ALL"
    )
    engine.run("DROP TABLE crosswalk_file")
    return [(r[0], r[1], r[2], r[3]) for r in rows]


def _resolve(codes: Iterable[str], level: Level, areas: AreaList, where: str) -> dict[str, tuple[str, Level]]:
    """The area of the list that each code leads to, through lost zeros and successors."""
    found: dict[str, tuple[str, Level]] = {}
    unknown: list[str] = []
    known = {code: code for code in areas.codes[level]} | {old: old for old in areas.successors}
    matched = match_codes(codes, known)
    for code in sorted(codes):
        place = _follow(matched[code], level, areas) if code in matched else None
        if place is None:
            unknown.append(code)
        else:
            found[code] = place
    if unknown:
        raise BadTable(
            "AREAS-006",
            f"{len(unknown)} codes lead to no {level} of the list of areas: {_said(unknown)}.",
            where=where,
            cure="Add the areas to the list, add successors, or put the crosswalk right.",
        )
    return found


def _follow(code: str, level: Level, areas: AreaList) -> tuple[str, Level] | None:
    """The area of today for a code: itself, its one successor, or the smallest area that holds all its successors."""
    todo, seen, ends = {code}, set[str](), set[str]()
    while todo:
        step = todo.pop()
        if step in seen:
            continue
        seen.add(step)
        if step in areas.codes[level]:
            ends.add(step)
        elif step in areas.successors:
            todo |= areas.successors[step]
        else:
            return None
    at = level
    while len(ends) > 1 and at != LEVELS[-1]:
        ends = {areas.above[at, end] for end in ends}
        at = LEVELS[LEVELS.index(at) + 1]
    return (ends.pop(), at) if len(ends) == 1 else None


def _leave_crosswalk(engine: Engine, name: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Leave the relation `crosswalk_<source>`."""
    names = ("sector_code", "area_code", "level", "valid_from", "valid_until")
    kinds = (pa.string(), pa.string(), pa.string(), pa.date32(), pa.date32())
    columns = {n: pa.array([row[i] for row in rows], kinds[i]) for i, n in enumerate(names)}
    engine.load("crosswalk_rows", pa.table(columns))
    engine.run(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT DISTINCT * FROM crosswalk_rows ORDER BY ALL")
    engine.run("DROP TABLE crosswalk_rows")


def _refuse_ambiguous(engine: Engine, name: str, where: str) -> None:
    """One code leads to one area on any one day."""
    open_from, open_until = "coalesce({0}.valid_from, '-infinity')", "coalesce({0}.valid_until, 'infinity')"
    twice = engine.rows(
        f"SELECT DISTINCT a.sector_code FROM {quoted(name)} a JOIN {quoted(name)} b ON a.sector_code = b.sector_code "
        f"AND a.area_code < b.area_code AND {open_from.format('a')} <= {open_until.format('b')} "
        f"AND {open_from.format('b')} <= {open_until.format('a')} ORDER BY 1"
    )
    if twice:
        raise BadTable(
            "AREAS-007",
            f"{len(twice)} codes lead to two areas at one time: {_said(r[0] for r in twice)}.",
            where=where,
            cure="Keep one of them, or say with dates when each held.",
        )


def _said(codes: Iterable[str]) -> str:
    """Some codes in words, not all if there are very many."""
    listed = list(codes)
    more = f" and {len(listed) - MAX_LISTED} more" if len(listed) > MAX_LISTED else ""
    return ", ".join(f"'{c}'" for c in listed[:MAX_LISTED]) + more
