"""The SQL that joins a source's rows to what was read of their values, and makes their lines of `standardised`."""

from dataclasses import dataclass
from datetime import date

from sarana.methods import identifiers as ids
from sarana.methods.dates.standard import PRECISION_TYPE
from sarana.methods.engine import literal, quoted
from sarana.methods.names.standard import SCRIPT_TYPE, SEX_TYPE, title_type
from sarana.methods.population.standardise_settings import Fact
from sarana.methods.population.standardise_types import ID_STATE, LEVELS, enum_of

PERSON_FIELDS = (
    "title", "given", "family", "full_name", "nickname", "sex", "birth", "national_id", "house", "household", "area",
    "moo", "as_of",
)  # fmt: skip
"""The standard fields that say who a row is about; a source has some of them."""

NUMBERS = "_numbers"
"""The temporary relation with a source's national IDs."""


@dataclass(frozen=True, slots=True)
class SourceParts:
    """What the SQL of one source is made from."""

    name: str
    fields: tuple[str, ...]
    facts: tuple[Fact, ...]
    as_of: date
    name_order: str
    most_rows_per_id: int
    source_type: str
    has_shared_ids: bool = False
    has_read_flags: bool = False

    def raw(self, field: str) -> str:
        """The column of a field, or NULL where the source has none."""
        return f"r.{field}" if field in self.fields else "NULL::VARCHAR"


def numbers_sql(parts: SourceParts) -> str:
    """SQL that makes the relation of a source's valid IDs that stand on more rows than one person can have."""
    if "national_id" not in parts.fields:
        return f"CREATE OR REPLACE TEMP TABLE {quoted(NUMBERS)} (digits VARCHAR)"
    digits = ids.digits_sql("national_id")
    return (
        f"CREATE OR REPLACE TEMP TABLE {quoted(NUMBERS)} AS "
        f"SELECT {digits} AS digits FROM {quoted(f'rows_{parts.name}')} "
        f"WHERE national_id IS NOT NULL GROUP BY 1 HAVING count(*) > {parts.most_rows_per_id}"
    )


def rows_sql(parts: SourceParts) -> str:
    """SQL that makes `_standard_<source>`: one line for each row of the source, whatever its values."""
    facts = "".join(f",\n    r.{quoted('_fact_' + fact.name)} AS {quoted(fact.name)}" for fact in parts.facts)
    read = "".join(f", {_fact_sql(fact)} AS {quoted('_fact_' + fact.name)}" for fact in parts.facts)
    return f"""
CREATE OR REPLACE TABLE {quoted(f"_standard_{parts.name}")} AS
WITH joined AS (
    SELECT r.*, {_digits(parts)} AS _digits, {_joined_columns(parts)}
    FROM {quoted(f"rows_{parts.name}")} r
    {_joins(parts)}
), numbered AS (
    SELECT *, try_cast(_digits AS BIGINT) AS _number FROM joined
), judged AS (
    SELECT r.*, {_TAKES_REST} AS _takes_rest, {_id_state()} AS _id_state{read}
    FROM numbered r
)
SELECT CAST({literal(parts.name)} AS {parts.source_type}) AS source, r.row_id,
    coalesce(r._title, CASE WHEN r._given_rest IS NULL OR r._takes_rest THEN r._glued END) AS title,
    CASE WHEN r._takes_rest THEN r._given_rest ELSE r._given END AS given,
    r._family AS family,
    coalesce({_tidy_text(parts.raw("nickname"))}, r._nickname) AS nickname,
    {_SCRIPT} AS script,
    nullif(CASE WHEN r._takes_rest THEN r._given_rest_key ELSE r._given_key END, '') AS given_key,
    nullif(r._family_key, '') AS family_key,
    coalesce(r._sex, {_sex_of_title()}) AS sex,
    r._birth AS birth, r._birth_precision AS birth_precision,
    CASE WHEN r._id_state = 'valid' AND length(r._digits) = 12 THEN '0' ELSE '' END || r._digits AS national_id,
    r._id_state AS id_state,
    r._village AS village, r._subdistrict AS subdistrict, r._district AS district, r._province AS province,
    {_house_sql(parts.raw("house"))} AS house, {parts.raw("household")} AS household,
    r._as_of AS as_of,
    {_flags_sql(parts)} AS flags{facts}
FROM judged r
"""


_DECLARED_SEX = "coalesce(r._title_sex, r._sex)"
_TAKES_REST = f"""(r._given_rest IS NOT NULL AND CASE
        WHEN r._is_rest_known THEN true
        WHEN {_DECLARED_SEX} IS NULL THEN length(r._given_rest) >= 4
        ELSE {_DECLARED_SEX} = r._glued_sex END)"""
"""Whether a word such as นาย at the start of a given name is a title there: the declared title or sex agrees, or what
stays is a given name that others bear, or nothing is declared and what stays is long enough to be a name."""

_SCRIPT = f"""CASE WHEN r._given_script IS NULL OR r._given_script = r._family_script THEN r._family_script
        WHEN r._family_script IS NULL THEN r._given_script ELSE CAST('mixed' AS {SCRIPT_TYPE}) END"""


def _joins(parts: SourceParts) -> str:
    """The joins from a row's raw values to what was read of them."""
    name = literal(parts.name)
    joins = {
        "title": "LEFT JOIN name_titles t ON t.raw = r.title",
        "given": "LEFT JOIN name_parts g ON g.raw = r.given",
        "family": "LEFT JOIN name_parts f ON f.raw = r.family",
        "full_name": f"LEFT JOIN name_wholes w ON w.raw = r.full_name AND w.habit = {literal(parts.name_order)}",
        "birth": f"LEFT JOIN standard_births b ON b.source = {name} AND b.raw = r.birth",
        "as_of": f"LEFT JOIN standard_as_of d ON d.source = {name} AND d.raw = r.as_of",
        "area": f"LEFT JOIN standard_areas a ON a.source = {name} AND a.area = r.area "
        f"AND a.moo = coalesce({parts.raw('moo')}, '') AND a.as_of = {_as_of(parts)}",
    }
    wanted = [join for field, join in joins.items() if field in parts.fields]
    if parts.has_shared_ids:
        wanted.append(f"LEFT JOIN {quoted(NUMBERS)} n ON n.digits = {ids.digits_sql('r.national_id')}")
    if parts.has_read_flags:
        noted = f"SELECT row_id, string_agg(DISTINCT flag, ',') AS flags FROM {quoted(f'read_flags_{parts.name}')}"
        wanted.append(f"LEFT JOIN ({noted} GROUP BY row_id) rf ON rf.row_id = r.row_id")
    return "\n    ".join(wanted)


def _as_of(parts: SourceParts) -> str:
    own = f"DATE '{parts.as_of}'"
    return f"coalesce(d.day, {own})" if "as_of" in parts.fields else own


def _joined_columns(parts: SourceParts) -> str:
    """What the joins bring, under one set of names whatever fields the source has."""
    has = parts.fields.__contains__
    given, family, whole = has("given"), has("family"), has("full_name")

    def first(*choices: tuple[bool, str], kind: str = "VARCHAR") -> str:
        there = [column for is_there, column in choices if is_there]
        return f"coalesce({', '.join(there)})" if there else f"NULL::{kind}"

    columns = {
        "_title": first((has("title"), "t.title"), kind=title_type()),
        "_title_sex": first((has("title"), "t.sex"), kind=SEX_TYPE),
        "_sex": f"TRY_CAST(r.sex AS {SEX_TYPE})" if has("sex") else f"NULL::{SEX_TYPE}",
        "_given": first((given, "g.text"), (whole, "w.given")),
        "_given_rest": first((given, "g.rest")),
        "_given_key": first((given, "g.key"), (whole, "w.given_key")),
        "_given_rest_key": first((given, "g.rest_key")),
        "_is_rest_known": first((given, "g.is_rest_known"), (True, "false"), kind="BOOLEAN"),
        "_glued": first((given, "g.title"), (whole, "w.title"), kind=title_type()),
        "_glued_sex": first((given, "g.title_sex"), (whole, "w.title_sex"), kind=SEX_TYPE),
        "_given_script": first((given, "g.script"), (whole, "w.script"), kind=SCRIPT_TYPE),
        "_family": first((family, "f.text"), (whole, "w.family")),
        "_family_key": first((family, "f.key"), (whole, "w.family_key")),
        "_family_script": first((family, "f.script"), (whole, "w.script"), kind=SCRIPT_TYPE),
        "_nickname": first((given, "g.nickname"), (whole, "w.nickname"), (family, "f.nickname")),
        "_birth": first((has("birth"), "b.day"), kind="DATE"),
        "_birth_precision": first((has("birth"), "b.precision"), kind=PRECISION_TYPE),
        "_as_of": _as_of(parts),
        "_is_shared": "n.digits IS NOT NULL" if parts.has_shared_ids else "false",
        **{f"_{level}": first((has("area"), f"a.{level}"), kind=f"standard_{level}") for level in LEVELS},
        "_given_flags": first((given, "g.flags")),
        "_other_flags": _lists(parts),
        "_read_flags": first((parts.has_read_flags, "rf.flags")),
    }
    return ",\n        ".join(f"{sql} AS {name}" for name, sql in columns.items())


def _lists(parts: SourceParts) -> str:
    """The flags that came with what was read of a row's values, NULL where none did."""
    columns = {"family": "f.flags", "full_name": "w.flags", "birth": "b.flags", "as_of": "d.flags", "area": "a.flags"}
    lists = [column for field, column in columns.items() if field in parts.fields]
    some = " OR ".join(f"{column} IS NOT NULL" for column in lists)
    return f"CASE WHEN {some} THEN concat_ws(',', {', '.join(lists)}) END" if lists else "NULL::VARCHAR"


def _digits(parts: SourceParts) -> str:
    return ids.digits_sql("r.national_id") if "national_id" in parts.fields else "NULL::VARCHAR"


def _id_state() -> str:
    checked = ids.checks_sql("r._digits", "r._number")
    return f"""CAST(CASE WHEN r._digits IS NULL THEN NULL
        WHEN {checked} THEN CASE WHEN r._is_shared OR {ids.filler_sql("r._digits")} THEN 'shared' ELSE 'valid' END
        WHEN length(r._digits) = 13 THEN 'check' WHEN {ids.lost_zero_sql("r._digits")} THEN 'valid' ELSE 'length' END
        AS {ID_STATE})"""


def _house_sql(raw: str) -> str:
    """A house number without the words, blanks and zeros around it; NULL for a mark that says there is none."""
    plain = f"translate({raw}, '๐๑๒๓๔๕๖๗๘๙', '0123456789')"
    words = "'^(บ้านเลขที่|เลขที่|บ้าน|[Nn]o\\.?|#)\\s*|\\s+|\\.0+$'"
    cleaned = f"regexp_replace(regexp_replace({plain}, {words}, '', 'g'), '^0+([0-9])', '\\1')"
    is_told = f"regexp_matches({cleaned}, '[1-9\\pL]') AND {cleaned} NOT IN ('ไม่มี', 'ไม่ทราบ', 'ไม่ระบุ')"
    return f"CASE WHEN regexp_full_match({raw}, '[1-9][0-9]*') THEN {raw} WHEN {is_told} THEN {cleaned} END"


def _tidy_text(raw: str) -> str:
    return f"nullif(trim(regexp_replace({raw}, '[()\\s]+', ' ', 'g'), ' -'), '')"


def _sex_of_title() -> str:
    return "coalesce(r._title_sex, CASE WHEN r._given_rest IS NULL OR r._takes_rest THEN r._glued_sex END)"


def _fact_sql(fact: Fact) -> str:
    """A fact in its type; NULL where the value is no number of that type, or out of range.

    Codes were held against the standard ones on reading, so only numbers are looked at.
    """
    column = f"r.{quoted(fact.name)}"
    if fact.type == "VARCHAR":
        return f"CAST({column} AS {enum_of(fact.values)})"
    if fact.values:
        return f"try_cast({column} AS {fact.type})"
    value = f"coalesce(try_cast({column} AS DOUBLE), try_cast(replace({column}, ',', '') AS DOUBLE))"
    if fact.range:
        value = f"CASE WHEN {value} BETWEEN {fact.range[0]!r} AND {fact.range[1]!r} THEN {value} END"
    if fact.type == "BIGINT":
        value = f"CASE WHEN {value} % 1 = 0 THEN CAST({value} AS BIGINT) END"
    return value


def _flags_sql(parts: SourceParts) -> str:
    """All flags of a row, each once, sorted; most rows have none and cost one look."""
    single = {
        "NAME-011": f"r._sex IS NULL AND {_sex_of_title()} IS NOT NULL",
        "NAME-012": f"r._sex <> {_sex_of_title()}",
        "DATE-011": "r._birth > r._as_of",
        **(_id_flags(parts) if "national_id" in parts.fields else {}),
    }
    free = [f for f in parts.facts if f.type != "VARCHAR" and not f.values]
    if free:
        single["STANDARD-004"] = " OR ".join(
            f"(r.{quoted(f.name)} IS NOT NULL AND r.{quoted('_fact_' + f.name)} IS NULL)" for f in free
        )
    kept = "replace(r._given_flags, 'NAME-001', '')"
    given = f"CASE WHEN r._given_rest IS NULL OR r._takes_rest THEN r._given_flags ELSE {kept} END"
    lists = (given, "r._other_flags", "r._read_flags")
    cases = ", ".join((*(f"CASE WHEN {when} THEN {literal(code)} END" for code, when in single.items()), *lists))
    some = ("r._given_flags IS NOT NULL", "r._other_flags IS NOT NULL", "r._read_flags IS NOT NULL", *single.values())
    every = f"list_filter(string_split(concat_ws(',', {cases}), ','), x -> x <> '')"
    return f"CASE WHEN {' OR '.join(some)} THEN list_sort(list_distinct({every})) ELSE []::VARCHAR[] END"


def _id_flags(parts: SourceParts) -> dict[str, str]:
    raw = parts.raw("national_id")
    return {
        ids.LEADING_ZERO: "r._id_state = 'valid' AND length(r._digits) = 12",
        ids.LETTERS: f"r._id_state <> 'valid' AND {ids.has_letters_sql(raw)}",
        ids.BAD_CHECK: "r._id_state = 'check'",
        ids.BAD_LENGTH: "r._id_state = 'length'",
        ids.SHARED: "r._id_state = 'shared'",
        ids.FILLER: f"r._digits IS NOT NULL AND {ids.filler_sql('r._digits')}",
        ids.IN_POWERS: f"r._digits IS NULL AND {ids.in_powers_sql(raw)}",
    }
