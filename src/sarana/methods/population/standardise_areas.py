"""Each sector's own area codes turned into the province's, as of the day of the row, with its village where told."""

import numpy as np
import pyarrow as pa

from sarana.methods.coded import Coded
from sarana.methods.engine import Engine, quoted
from sarana.methods.population.source_rows import SourceRows

LEVELS = ("village", "subdistrict", "district", "province")


def make_places(engine: Engine) -> None:
    """Make `_places`: every area of the list of villages, by level and code, with those it lies in.

    Args:
        engine: holds `villages`.
    """
    engine.run("""
        CREATE OR REPLACE TEMP TABLE _places AS
        SELECT 'village' AS level, village_code AS code, village_code AS village, subdistrict_code AS subdistrict,
            district_code AS district, province_code AS province FROM villages
        UNION SELECT 'subdistrict', subdistrict_code, NULL, subdistrict_code, district_code, province_code FROM villages
        UNION SELECT 'district', district_code, NULL, NULL, district_code, province_code FROM villages
        UNION SELECT 'province', province_code, NULL, NULL, NULL, province_code FROM villages
    """)


def read_places(engine: Engine, source: str, rows: SourceRows, as_of: Coded) -> dict[str, Coded]:
    """Where the people of a source's rows live.

    Args:
        engine: holds `villages`, `_places` and `crosswalk_<source>` (sector_code, area_code, level, valid_from,
            valid_until), whose areas are all in the list of villages.
        source: its name.
        rows: with the columns area and moo, where the source has them.
        as_of: the day of each row.

    Returns:
        The columns village, subdistrict, district, province, and flags (codes with commas between).
    """
    cases, which = _cases(rows, as_of)
    engine.lend("_cases", cases)
    found = engine.arrow(_areas_sql(f"crosswalk_{source}"))
    engine.give_back("_cases")
    return {name: which.reworded(found.column(name)) for name in (*LEVELS, "flags")}


def _cases(rows: SourceRows, as_of: Coded) -> tuple[pa.Table, Coded]:
    """The distinct areas, village numbers and days that rows bear together, and which of them each row bears."""
    area, moo = rows.column("area"), rows.column("moo")
    n_moo, n_days = len(moo.words) + 1, len(as_of.words) + 1
    together = (area.places.astype(np.int64) * n_moo + moo.places + 1) * n_days + as_of.places + 1
    which = Coded.of(pa.array(together, mask=area.is_missing))
    met = which.words.to_numpy()
    days = Coded((met % n_days - 1).astype(np.int32), as_of.words)
    numbers = Coded((met // n_days % n_moo - 1).astype(np.int32), moo.words)
    areas = Coded((met // n_days // n_moo).astype(np.int32), area.words)
    place = pa.array(np.arange(len(met), dtype=np.int64))
    columns = {"place": place, "area": areas.plain(), "moo": numbers.plain(), "as_of": days.plain()}
    return pa.table(columns), which


def _areas_sql(crosswalk: str) -> str:
    """SQL that leads each case to its areas; of a code's areas the one valid that day counts, else its latest."""
    return f"""
        WITH cases AS (SELECT place, area, coalesce(moo, '') AS moo, as_of FROM _cases), led AS (
            SELECT c.*, x.area_code, x.level, x.valid_from, coalesce(
                coalesce(x.valid_from, '-infinity') <= c.as_of AND coalesce(x.valid_until, 'infinity') >= c.as_of, true
            ) AS fits
            FROM cases c LEFT JOIN {quoted(crosswalk)} x ON x.sector_code = c.area
            QUALIFY row_number() OVER (
                PARTITION BY c.place ORDER BY fits DESC, x.valid_from DESC NULLS LAST, x.area_code
            ) = 1
        ), placed AS (
            SELECT l.*, p.* EXCLUDE (level), lpad(nullif(regexp_extract(
                translate(l.moo, '๐๑๒๓๔๕๖๗๘๙', '0123456789'), '0*([0-9]{{1,2}})(?:[^0-9]|$)', 1), ''), 2, '0') AS number
            FROM led l LEFT JOIN _places p ON p.code = l.area_code AND p.level = l.level
        )
        SELECT coalesce(p.village, v.village_code) AS village, p.subdistrict,
            p.district, p.province, nullif(concat_ws(',',
                CASE WHEN p.code IS NULL THEN 'STANDARD-001' END,
                CASE WHEN NOT p.fits THEN 'STANDARD-002' END,
                CASE WHEN p.village IS NULL AND p.subdistrict <> '' AND p.moo <> '' AND v.village_code IS NULL
                    THEN 'STANDARD-003' END
            ), '') AS flags
        FROM placed p LEFT JOIN villages v
        ON v.village_code = CASE WHEN p.village IS NULL THEN p.subdistrict || p.number END
            AND v.subdistrict_code = p.subdistrict
        ORDER BY p.place
    """
