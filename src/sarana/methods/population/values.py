"""Turns the raw columns of a sheet into standard fields: what is stripped, missing, mapped, rescaled or flagged."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pyarrow as pa

from sarana.basics.errors import BadTable
from sarana.methods.coded import Coded
from sarana.methods.engine import literal, quoted
from sarana.methods.population.codes import UnknownCode, match_codes, suggestion
from sarana.methods.population.numbers import number_sql
from sarana.methods.population.sheets import Sheet, Value
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
OTHER = "*"
"""Among the codes of SOURCES.toml: every code that is not named."""

PREFIX = 2
"""So many signs at the start of an area code tell the province."""

FEWEST_ELSEWHERE = 20
"""With fewer strange area codes than this the codes themselves are listed."""

FEW = 40
"""Up to so many codes are mapped by a CASE, more by a join."""


def known_codes(field: str, said: Field) -> dict[str, str]:
    """The codes a field's column may hold and what they stand for; empty where the field holds no codes."""
    if said.codes:
        return dict(said.codes)
    return {str(v): str(v) for v in read_reference("fields.toml")[field].get("values", ())}


def read_value(sheet: Sheet, field: str, said: Field, column: str) -> tuple[Coded, list[UnknownCode]]:
    """The column of a standard field, with its flags noted and its unknown codes found.

    Args:
        sheet: has one column named like the field.
        field: name of the standard field.
        said: what the settings say of it.
        column: how the list of unknown codes names the column.
    """
    own = quoted(field)
    sql = _stripped(own, said.strip) if said.strip else own
    if said.missing:
        sql = f"CASE WHEN {sql} IN ({', '.join(literal(m) for m in said.missing)}) THEN NULL ELSE {sql} END"
    with sheet.words_of(field):
        if field in IDS:
            sql = _without_lost_digits(sheet, field, sql)
        if field in NAMES:
            sheet.note(field, f"{own} < 'A' AND regexp_matches({own}, {literal(FORMULA)})", FLAG_FORMULA)
        known = known_codes(field, said)
        if known:
            value, found = _map_codes(sheet, field, sql, known, unknown=said.unknown, column=column)
            return sheet.made(value), found
        if said.factor != 1.0:
            number = f"try_cast({number_sql(sql)} AS DOUBLE)"
            sql = f"coalesce(CAST({number} * {literal(said.factor)} AS VARCHAR), {sql})"
        return sheet.made(Value(field, sql)), []


def read_area(
    sheet: Sheet, known: Mapping[str, str], *, unknown: Unknown, column: str
) -> tuple[Coded, list[UnknownCode]]:
    """The column of a sector's area codes, each spelt as in its crosswalk.

    Raises:
        BadTable: READ-016 most rows have a code that leads nowhere: the file is of another province.
    """
    with sheet.words_of("area"):
        sql = _without_lost_digits(sheet, "area", "area")
        _refuse_elsewhere(sheet, sheet.counted(sql), known, column)
        value, found = _map_codes(sheet, "area", sql, known, unknown=unknown, column=column)
        return sheet.made(value), found


def _refuse_elsewhere(sheet: Sheet, seen: Mapping[str, int], known: Mapping[str, str], column: str) -> None:
    """Stop where most rows with an area code have one that is not known."""
    matched = match_codes(seen, known)
    strange = Counter({code[:PREFIX]: 0 for code in seen})
    for code, n in seen.items():
        strange[code[:PREFIX]] += n * (code not in matched)
    n_rows, n_strange = sum(seen.values()), strange.total()
    if n_strange < FEWEST_ELSEWHERE or n_strange <= n_rows / 2:
        return
    ours = Counter(code[:PREFIX] for code in known).most_common(1)
    begin = f"most of them begin with '{strange.most_common(1)[0][0]}'"
    raise BadTable(
        "READ-016",
        f"{n_strange:,} of {n_rows:,} rows have an area code that leads nowhere; {begin}, "
        f"those that are known with '{ours[0][0] if ours else ''}'.",
        where=f"{sheet.source} {column}",
        cure="See whether the file is of another province, or the crosswalk of another sector.",
    )


def _map_codes(
    sheet: Sheet, field: str, sql: str, known: Mapping[str, str], *, unknown: Unknown, column: str
) -> tuple[Value, list[UnknownCode]]:
    """The expression for a coded field; unknown codes are listed, or flagged where the settings say missing."""
    seen = sheet.counted(sql)
    named = {code: to for code, to in known.items() if code != OTHER}
    matched = match_codes(seen, named) | {code: "" for code in seen if not code.strip()}
    strange = sorted(set(seen) - set(matched))
    if OTHER in known:
        matched |= dict.fromkeys(strange, known[OTHER])
        strange = []
    if strange and unknown == "stop":
        found = [UnknownCode(sheet.source, column, c, seen[c], suggestion(c, known)) for c in strange]
        return Value(field, sql), found
    changes: dict[str, str | None] = {code: to or None for code, to in matched.items() if to != code}
    changes |= dict.fromkeys(strange)
    if strange:
        sheet.note(field, f"list_contains({_list(strange)}, {sql})", FLAG_CODE)
    return _mapped(sheet, field, sql, changes), []


def _without_lost_digits(sheet: Sheet, field: str, sql: str) -> str:
    """The expression in which numbers such as 1.5E+12 are missing, with a flag."""
    lost = f"regexp_full_match({quoted(field)}, {literal(SCIENTIFIC)})"
    if sheet.note(field, f"contains(lower({quoted(field)}), 'e') AND {lost}", FLAG_SCIENTIFIC):
        return f"CASE WHEN {lost} THEN NULL ELSE {sql} END"
    return sql


def _stripped(sql: str, strip: str) -> str:
    """The expression without some characters, and without blanks at its ends."""
    has_any = " OR ".join(f"contains({sql}, {literal(sign)})" for sign in strip)
    return f"CASE WHEN {has_any} THEN nullif(trim(translate({sql}, {literal(strip)}, '')), '') ELSE {sql} END"


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
    name = f"{sheet.name}_codes_{field}"
    codes = {"seen": pa.array(list(changes), pa.string()), "stands_for": pa.array([*changes.values()], pa.string())}
    sheet.engine.load(name, pa.table(codes))
    alias = quoted(name)
    join = f"LEFT JOIN {alias} ON {alias}.seen = {sql}"
    return Value(field, f"CASE WHEN {alias}.seen IS NULL THEN {sql} ELSE {alias}.stands_for END", join)
