"""Each sector's own area codes turned into the province's, as of the day of the row, with its village where told."""

from dataclasses import dataclass

from sarana.methods.engine import Engine, literal, quoted


@dataclass(frozen=True, slots=True)
class AreaColumns:
    """Where a source's rows tell where a person lives.

    `crosswalk` is a relation (sector_code, area_code, level, valid_from, valid_until) whose areas are all in the list
    of villages; `rows` a relation with the columns area, moo (VARCHAR) and as_of (DATE).
    """

    source: str
    rows: str
    crosswalk: str


def make_area_tables(engine: Engine, columns: list[AreaColumns]) -> None:
    """Make `standard_areas` (source, area, moo, as_of, village, subdistrict, district, province, flags).

    `area` and `moo` are as written, empty for NULL: one line for each distinct area, moo and day that a source has.

    Args:
        engine: holds `villages` and the types of `make_area_types` besides the relations named.
        columns: the sources that tell an area.
    """
    engine.run("""
        CREATE OR REPLACE TEMP TABLE _places AS
        SELECT 'village' AS level, village_code AS code, village_code AS village, subdistrict_code AS subdistrict,
            district_code AS district, province_code AS province FROM villages
        UNION SELECT 'subdistrict', subdistrict_code, NULL, subdistrict_code, district_code, province_code FROM villages
        UNION SELECT 'district', district_code, NULL, NULL, district_code, province_code FROM villages
        UNION SELECT 'province', province_code, NULL, NULL, NULL, province_code FROM villages
    """)
    engine.run(
        "CREATE OR REPLACE TABLE standard_areas (source VARCHAR, area VARCHAR, moo VARCHAR, as_of DATE, "
        "village standard_village, subdistrict standard_subdistrict, district standard_district, "
        "province standard_province, flags VARCHAR)"
    )
    for column in columns:
        engine.run(_areas_sql(column))


def _areas_sql(column: AreaColumns) -> str:
    """SQL that adds a source's lines; of a code's areas the one valid that day counts, else its latest."""
    return f"""
        INSERT INTO standard_areas
        WITH cases AS (
            SELECT DISTINCT area, coalesce(moo, '') AS moo, as_of FROM {quoted(column.rows)} WHERE area IS NOT NULL
        ), led AS (
            SELECT c.*, x.area_code, x.level, x.valid_from, coalesce(
                coalesce(x.valid_from, '-infinity') <= c.as_of AND coalesce(x.valid_until, 'infinity') >= c.as_of, true
            ) AS fits
            FROM cases c LEFT JOIN {quoted(column.crosswalk)} x ON x.sector_code = c.area
            QUALIFY row_number() OVER (
                PARTITION BY c.area, c.moo, c.as_of ORDER BY fits DESC, x.valid_from DESC NULLS LAST, x.area_code
            ) = 1
        ), placed AS (
            SELECT l.*, p.* EXCLUDE (level), lpad(nullif(regexp_extract(
                translate(l.moo, '๐๑๒๓๔๕๖๗๘๙', '0123456789'), '0*([0-9]{{1,2}})(?:[^0-9]|$)', 1), ''), 2, '0') AS number
            FROM led l LEFT JOIN _places p ON p.code = l.area_code AND p.level = l.level
        )
        SELECT {literal(column.source)}, p.area, p.moo, p.as_of, coalesce(p.village, v.village_code), p.subdistrict,
            p.district, p.province, nullif(concat_ws(',',
                CASE WHEN p.code IS NULL THEN 'STANDARD-001' END,
                CASE WHEN NOT p.fits THEN 'STANDARD-002' END,
                CASE WHEN p.village IS NULL AND p.subdistrict <> '' AND p.moo <> '' AND v.village_code IS NULL
                    THEN 'STANDARD-003' END
            ), '')
        FROM placed p LEFT JOIN villages v
        ON v.village_code = CASE WHEN p.village IS NULL THEN p.subdistrict || p.number END
            AND v.subdistrict_code = p.subdistrict
    """
