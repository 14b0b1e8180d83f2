"""Which rows are worth comparing: pairs that share one of a few keys, when at least one of them is open.

Two rows with unlike valid IDs are two people; they are not brought together (but for the hidden ones, which teach).
A key that more rows share than `block_rows` says nothing and is left out: the row is found by a rarer key.
"""

from dataclasses import dataclass

from sarana.methods.engine import Engine
from sarana.methods.linkage.settings import LinkSettings


@dataclass(frozen=True, slots=True)
class Block:
    """A key as SQL over `lk_hashed`, where it applies, what else x and y must share, and its width in `block_rows`."""

    name: str
    key: str
    where: str
    only: str = "true"
    width: float = 1


_ONE_SEX = "coalesce(x.is_female = y.is_female, true)"
_BIRTHS_MAY_AGREE = """(x.birth IS NULL OR y.birth IS NULL OR abs(year(x.birth) - year(y.birth)) IN (1, 10)
    OR month(x.birth) = month(y.birth) AND day(x.birth) = day(y.birth))"""
_NAMED = "given <> 0 AND family <> 0"

BLOCKS = (
    Block(
        "both names, year",
        "hash(least(given, family), greatest(given, family), year(birth))",
        f"{_NAMED} AND birth IS NOT NULL",
    ),
    Block("both names", "hash(given, family)", _NAMED, _BIRTHS_MAY_AGREE),
    Block(
        "birth, given, sex", "hash(given, birth, is_female)", "precise = 'day' AND given <> 0 AND is_female IS NOT NULL"
    ),
    Block("birth, family", "hash(family, birth)", "precise = 'day' AND family <> 0"),
    Block(
        "birth, subdistrict, sex",
        "hash(birth, area, is_female)",
        "precise = 'day' AND area <> 0 AND is_female IS NOT NULL",
    ),
    Block(
        "year, given, subdistrict",
        "hash(given_head, year(birth), area)",
        "given <> 0 AND area <> 0 AND birth IS NOT NULL",
        _ONE_SEX,
    ),
    Block(
        "year, family, subdistrict",
        "hash(family_head, year(birth), area)",
        "family_head <> 0 AND area <> 0 AND birth IS NOT NULL",
        _ONE_SEX,
    ),
    Block("house, given", "hash(home, given_start)", "home <> 0 AND given <> 0"),
)
"""Keys that were measured against their cost: pairs found that no other key finds, for pairs to compare."""

_HASHED = """CREATE OR REPLACE TEMP TABLE lk_hashed AS
SELECT n, NOT has_id OR is_hidden AS is_open, birth, precise, is_female,
    CASE WHEN given_key <> '' THEN hash(given_key) ELSE 0 END AS given, -- the hash of NULL is not NULL
    CASE WHEN family_key <> '' THEN hash(family_key) ELSE 0 END AS family,
    hash(left(given_key, 3)) AS given_head, hash(left(given_key, 2)) AS given_start,
    CASE WHEN length(family_key) > 1 THEN hash(left(family_key, 4)) ELSE 0 END AS family_head,
    CASE WHEN subdistrict IS NULL THEN 0 ELSE hash(subdistrict) END AS area,
    CASE WHEN village IS NULL OR house IS NULL THEN 0 ELSE hash(village, house) END AS home
FROM lk_rows"""


def block_pairs(engine: Engine, settings: LinkSettings) -> dict[str, int]:
    """Make `lk_candidates` (a, b; a < b) from `lk_rows`.

    Returns:
        Pairs found by each key, before doubles are taken out (two open rows count twice).
    """
    found = {}
    engine.run("CREATE OR REPLACE TABLE lk_found (a INTEGER, b INTEGER)")
    engine.run(_HASHED)
    for block in BLOCKS:
        before = engine.row("SELECT count(*) FROM lk_found")[0]
        keyed = f"SELECT {block.key} AS shared, n, birth, is_female FROM lk_hashed WHERE {block.where}"
        engine.run(f"CREATE OR REPLACE TEMP TABLE lk_open AS {keyed} AND is_open")
        engine.run(
            f"""CREATE OR REPLACE TEMP TABLE lk_keyed AS
            SELECT * FROM ({keyed}) WHERE shared IN (SELECT shared FROM lk_open)"""
        )
        engine.run(
            f"""INSERT INTO lk_found
            SELECT least(x.n, y.n), greatest(x.n, y.n)
            FROM lk_open x JOIN (SELECT shared FROM lk_keyed GROUP BY shared
                HAVING count(*) BETWEEN 2 AND {int(settings.block_rows * block.width)}) k USING (shared)
            JOIN lk_keyed y USING (shared)
            WHERE x.n <> y.n AND {block.only}"""
        )
        found[block.name] = engine.row("SELECT count(*) FROM lk_found")[0] - before
    for table in ("lk_open", "lk_keyed", "lk_hashed"):
        engine.run(f"DROP TABLE {table}")
    before = engine.row("SELECT count(*) FROM lk_found")[0]
    engine.run("INSERT INTO lk_found SELECT x.n, y.n FROM lk_rows x JOIN lk_rows y ON x.id = y.id AND x.n < y.n")
    found["same ID"] = engine.row("SELECT count(*) FROM lk_found")[0] - before
    engine.run("CREATE OR REPLACE TABLE lk_candidates AS SELECT DISTINCT a, b FROM lk_found")
    engine.run("DROP TABLE lk_found")
    return found
