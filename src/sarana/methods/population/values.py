"""Turns the raw columns of a table into standard fields: what is stripped, missing, mapped, rescaled or flagged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.codes import UnknownCode, match_codes, suggestion
from sarana.methods.population.sources import Field
from sarana.methods.reference import read_reference

IDS = ("national_id", "household", "area")
"""Fields whose digits a spreadsheet may have lost for good, as in 1.5E+12."""

NAMES = ("title", "given", "family", "full_name", "nickname")
SCIENTIFIC = r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+"
FORMULA = r"^[=+@]|^-\s*[\w(]"

FLAG_SCIENTIFIC = "READ-022"
FLAG_FORMULA = "READ-023"
FLAG_CODE = "READ-024"
FEW = 40
"""Up to so many codes are mapped by a CASE, more by a join."""


@dataclass(frozen=True, slots=True)
class Value:
    """A standard field of a loaded table: its expression, and the join that the expression needs, if any."""

    field: str
    sql: str
    join: str = ""


def known_codes(field: str, said: Field) -> dict[str, str]:
    """The codes a field's column may hold and what they stand for; empty where the field holds no codes."""
    if said.codes:
        return dict(said.codes)
    return {str(v): str(v) for v in read_reference("fields.toml")[field].get("values", ())}


def read_value(
    engine: Engine, table: str, field: str, said: Field, where: tuple[str, str], flags: str
) -> tuple[Value, list[UnknownCode]]:
    """The expression for a standard field, with its flags noted and its unknown codes found.

    Args:
        engine: holds the table, cleaned, with one column named like the field.
        table: name of the table.
        field: name of the standard field.
        said: what the settings say of it.
        where: source and column, for the list of unknown codes.
        flags: name of the table (rec, field, flag) that gets READ-022 to READ-024.
    """
    column = quoted(field)
    sql = f"nullif(trim(translate({column}, {literal(said.strip)}, '')), '')" if said.strip else column
    if said.missing:
        sql = f"CASE WHEN {sql} IN ({', '.join(literal(m) for m in said.missing)}) THEN NULL ELSE {sql} END"
    if field in IDS:
        digits = f"regexp_full_match({column}, {literal(SCIENTIFIC)})"
        if note(engine, table, field, f"contains(lower({column}), 'e') AND {digits}", FLAG_SCIENTIFIC, flags):
            sql = f"CASE WHEN {digits} THEN NULL ELSE {sql} END"
    if field in NAMES:
        note(engine, table, field, f"{column} < 'A' AND regexp_matches({column}, {literal(FORMULA)})", FLAG_FORMULA, flags)
    known = known_codes(field, said)
    if known:
        return map_codes(engine, table, field, sql, known, said.unknown, where, flags)
    if said.factor != 1.0:
        number = f"try_cast(replace({sql}, ',', '') AS DOUBLE)"
        sql = f"coalesce(CAST({number} * {literal(said.factor)} AS VARCHAR), {sql})"
    return Value(field, sql), []


def map_codes(
    engine: Engine, table: str, field: str, sql: str, known: Mapping[str, str], unknown: str, where: tuple[str, str], flags: str
) -> tuple[Value, list[UnknownCode]]:
    """The expression for a coded field; codes that are not known are listed, or flagged where the settings say missing."""
    seen = {
        str(r[0]): int(r[1]) for r in engine.rows(f"SELECT {sql} AS v, count(*) FROM {quoted(table)} GROUP BY v") if r[0] is not None
    }
    matched = match_codes(seen, known)
    strange = sorted(set(seen) - set(matched))
    if strange and unknown == "stop":
        return Value(field, sql), [UnknownCode(*where, code, seen[code], suggestion(code, known)) for code in strange]
    changes: dict[str, str | None] = {code: to or None for code, to in sorted(matched.items()) if to != code}
    changes |= dict.fromkeys(strange)
    value = _mapped(engine, table, field, sql, changes)
    if strange:
        listed = engine_list(strange)
        note(engine, table, field, f"list_contains({listed}, {sql})", FLAG_CODE, flags)
    return value, []


def note(engine: Engine, table: str, field: str, condition: str, flag: str, flags: str) -> int:
    """Note the rows of a table for which a condition holds, and say how many they are."""
    before = f"SELECT count(*) FROM {quoted(table)} WHERE {condition}"
    n = int(engine.row(before)[0])
    if n:
        engine.run(
            f"INSERT INTO {quoted(flags)} SELECT rowid, {literal(field)}, {literal(flag)} FROM {quoted(table)} WHERE {condition}"
        )
    return n


def engine_list(words: Sequence[str]) -> str:
    """Words as a list of the engine."""
    return f"[{', '.join(literal(w) for w in words)}]"


def _mapped(engine: Engine, table: str, field: str, sql: str, changes: Mapping[str, str | None]) -> Value:
    """The expression that maps the codes that change, and leaves the others."""
    if not changes:
        return Value(field, sql)
    if len(changes) <= FEW:
        cases = " ".join(f"WHEN {literal(k)} THEN {literal(v) if v is not None else 'NULL'}" for k, v in changes.items())
        return Value(field, f"CASE {sql} {cases} ELSE {sql} END")
    name = f"{table}_codes_{field}"
    schema = pa.schema([("seen", pa.string()), ("stands_for", pa.string())])
    engine.load(name, pa.Table.from_arrays([pa.array(list(changes)), pa.array(list(changes.values()), pa.string())], schema=schema))
    alias = quoted(name)
    join = f"LEFT JOIN {alias} ON {alias}.seen = {sql}"
    return Value(field, f"CASE WHEN {alias}.seen IS NULL THEN {sql} ELSE {alias}.stands_for END", join)
