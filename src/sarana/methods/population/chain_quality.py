"""Counts of each source's data quality, for the report and the words at the end: figures only, no value of a person."""

from collections.abc import Sequence

from sarana.methods.engine import Engine, literal, quoted

WANTED = ("given", "family", "sex", "birth", "national_id", "subdistrict")
"""Columns of `standardised` whose missing values are counted."""


def make_quality(engine: Engine, sources: Sequence[str]) -> None:
    """Make `quality` (source, kind, key, n).

    Kinds: `rows` read; `set-aside` rows by code; `missing` rows by column; `flag` rows by flag; `unknown` values that
    became missing on reading, by field.

    Args:
        engine: holds `standardised`, `set_aside` and `read_flags_<source>`.
        sources: their names.
    """
    missing = ", ".join(f"count(*) FILTER ({name} IS NULL) AS {name}" for name in WANTED)
    read = " UNION ALL ".join(
        f"SELECT {literal(name)} AS source, 'unknown' AS kind, field AS key, count(*) AS n "
        f"FROM {quoted(f'read_flags_{name}')} GROUP BY field"
        for name in sources
    )
    engine.run(
        f"""CREATE OR REPLACE TABLE quality AS
        SELECT source, 'rows' AS kind, '' AS key, count(*) AS n FROM standardised GROUP BY source
        UNION ALL SELECT source, 'set-aside', code, count(*) FROM set_aside GROUP BY source, code
        UNION ALL SELECT source, 'missing', key, n FROM (
            UNPIVOT (SELECT source, {missing} FROM standardised GROUP BY source)
            ON {", ".join(WANTED)} INTO NAME key VALUE n)
        UNION ALL SELECT source, 'flag', flag, count(*) FROM (SELECT source, unnest(flags) AS flag FROM standardised)
            GROUP BY source, flag
        UNION ALL {read}"""
    )
