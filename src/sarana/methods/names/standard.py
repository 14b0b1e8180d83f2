"""All the names of a run brought to one spelling at once: each distinct value is read once, plain Thai not at all."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.names.keys import make_keys
from sarana.methods.names.parts import FullName, Order, Part, read_full_name, read_part, read_title
from sarana.methods.names.scripts import SCRIPTS
from sarana.methods.names.tables import fold, placeholders, titles
from sarana.methods.names.thai import UNUSUAL
from sarana.methods.read_before import read_once

_PART = pa.schema(
    [(name, pa.string()) for name in ("raw", "text", "title", "title_sex", "rest", "nickname", "script", "flags")]
)
_FULL = pa.schema(
    [(name, pa.string()) for name in ("raw", "habit", "given", "family", "title", "title_sex", "nickname", "script")]
    + [("is_order_sure", pa.bool_()), ("flags", pa.string())]
)

SEX_TYPE = "ENUM('female', 'male')"
SCRIPT_TYPE = f"ENUM({', '.join(literal(script) for script in (*SCRIPTS, 'mixed', 'other'))})"
"""The types of columns that hold few words."""

_FORMS = pa.schema([(name, pa.string()) for name in ("form", "code", "sex")])
_THAI_FORM = re.compile("[\u0e01-\u0e4e.]+")

PARTS_BEFORE, WHOLES_BEFORE = "parts_before", "wholes_before"
"""The relations of name parts and whole names that an earlier run read one by one, where there are any."""

TURNED_AT = 40
"""How much likelier the other order must be before two words are turned."""

SURE_FROM = 2
"""How much likelier the written order must be for nobody to doubt it."""


@dataclass(frozen=True, slots=True)
class NameColumns:
    """Where a source's names are: relations (raw, n) of distinct words and their rows, empty where it has none."""

    title: str = ""
    given: str = ""
    family: str = ""
    full: str = ""
    order: Order = "given-first"


def title_type() -> str:
    """The type of a column that holds standard title codes."""
    return f"ENUM({', '.join(literal(code) for code in sorted(set(titles().codes.values())))})"


def make_name_tables(engine: Engine, sources: Sequence[NameColumns]) -> None:
    """Read every distinct title, name part and whole name of the sources once.

    Leaves `name_titles` (raw, title, sex); `name_parts` (raw, text, title, title_sex, rest, nickname, script, flags,
    key, rest_key, is_rest_known: others bear `rest` as a given name); `name_wholes` (raw, habit, given, family, title,
    title_sex, nickname, script, given_key, family_key, flags).

    `word_parts` (name parts that were read in Python) and `word_wholes` (all whole names, before words are turned) are
    left too. Who gives them back as `parts_before` and `wholes_before` lets the same words be read no more: what is
    read there of a word hangs on nothing else.

    Flags are codes with commas between, NULL for none: lists would cost a second at two million rows.

    Args:
        engine: holds the sources' relations.
        sources: where their names stand; raw words are taken as they are.
    """
    _make_titles(engine, sources)
    _make_parts(engine, sources)
    _make_wholes(engine, sources)
    _make_keys(engine)
    _order_wholes(engine)


def _make_titles(engine: Engine, sources: Sequence[NameColumns]) -> None:
    found = _distinct(engine, (s.title for s in sources))
    codes = [read_title(raw) for raw in found]
    sexes = [_sex(code) for code in codes]
    engine.load("_titles", pa.table({"raw": found, "title": codes, "sex": sexes}, _strings("raw", "title", "sex")))
    engine.run(
        f"CREATE OR REPLACE TABLE name_titles AS SELECT raw, CAST(title AS {title_type()}) AS title, "
        f"CAST(sex AS {SEX_TYPE}) AS sex FROM _titles"
    )


def _make_parts(engine: Engine, sources: Sequence[NameColumns]) -> None:
    """Distinct name parts, on how many rows each is a given and a family name; only odd ones are read in Python."""
    relations = [(s.given, 1) for s in sources] + [(s.family, 0) for s in sources]
    counted = " UNION ALL ".join(
        ["SELECT NULL::VARCHAR AS raw, 0 AS n_given, 0 AS n_family WHERE false"]
        + [f"SELECT raw, {given} * n, {1 - given} * n FROM {quoted(name)}" for name, given in relations if name]
    )
    engine.run(
        "CREATE OR REPLACE TEMP TABLE _parts AS "
        "SELECT raw, sum(n_given)::BIGINT AS n_given, sum(n_family)::BIGINT AS n_family, "
        f"NOT regexp_matches(raw, {literal(_odd_pattern())}) OR {_is_plain_latin('raw')} AS is_plain "
        f"FROM ({counted}) GROUP BY raw"
    )
    odd = _words(engine, "SELECT raw FROM _parts WHERE NOT is_plain")
    read = read_once(odd, _before(engine, PARTS_BEFORE), _read_parts)
    engine.load("word_parts", read)


def _odd_pattern() -> str:
    """Matches a name part that must be looked at; what it does not match is plain Thai in one spelling."""
    glued = sorted(form for form in titles().glued_forms if re.fullmatch("[\u0e01-\u0e4e]+", form))
    blank = sorted(word for word in placeholders() if re.fullmatch("[\u0e01-\u0e4e]+", word))
    return f"{UNUSUAL}|^(?:{'|'.join(glued)})|^(?:{'|'.join(blank)})$"


def _is_plain_latin(raw: str) -> str:
    """SQL for whether a name part is one Latin word with a capital before small letters, and a name: kept as it is."""
    words = sorted(word for word in {*placeholders(), *titles().codes} if word.isascii() and word.isalpha())
    return f"(regexp_full_match({raw}, '[A-Z][a-z]+') AND lower({raw}) NOT IN ({', '.join(map(literal, words))}))"


def _read_parts(words: list[str]) -> pa.Table:
    return _table(_PART, (_part_row(raw, read_part(raw)) for raw in words))


def _part_row(raw: str, part: Part) -> tuple[Any, ...]:
    return (
        raw,
        part.text,
        part.title,
        _sex(part.title),
        part.rest,
        part.nickname,
        part.script,
        ",".join(part.flags) or None,
    )


def _make_wholes(engine: Engine, sources: Sequence[NameColumns]) -> None:
    """Distinct whole names taken apart: plain Thai in two words by one expression of the engine, the rest in Python."""
    engine.load("word_wholes", _table(_FULL, []))
    forms = sorted((form for form in titles().glued_forms if _THAI_FORM.fullmatch(form)), key=lambda f: (-len(f), f))
    codes = [titles().codes[fold(form)] for form in forms]
    engine.load("_title_forms", pa.table({"form": forms, "code": codes, "sex": [_sex(c) for c in codes]}, _FORMS))
    has_before = WHOLES_BEFORE in engine.tables()
    for habit in sorted({s.order for s in sources if s.full}):
        found = _distinct_sql(s.full for s in sources if s.order == habit)
        if has_before:
            known = f"(SELECT * FROM {WHOLES_BEFORE} WHERE habit = {literal(habit)})"
            engine.run(f"INSERT INTO word_wholes SELECT k.* FROM ({found}) JOIN {known} k USING (raw)")
            found = f"SELECT raw FROM ({found}) ANTI JOIN {known} USING (raw)"
        engine.run(_apart_sql(found, forms, is_wanted=habit != "family-first"))
        engine.run(
            f"INSERT INTO word_wholes SELECT raw, {literal(habit)}, p.given, p.family, t.code, t.sex, "
            f"nullif(p.nickname, ''), 'thai', {literal(habit == 'given-first')}, '' "
            "FROM _apart LEFT JOIN _title_forms t ON t.form = p.title WHERE is_plain"
        )
        odd = engine.rows("SELECT raw FROM _apart WHERE NOT is_plain ORDER BY raw")
        read = (_whole_row(raw, habit, read_full_name(raw, habit)) for (raw,) in odd)
        engine.load("_odd_wholes", _table(_FULL, read))
        engine.run("INSERT INTO word_wholes SELECT * FROM _odd_wholes")


def _apart_sql(found: str, forms: Sequence[str], *, is_wanted: bool) -> str:
    """SQL that makes `_apart`: whole names with their parts, and whether those parts need no second look.

    A title as the longest form that leaves a word which can begin so, two words of Thai, perhaps a nickname after them.
    """
    thai = "\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4c"
    title = "|".join(re.escape(form) for form in forms)
    word = f"(?:[\u0e40-\u0e44]?[\u0e01-\u0e2e])[{thai}]+"
    shape = f"^({title})? ?({word}) +([{thai}]+)(?: *\\(([{thai}]+)\\))?$"
    odd = literal(_odd_pattern())
    looks = " AND ".join(f"NOT regexp_matches(p.{part}, {odd})" for part in ("given", "family"))
    spaced = ", ".join(literal(form) for form in sorted((*titles().codes, "แซ่")))
    looks += f" AND p.given NOT IN ({spaced}) AND replace(p.title || p.given, '.', '') NOT IN ({spaced})"
    blank = "p.nickname = '' OR NOT regexp_matches(p.nickname, " + odd + ")"
    parts = f"{literal(shape)}, ['title', 'given', 'family', 'nickname']"
    return (
        f"CREATE OR REPLACE TEMP TABLE _apart AS SELECT raw, p, {literal(is_wanted)} AND p.given <> '' AND {looks} "
        f"AND ({blank}) AS is_plain FROM (SELECT raw, regexp_extract(raw, {parts}) AS p FROM ({found}))"
    )


def _whole_row(raw: str, habit: Order, name: FullName) -> tuple[Any, ...]:
    said = (name.given, name.family, name.title, _sex(name.title), name.nickname, name.script)
    return raw, habit, *said, name.is_order_sure, ",".join(name.flags)


def _make_keys(engine: Engine) -> None:
    """Keys of every word any name may turn out to be."""
    engine.run(
        "CREATE OR REPLACE TEMP VIEW _name_words AS SELECT raw AS word FROM _parts WHERE is_plain "
        "UNION ALL SELECT text FROM word_parts UNION ALL SELECT rest FROM word_parts "
        "UNION ALL SELECT given FROM word_wholes UNION ALL SELECT family FROM word_wholes"
    )
    make_keys(engine, "_name_words")
    engine.run(f"""
        CREATE OR REPLACE TABLE name_parts AS
        WITH known AS (SELECT DISTINCT raw FROM _parts WHERE is_plain AND n_given > 0 AND raw >= 'ก')
        SELECT p.raw, CASE WHEN p.is_plain THEN p.raw ELSE o.text END AS text,
            CAST(o.title AS {title_type()}) AS title, CAST(o.title_sex AS {SEX_TYPE}) AS title_sex, o.rest, o.nickname,
            CAST(CASE WHEN NOT p.is_plain THEN o.script WHEN p.raw >= 'ก' THEN 'thai' ELSE 'latin' END AS {SCRIPT_TYPE})
                AS script, o.flags,
            k.key::VARCHAR AS key, r.key::VARCHAR AS rest_key,
            o.rest IS NOT NULL AND o.rest IN (SELECT raw FROM known) AS is_rest_known,
            p.n_given, p.n_family
        FROM _parts p LEFT JOIN word_parts o USING (raw)
        LEFT JOIN word_keys k ON k.word = CASE WHEN p.is_plain THEN p.raw ELSE o.text END
        LEFT JOIN word_keys r ON r.word = o.rest
    """)


def _order_wholes(engine: Engine) -> None:
    """Turn two words whose order is open as the run's own given and family names tell; say so, or say nobody knows.

    A word leans to the given or the family side as often as it stands there where sources keep the two apart, each as a
    share; a word that never stands there leans as the names do that sound like it. Turned only when the two words
    together are forty times likelier the other way round: most people write the given name first.
    """
    engine.run("""
        CREATE OR REPLACE TEMP TABLE _leaning AS
        WITH sides AS (SELECT greatest(sum(n_given), 1) AS given, greatest(sum(n_family), 1) AS family FROM name_parts),
        said AS (
            SELECT text AS word, sum(n_given) AS g, sum(n_family) AS f FROM name_parts WHERE text <> '' GROUP BY text
            UNION ALL SELECT key || '|', sum(n_given), sum(n_family) FROM name_parts WHERE key <> '' GROUP BY key
        )
        SELECT word, ((g + 0.5) / given) / ((f + 0.5) / family) AS odds FROM said, sides
    """)
    engine.run(f"""
        CREATE OR REPLACE TABLE name_wholes AS
        WITH keyed AS (
            SELECT w.*, g.key::VARCHAR AS given_key, f.key::VARCHAR AS family_key, NOT w.is_order_sure AS is_open,
                coalesce(lg.odds, kg.odds, 1) / coalesce(lf.odds, kf.odds, 1) AS odds,
            FROM word_wholes w LEFT JOIN word_keys g ON g.word = w.given LEFT JOIN word_keys f ON f.word = w.family
            LEFT JOIN _leaning lg ON lg.word = CASE WHEN NOT w.is_order_sure THEN w.given END
            LEFT JOIN _leaning lf ON lf.word = CASE WHEN NOT w.is_order_sure THEN w.family END
            LEFT JOIN _leaning kg ON kg.word = CASE WHEN NOT w.is_order_sure THEN g.key || '|' END
            LEFT JOIN _leaning kf ON kf.word = CASE WHEN NOT w.is_order_sure THEN f.key || '|' END
        ), judged AS (
            SELECT *, is_open AND odds <= {1 / TURNED_AT} AS is_turned, is_open AND odds <= {SURE_FROM} AS is_vague
            FROM keyed
        )
        SELECT raw, habit, CASE WHEN is_turned THEN family ELSE given END AS given,
            CASE WHEN is_turned THEN given ELSE family END AS family,
            CAST(title AS {title_type()}) AS title, CAST(title_sex AS {SEX_TYPE}) AS title_sex, nickname,
            CAST(script AS {SCRIPT_TYPE}) AS script,
            CASE WHEN is_turned THEN family_key ELSE given_key END AS given_key,
            CASE WHEN is_turned THEN given_key ELSE family_key END AS family_key,
            nullif(concat_ws(',', nullif(flags, ''),
                CASE WHEN is_turned THEN 'NAME-006' WHEN is_vague THEN 'NAME-007' END), '') AS flags
        FROM judged
    """)


def _sex(title: str | None) -> str | None:
    return titles().sexes.get(title) if title else None


def _distinct_sql(relations: Iterable[str]) -> str:
    """SQL for the distinct words of some relations, as `raw`."""
    parts = [f"SELECT raw FROM {quoted(name)}" for name in relations if name]
    return f"SELECT DISTINCT raw FROM ({' UNION ALL '.join(parts or ["SELECT ''::VARCHAR AS raw WHERE false"])})"


def _distinct(engine: Engine, relations: Iterable[str]) -> list[str]:
    """The distinct words of some relations, sorted."""
    return [str(row[0]) for row in engine.rows(f"{_distinct_sql(relations)} ORDER BY raw")]


def _words(engine: Engine, sql: str) -> pa.Array:
    """The words that a query gives, sorted."""
    return engine.arrow(f"{sql} ORDER BY raw").column(0).combine_chunks()


def _before(engine: Engine, name: str) -> pa.Table | None:
    """A relation of what was read before, if there is one."""
    return engine.table(name) if name in engine.tables() else None


def _strings(*names: str) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])


def _table(schema: pa.Schema, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(c, field.type) for c, field in zip(columns, schema, strict=True)], schema=schema)
