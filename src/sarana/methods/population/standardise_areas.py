"""Each sector's own area codes turned into the province's, as of the day of the row, with the village where one is told."""

from dataclasses import dataclass
from typing import Literal

from sarana.methods.engine import Engine, literal, quoted

type Level = Literal["village", "subdistrict", "district", "province"]


@dataclass(frozen=True, slots=True)
class AreaColumns:
    """Where a source's rows tell where a person lives.

    `crosswalk` names a relation (sector_code, area, valid_from, valid_until) whose `area` is a code of `level`; empty: the
    rows hold such codes themselves. `rows` is a relation with the columns area, moo (VARCHAR) and as_of (DATE).
    """

    source: str
    rows: str
    level: Level
    crosswalk: str = ""


def make_area_tables(engine: Engine, columns: list[AreaColumns]) -> None:
    """Make `standard_areas` (source, area, moo, as_of, village, subdistrict, district, province, flags).

    `area` and `moo` are as written, empty for NULL: one line for each distinct pair and day that a source has.

    Args:
        engine: holds `villages`, and `successors` (old, new) where areas were abolished, besides the relations named.
        columns: the sources that tell an area.
    """
    _make_places(engine)
    engine.run(
        "CREATE OR REPLACE TABLE standard_areas (source VARCHAR, area VARCHAR, moo VARCHAR, as_of DATE, village VARCHAR, "
        "subdistrict VARCHAR, district VARCHAR, province VARCHAR, flags VARCHAR[])"
    )
    for column in columns:
        engine.run(_areas_sql(column))


def _make_places(engine: Engine) -> None:
    """Every area of the province with those above it, and where the people of an abolished one are counted now."""
    engine.run("""
        CREATE OR REPLACE TEMP TABLE _places AS
        SELECT 'village' AS level, village_code AS code, village_code AS village, subdistrict_code AS subdistrict,
            district_code AS district, province_code AS province FROM villages
        UNION SELECT 'subdistrict', subdistrict_code, NULL, subdistrict_code, district_code, province_code FROM villages
        UNION SELECT 'district', district_code, NULL, NULL, district_code, province_code FROM villages
        UNION SELECT 'province', province_code, NULL, NULL, NULL, province_code FROM villages
    """)
    if "successors" not in engine.tables():
        engine.run("CREATE OR REPLACE TEMP TABLE _successors (old VARCHAR, new VARCHAR)")
        return
    engine.run("""
        CREATE OR REPLACE TEMP TABLE _successors AS
        WITH RECURSIVE one AS (
            SELECT old, min(new) AS new FROM successors WHERE old <> new GROUP BY old HAVING count(DISTINCT new) = 1
        ), chain AS (
            SELECT old, new, 1 AS step FROM one
            UNION ALL SELECT c.old, o.new, c.step + 1 FROM chain c JOIN one o ON o.old = c.new WHERE c.step < 20
        )
        SELECT old, new FROM chain WHERE new IN (SELECT code FROM _places)
        QUALIFY row_number() OVER (PARTITION BY old ORDER BY step, new) = 1
    """)


def _areas_sql(column: AreaColumns) -> str:
    source, level = literal(column.source), literal(column.level)
    if column.crosswalk:
        fits = "coalesce(x.valid_from <= c.as_of, true) AND coalesce(x.valid_until >= c.as_of, true)"
        found = (
            f"SELECT c.*, x.area AS code, coalesce({fits}, true) AS fits FROM cases c "
            f"LEFT JOIN {quoted(column.crosswalk)} x ON x.sector_code = c.area "
            f"QUALIFY row_number() OVER (PARTITION BY c.area, c.moo, c.as_of "
            f"ORDER BY {fits} DESC NULLS LAST, x.valid_from DESC NULLS LAST, x.area) = 1"
        )
    else:
        found = "SELECT c.*, c.area AS code, true AS fits FROM cases c"
    return f"""
        INSERT INTO standard_areas
        WITH cases AS (SELECT DISTINCT coalesce(area, '') AS area, coalesce(moo, '') AS moo, as_of FROM {quoted(column.rows)}
            WHERE area IS NOT NULL),
        found AS ({found}),
        placed AS (
            SELECT f.*, p.code IS NULL AND s.new IS NOT NULL AS is_heir, coalesce(p, q) AS place,
                try_cast(regexp_extract(translate(f.moo, '๐๑๒๓๔๕๖๗๘๙', '0123456789'), '[0-9]+') AS INTEGER) AS moo_number
            FROM found f LEFT JOIN _places p ON p.code = f.code AND p.level = {level}
            LEFT JOIN _successors s ON s.old = f.code LEFT JOIN _places q ON q.code = s.new
        ),
        housed AS (
            SELECT p.*, v.village_code AS by_moo FROM placed p LEFT JOIN villages v
            ON p.place.village IS NULL AND v.village_code = p.place.subdistrict || lpad(p.moo_number::VARCHAR, 2, '0')
            AND v.subdistrict_code = p.place.subdistrict
        )
        SELECT {source}, area, moo, as_of, coalesce(place.village, by_moo), place.subdistrict, place.district, place.province,
            list_filter([CASE WHEN place IS NULL OR place.code IS NULL THEN 'STANDARD-001' END, CASE WHEN NOT fits THEN 'STANDARD-002' END,
                CASE WHEN is_heir THEN 'STANDARD-003' END,
                CASE WHEN moo <> '' AND place.subdistrict IS NOT NULL AND place.village IS NULL AND by_moo IS NULL THEN 'STANDARD-004' END],
                x -> x IS NOT NULL)
        FROM housed
    """
