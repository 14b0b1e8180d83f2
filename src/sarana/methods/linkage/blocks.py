"""Which rows are worth comparing: pairs that share one of a few keys, when at least one of them is open.

Two rows with unlike valid IDs are two people; they are not brought together (but for the hidden ones, which teach).
A key that more rows share than `block_rows` says nothing and is left out: the row is found by a rarer key.
"""

from dataclasses import dataclass

from sarana.methods.engine import Engine
from sarana.methods.linkage.settings import LinkSettings


@dataclass(frozen=True, slots=True)
class Block:
    """A key as SQL text over `lk_rows`, where it applies, and how many times `block_rows` it may be wide."""

    name: str
    key: str
    where: str
    width: float = 1


_NAMED = "given_key <> '' AND family_key <> ''"

BLOCKS = (
    Block(
        "both names, year",
        "least(given_key, family_key) || '|' || greatest(given_key, family_key) || year(birth)::VARCHAR",
        _NAMED,
    ),
    Block("both names", "given_key || '|' || family_key", _NAMED, 0.5),
    Block(
        "birth, given, sex", "given_key || birth::VARCHAR || is_female::VARCHAR", "precise = 'day' AND given_key <> ''"
    ),
    Block("birth, family", "family_key || birth::VARCHAR", "precise = 'day' AND family_key <> ''"),
    Block("birth, subdistrict, sex", "birth::VARCHAR || subdistrict || is_female::VARCHAR", "precise = 'day'"),
    Block("year, given, subdistrict", "left(given_key, 3) || year(birth)::VARCHAR || subdistrict", "given_key <> ''"),
    Block(
        "year, family, subdistrict",
        "left(family_key, 4) || year(birth)::VARCHAR || subdistrict",
        "length(family_key) > 1",
    ),
    Block("house, given", "village || '|' || house || left(given_key, 2)", "given_key <> ''"),
)
"""Keys that were measured against their cost: pairs found that no other key finds, for pairs to compare."""


def block_pairs(engine: Engine, settings: LinkSettings) -> dict[str, int]:
    """Make `lk_candidates` (a, b; a < b) from `lk_rows`.

    Returns:
        Pairs found by each key, before doubles are taken out.
    """
    found = {}
    engine.run("CREATE OR REPLACE TABLE lk_found (a INTEGER, b INTEGER)")
    for block in BLOCKS:
        before = engine.row("SELECT count(*) FROM lk_found")[0]
        engine.run(
            f"""CREATE OR REPLACE TEMP TABLE lk_keyed AS
            SELECT hash({block.key}) AS key, n, NOT has_id OR is_hidden AS is_open FROM lk_rows
            WHERE {block.where} AND ({block.key}) IS NOT NULL"""
        )
        engine.run(
            f"""INSERT INTO lk_found
            SELECT DISTINCT least(x.n, y.n), greatest(x.n, y.n)
            FROM lk_keyed x
            JOIN (SELECT key FROM lk_keyed GROUP BY key
                HAVING count(*) BETWEEN 2 AND {int(settings.block_rows * block.width)} AND bool_or(is_open)) k USING (key)
            JOIN lk_keyed y USING (key)
            WHERE x.is_open AND x.n <> y.n"""
        )
        found[block.name] = engine.row("SELECT count(*) FROM lk_found")[0] - before
    engine.run("DROP TABLE lk_keyed")
    before = engine.row("SELECT count(*) FROM lk_found")[0]
    engine.run("INSERT INTO lk_found SELECT x.n, y.n FROM lk_rows x JOIN lk_rows y ON x.id = y.id AND x.n < y.n")
    found["same ID"] = engine.row("SELECT count(*) FROM lk_found")[0] - before
    engine.run("CREATE OR REPLACE TABLE lk_candidates AS SELECT DISTINCT a, b FROM lk_found")
    engine.run("DROP TABLE lk_found")
    return found
