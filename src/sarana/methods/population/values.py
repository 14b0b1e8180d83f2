"""Turns the raw columns of a table into standard fields: what is stripped, missing, mapped, rescaled or flagged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.codes import UnknownCode, match_codes, suggestion
from sarana.methods.population.sources import Field, Unknown
from sarana.methods.reference import read_reference

IDS = ("national_id", "household", "area")
"""Fields whose digits a spreadsheet may have lost for good, as in 1.5E+12."""

NAMES = ("title", "given", "family", "full_name", "nickname")
SCIENTIFIC = r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+"
FORMULA = r"^[=+@]|^-\s*[\w(]"

FLAG_SCIENTIFIC = "READ-022"
FLAG_FORMULA = "READ-023"
FLAG_CODE = "READ-024"
MARK = "\x01"
"""Stands before a code that was not known when its column was loaded; no clean value holds it."""

FEW = 40
"""Up to so many codes are mapped by a CASE, more by a join."""


@dataclass(frozen=True, slots=True)
class Value:
    """A standard field of a loaded table: its expression, and the join that the expression needs, if any."""

    field: str
    sql: str
    join: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A loaded and cleaned table whose values are being read, with the table (rec, field, flag) of its flags.

    In the columns that are `ready`, known codes are mapped already and all others bear a mark; the rest is stripped.
    """

    engine: Engine
    table: str
    flags: str
    source: str
    ready: frozenset[str] = frozenset()

    def note(self, field: str, condition: str, flag: str) -> int:
        """Flag the rows for which a condition holds, and say how many they are."""
        which = f"FROM {quoted(self.table)} WHERE {condition}"
        n = int(self.engine.row(f"SELECT count(*) {which}")[0])
        if n:
            self.engine.run(f"INSERT INTO {quoted(self.flags)} SELECT rowid, {literal(field)}, {literal(flag)} {which}")
        return n


def known_codes(field: str, said: Field) -> dict[str, str]:
    """The codes a field's column may hold and what they stand for; empty where the field holds no codes."""
    if said.codes:
        return dict(said.codes)
    return {str(v): str(v) for v in read_reference("fields.toml")[field].get("values", ())}


def held_words(field: str, said: Field) -> tuple[str, ...]:
    """All that may stand in a field that holds codes, once they are mapped, sorted; empty for other fields."""
    return tuple(sorted({to for to in known_codes(field, said).values() if to}))


def ready_value(field: str, said: Field) -> str:
    """How a field's column may be made ready while it is loaded; nothing where it must wait."""
    known = known_codes(field, said)
    if said.missing or len(known) > FEW or (known and said.strip):
        return ""
    if not known:
        return _stripped("{0}", said.strip)
    if all(code == to for code, to in known.items()):
        return "{0}"
    cases = " ".join(f"WHEN {literal(code)} THEN {literal(to) if to else 'NULL'}" for code, to in known.items())
    return f"CASE {{0}} {cases} ELSE {literal(MARK)} || {{0}} END"


def read_value(sheet: Sheet, field: str, said: Field, column: str) -> tuple[Value, list[UnknownCode]]:
    """The expression for a standard field, with its flags noted and its unknown codes found.

    Args:
        sheet: has one column named like the field.
        field: name of the standard field.
        said: what the settings say of it.
        column: how the list of unknown codes names the column.
    """
    own = quoted(field)
    sql = _stripped(own, said.strip) if said.strip and field not in sheet.ready else own
    if said.missing:
        sql = f"CASE WHEN {sql} IN ({', '.join(literal(m) for m in said.missing)}) THEN NULL ELSE {sql} END"
    if field in IDS:
        sql = _without_lost_digits(sheet, field, sql)
    if field in NAMES:
        sheet.note(field, f"{own} < 'A' AND regexp_matches({own}, {literal(FORMULA)})", FLAG_FORMULA)
    known = known_codes(field, said)
    if known:
        return map_codes(sheet, field, sql, known, unknown=said.unknown, column=column)
    if said.factor != 1.0:
        number = f"try_cast(replace({sql}, ',', '') AS DOUBLE)"
        sql = f"coalesce(CAST({number} * {literal(said.factor)} AS VARCHAR), {sql})"
    return Value(field, sql), []


def read_area(
    sheet: Sheet, known: Mapping[str, str], *, unknown: Unknown, column: str
) -> tuple[Value, list[UnknownCode]]:
    """The expression for a sector's area codes, each spelt as in its crosswalk."""
    sql = _without_lost_digits(sheet, "area", "area")
    return map_codes(sheet, "area", sql, known, unknown=unknown, column=column)


def map_codes(
    sheet: Sheet, field: str, sql: str, known: Mapping[str, str], *, unknown: Unknown, column: str
) -> tuple[Value, list[UnknownCode]]:
    """The expression for a coded field; unknown codes are listed, or flagged where the settings say missing."""
    counted = sheet.engine.rows(f"SELECT {sql} AS v, count(*) FROM {quoted(sheet.table)} GROUP BY v")
    seen = {str(code): int(n) for code, n in counted if code is not None}
    mark = MARK if field in sheet.ready and any(code != to for code, to in known.items()) else ""
    codes = {code.removeprefix(MARK): code for code in sorted(seen) if code.startswith(mark)}
    matched = match_codes(codes, known) | {code: "" for code in codes if not code.strip()}
    strange = sorted(set(codes) - set(matched))
    if strange and unknown == "stop":
        found = [UnknownCode(sheet.source, column, c, seen[codes[c]], suggestion(c, known)) for c in strange]
        return Value(field, sql), found
    changes: dict[str, str | None] = {codes[c]: to or None for c, to in matched.items() if to != codes[c]}
    changes |= {codes[c]: None for c in strange}
    if strange:
        sheet.note(field, f"list_contains({_list([codes[c] for c in strange])}, {sql})", FLAG_CODE)
    return _mapped(sheet, field, sql, changes), []


def _without_lost_digits(sheet: Sheet, field: str, sql: str) -> str:
    """The expression in which numbers such as 1.5E+12 are missing, with a flag."""
    lost = f"regexp_full_match({quoted(field)}, {literal(SCIENTIFIC)})"
    if sheet.note(field, f"contains(lower({quoted(field)}), 'e') AND {lost}", FLAG_SCIENTIFIC):
        return f"CASE WHEN {lost} THEN NULL ELSE {sql} END"
    return sql


def _stripped(sql: str, strip: str) -> str:
    """The expression without some characters, and without blanks at its ends."""
    return f"nullif(trim(translate({sql}, {literal(strip)}, '')), '')" if strip else f"nullif(trim({sql}), '')"


def _list(words: Sequence[str]) -> str:
    """Words as a list of the engine."""
    return f"[{', '.join(literal(w) for w in words)}]"


def _mapped(sheet: Sheet, field: str, sql: str, changes: Mapping[str, str | None]) -> Value:
    """The expression that maps the codes that change, and leaves the others."""
    if not changes:
        return Value(field, sql)
    if len(changes) <= FEW:
        cases = " ".join(
            f"WHEN {literal(code)} THEN {'NULL' if to is None else literal(to)}" for code, to in changes.items()
        )
        return Value(field, f"CASE {sql} {cases} ELSE {sql} END")
    name = f"{sheet.table}_codes_{field}"
    codes = {"seen": pa.array(list(changes), pa.string()), "stands_for": pa.array([*changes.values()], pa.string())}
    sheet.engine.load(name, pa.table(codes))
    alias = quoted(name)
    join = f"LEFT JOIN {alias} ON {alias}.seen = {sql}"
    return Value(field, f"CASE WHEN {alias}.seen IS NULL THEN {sql} ELSE {alias}.stands_for END", join)
