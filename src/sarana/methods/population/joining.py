"""Tells a fact table whose keys do not join: how many of its rows belong to nobody, and which key is to blame."""

from sarana.basics.errors import BadTable
from sarana.methods.engine import Engine, quoted
from sarana.methods.population.sources import Facts

NEARLY_NONE = 0.05
"""A table fewer of whose rows than this share belong to somebody was not written for this person table."""

SAMPLE = 10_000


def key_name(header: str) -> str:
    """How a key column of the person table is called while it is needed."""
    return f"key {header}"


def check_joined(engine: Engine, person: str, raw: str, facts: Facts, n_strays: int, *, part: str) -> None:
    """Refuse a fact table none or nearly none of whose rows belongs to a row of the person table.

    Args:
        engine: holds both tables, their keys under `key_name`.
        person: the person table.
        raw: the rows of the fact table that count.
        facts: what SOURCES.toml says of the fact table.
        n_strays: how many of its rows belong to nobody.
        part: which part of SOURCES.toml names it, for messages.

    Raises:
        BadTable: READ-015, with each key: how many rows find it among the people, and how it is written on both sides.
    """
    n_rows = int(engine.row(f"SELECT count(*) FROM {raw}")[0])
    if n_rows == 0 or n_rows - n_strays >= max(1, NEARLY_NONE * n_rows):
        return
    told = "; ".join(_told(engine, person, raw, mine, theirs) for mine, theirs in facts.keys.items())
    raise BadTable(
        "READ-015",
        f"{n_strays:,} of {n_rows:,} rows belong to nobody in the person table: {told}.",
        where=f"{facts.path} ([{part}])",
        cure="Name the right columns under `keys`, or ask for both files of one export.",
    )


def _told(engine: Engine, person: str, raw: str, mine: str, theirs: str) -> str:
    """How well one key joins by itself, and the commonest way it is written on both sides, without a value."""
    key = quoted(key_name(mine))
    n_found, n_rows = engine.row(
        f"SELECT count(*) FILTER ({key} IN (SELECT {key} FROM {person} WHERE {key} IS NOT NULL)), count(*) FROM {raw}"
    )
    return (
        f"{theirs} is found on {n_found:,} of {n_rows:,} (written {_shape(engine, raw, key)} here, "
        f"{_shape(engine, person, key)} there)"
    )


def _shape(engine: Engine, table: str, key: str) -> str:
    """How most values of a key are written, digits as 9 and letters as A; no value is quoted."""
    shape = f"regexp_replace(regexp_replace({key}, '[0-9]', '9', 'g'), '\\pL', 'A', 'g')"
    found = engine.rows(
        f"SELECT {shape} AS s, count(*) AS n FROM (SELECT {key} FROM {table} WHERE {key} IS NOT NULL LIMIT {SAMPLE}) "
        "GROUP BY s ORDER BY n DESC, s LIMIT 1"
    )
    return f"'{found[0][0]}'" if found else "nowhere"
