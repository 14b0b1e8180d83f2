"""From the facts of a person's rows to one value each: the newest, and of two values of one day the more worrying one.

A value, its day and its rank are packed into one whole number, so that one `max` finds it and no order of rows matters.
"""

from collections.abc import Mapping
from datetime import date

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.risk.fields import Field, standard_fields

_EPOCH = date(1900, 1, 1)
_DAY_BITS = 8
"""Below the day of a coded value: the rank of its code."""
_AHEAD = 1 << 30
"""Added to a coded value unless it gives way to all others."""
_NUMBER_BITS = 42
"""Below the day of a number: the number in thousandths, moved up by `_MIDDLE`, turned round where low is worse."""
_MIDDLE = 1 << 41
_LARGEST = 2_000_000_000
_NO_IDS = "NULL::VARCHAR AS valid_id, false AS has_id"
IDS_SQL = """,
    CASE WHEN s.id_state = 'valid' THEN s.national_id END AS valid_id, s.national_id IS NOT NULL AS has_id"""
"""The columns of `risk_rows` that are needed only where rules ask for the ID, or for parents by their IDs."""


def packed_sql(name: str) -> str:
    """A fact of a row as one comparable value, as SQL over `standardised s`; NULL where not known or not dated."""
    said = standard_fields()[name]
    column = f"s.{quoted(name)}"
    day = f"greatest(0, least(65535, s.as_of - DATE '{_EPOCH}'))"
    if said.codes:
        whens = " ".join(f"WHEN {_code(said, code)} THEN {_rank(said, code)}" for code in said.codes)
        return f"({day} * {1 << _DAY_BITS} + CASE {column} {whens} END)::INTEGER"
    if said.kind == "text":
        return f"lpad(({day})::VARCHAR, 5, '0') || {column}"
    thousandths = f"{'-' if said.is_worse_when_low else ''}round({column} * 1000)::BIGINT"
    number = f"CASE WHEN {column} BETWEEN -{_LARGEST} AND {_LARGEST} THEN {thousandths} + {_MIDDLE} END"
    return f"(({day})::BIGINT * {1 << _NUMBER_BITS} + {number})"


def known_sql(name: str, months: int, as_of: date, column: str) -> str:
    """The value of a packed fact, NULL if it is older than so many months (0: never too old).

    Args:
        name: the fact.
        months: after how many months a value is too old.
        as_of: the day of the index.
        column: SQL of the packed value.
    """
    said = standard_fields()[name]
    oldest = (_months_before(as_of, months) - _EPOCH).days if months else 0
    if said.codes:
        day = f"({column} % {_AHEAD}) // {1 << _DAY_BITS}"
        whens = " ".join(f"WHEN {at} THEN {_code(said, code)}" for at, code in enumerate(said.codes))
        value = f"CASE {column} % {1 << _DAY_BITS} {whens} END"
    elif said.kind == "text":
        day, value = f"left({column}, 5)::INTEGER", f"substr({column}, 6)"
    else:
        day = f"{column} // {1 << _NUMBER_BITS}"
        value = f"({'-' if said.is_worse_when_low else ''}({column} % {1 << _NUMBER_BITS} - {_MIDDLE}) / 1000.0)"
    return f"CASE WHEN {day} >= {oldest} THEN {value} END" if oldest > 0 else value


def make_facts(engine: Engine, facts: Mapping[str, tuple[str, int]], as_of: date) -> None:
    """Make `risk_known`: one line a person, with a column for each fact and age limit that the rules ask for.

    Args:
        engine: holds `risk_rows` (with the packed facts that exist), `risk_persons`, `risk_households`.
        facts: column -> (field, months after which it is too old).
        as_of: the day of the index.

    Facts of households are the newest of all members; a fact that no source gives is NULL for everyone.
    """
    given = {name for (name,) in engine.rows("SELECT column_name FROM duckdb_columns() WHERE table_name = 'risk_rows'")}
    names = sorted(
        {name for name, _ in facts.values()} & {name for name in standard_fields() if f"fact_{name}" in given}
    )
    shared = [name for name in names if standard_fields()[name].is_of_household]
    most = "".join(f", max({quoted('fact_' + name)}) AS {quoted('fact_' + name)}" for name in names)
    ids = "max(valid_id) AS valid_id, bool_or(has_id) AS has_id" if "valid_id" in given else _NO_IDS
    engine.run(f"CREATE OR REPLACE TEMP TABLE risk_facts AS SELECT p, {ids}{most} FROM risk_rows GROUP BY p")
    most = "".join(f", max({quoted('fact_' + name)}) AS {quoted('fact_' + name)}" for name in shared)
    engine.run(
        "CREATE OR REPLACE TEMP TABLE home_facts AS "
        f"SELECT household{most} FROM risk_facts JOIN risk_households USING (p) GROUP BY household"
    )
    columns = ""
    for column, (name, months) in facts.items():
        packed = quoted(f"fact_{name}")
        packed = f"coalesce(h.{packed}, f.{packed})" if name in shared else f"f.{packed}"
        sql = known_sql(name, months, as_of, packed) if name in names else _nothing(name)
        columns += f", {sql} AS {quoted(column)}"
    engine.run(f"""
        CREATE OR REPLACE TEMP VIEW risk_known AS
        SELECT x.p, x.age::DOUBLE AS age, x.birth, x.source_bits, f.valid_id,
               CASE WHEN f.valid_id IS NOT NULL THEN true WHEN f.has_id THEN false END AS id_valid, l.household{columns}
        FROM risk_persons x JOIN risk_facts f USING (p)
             LEFT JOIN risk_households l USING (p) LEFT JOIN home_facts h ON h.household = l.household""")


def _nothing(name: str) -> str:
    return "NULL::VARCHAR" if standard_fields()[name].kind == "text" else "NULL::DOUBLE"


def _code(said: Field, code: str) -> str:
    """A code as SQL of the field's type."""
    return literal(code) if said.kind == "text" else str(int(code))


def _rank(said: Field, code: str) -> int:
    return said.codes.index(code) + (0 if code in said.gives_way else _AHEAD)


def _months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last day of that month."""
    at = day.year * 12 + day.month - 1 - months
    year, month = divmod(at, 12)
    for of_month in range(day.day, 27, -1):
        try:
            return date(year, month + 1, of_month)
        except ValueError:
            continue
    return date(year, month + 1, day.day)
