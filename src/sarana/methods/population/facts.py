"""Joins fact tables to their people: many rows a person become one value a field, by a declared rule."""

from collections import Counter
from dataclasses import dataclass, field

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.cleaning import clean_table
from sarana.methods.population.codes import UnknownCode
from sarana.methods.population.sources import FactField, Facts, Sources
from sarana.methods.population.tables import load_table
from sarana.methods.population.values import Value, read_value

DATE_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y"]
FLAG_DATE = "READ-028"


@dataclass(slots=True)
class Joined:
    """What the fact tables of a source give: values with their joins, unknown codes, counts, tables to drop."""

    values: list[Value] = field(default_factory=list)
    unknown: list[UnknownCode] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    tables: list[str] = field(default_factory=list)


def key_name(header: str) -> str:
    """How a key column of the person table is called while it is needed."""
    return f"key {header}"


def read_facts(engine: Engine, sources: Sources, name: str, flags: str) -> Joined:
    """Read and aggregate the fact tables of a source, ready to be joined to `raw_<source>`.

    Raises:
        The faults of `load_table`.
    """
    joined = Joined()
    for n, facts in enumerate(sources.sources[name].facts, 1):
        _read_table(engine, sources, name, facts, n, flags, joined)
    return joined


def _read_table(engine: Engine, sources: Sources, name: str, facts: Facts, n: int, flags: str, joined: Joined) -> None:
    """Read one fact table into one row for each key."""
    raw, made, noted = f"facts_{name}_{n}", f"facts_{name}_{n}_one", f"facts_{name}_{n}_flags"
    engine.run(f"CREATE OR REPLACE TABLE {noted} (rec BIGINT, field VARCHAR, flag VARCHAR)")
    wanted = {key_name(key): (theirs,) for key, theirs in facts.keys.items()}
    wanted |= {fact: said.columns for fact, said in facts.fields.items() if said.columns}
    wanted |= {f"by {fact}": (said.by,) for fact, said in facts.fields.items() if said.by}
    table = load_table(engine, sources.data, facts, wanted, raw, f"sources.{name}.facts {n}")
    clean_table(engine, table, noted)
    values = []
    for fact, said in sorted(facts.fields.items()):
        if said.columns:
            value, unknown = read_value(engine, raw, fact, said, (name, f"{facts.path} {said.columns[0]}"), noted)
            joined.unknown += unknown
        else:
            value = Value(fact, "'1'")
        values.append(value)
    keys = [quoted(key_name(key)) for key in facts.keys]
    columns = ", ".join([*keys, *(f"{v.sql} AS {quoted(v.field)}" for v in values)])
    dates = "".join(f", {_date(fact)} AS {quoted('at ' + fact)}" for fact, said in facts.fields.items() if said.by)
    joins = " ".join(v.join for v in values if v.join)
    taken = ", ".join(f"{_taken(fact, said)} AS {quoted(fact)}" for fact, said in facts.fields.items())
    whole = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    engine.run(
        f"CREATE OR REPLACE TABLE {made} AS SELECT {', '.join(keys)}, {taken} FROM "
        f"(SELECT {columns}{dates} FROM {raw} {joins}) WHERE {whole} GROUP BY {', '.join(keys)}"
    )
    _pass_flags(engine, name, raw, noted, flags, keys, facts)
    person = f"raw_{name}"
    match = " AND ".join(f"{made}.{key} = {person}.{key}" for key in keys)
    n_lost = engine.row(f"SELECT count(*) FROM {raw} WHERE NOT EXISTS (SELECT 1 FROM {person} WHERE "
                        + " AND ".join(f"{raw}.{key} = {person}.{key}" for key in keys) + ")")[0]  # fmt: skip
    joined.counts[f"facts {name} {n}"] = table.n_rows
    joined.counts[f"facts without a person {name} {n}"] = n_lost
    join = f"LEFT JOIN {made} ON {match}"
    for fact, said in facts.fields.items():
        sql = f"{made}.{quoted(fact)}"
        if said.absent:
            sql = f"CASE WHEN {made}.{keys[0]} IS NULL THEN {literal(said.absent)} ELSE {sql} END"
        joined.values.append(Value(fact, sql, join))
    joined.tables += [raw, made, noted]


def _taken(fact: str, said: FactField) -> str:
    """The aggregate that picks or makes one value; numbers are compared as numbers, sums are exact decimals."""
    value = quoted(fact)
    ranked = f"{{'n': coalesce(try_cast({value} AS DOUBLE), '-infinity'), 'v': {value}}}"
    held = f"FILTER ({value} IS NOT NULL)"
    match said.take:
        case "max":
            return f"(max({ranked}) {held}).v"
        case "min":
            return f"(min({ranked}) {held}).v"
        case "sum":
            total = f"CAST(sum(try_cast({value} AS DECIMAL(30,6))) AS VARCHAR)"
            return f"rtrim(rtrim({total}, '0'), '.')"
        case "count":
            return f"CAST(count({value}) AS VARCHAR)"
        case "latest":
            on = f"coalesce({quoted('at ' + fact)}, '-infinity'::TIMESTAMP)"
            return f"(max({{'d': {on}, 'n': coalesce(try_cast({value} AS DOUBLE), '-infinity'), 'v': {value}}}) {held}).v"
        case "any":
            return f"CASE WHEN count({value}) > 0 THEN CAST(bool_or({value} NOT IN ('0', '')) AS TINYINT)::VARCHAR END"


def _date(fact: str) -> str:
    """The date of a fact, for finding the latest; years of one column are taken to be of one era."""
    return f"try_strptime({quoted('by ' + fact)}, {DATE_FORMATS!r})"


def _pass_flags(
    engine: Engine, name: str, raw: str, noted: str, flags: str, keys: list[str], facts: Facts
) -> None:
    """Give the flags of fact rows to the people they belong to."""
    for fact, said in facts.fields.items():
        if said.by:
            engine.run(
                f"INSERT INTO {noted} SELECT rowid, {literal(fact)}, {literal(FLAG_DATE)} FROM {raw} "
                f"WHERE {quoted(fact)} IS NOT NULL AND {_date(fact)} IS NULL"
            )
    match = " AND ".join(f"f.{key} = p.{key}" for key in keys)
    engine.run(
        f"INSERT INTO {flags} SELECT DISTINCT p.rowid, field, flag FROM {noted} JOIN {raw} f ON rec = f.rowid "
        f"JOIN raw_{name} p ON {match} WHERE field NOT LIKE 'key %' AND field NOT LIKE 'by %'"
    )
