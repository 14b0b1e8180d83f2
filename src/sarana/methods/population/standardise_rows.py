"""Leads a source's rows from their words to what was read of them, and makes the columns of `standardised`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.coded import Coded, first_of
from sarana.methods.engine import Engine, literal
from sarana.methods.names.scripts import SCRIPTS
from sarana.methods.population.flag_sets import FlagSets
from sarana.methods.population.numbers import number_sql
from sarana.methods.population.source_rows import SourceRows
from sarana.methods.population.standardise_areas import LEVELS
from sarana.methods.population.standardise_ids import standard_ids
from sarana.methods.population.standardise_settings import Fact

SEXES = pa.array(["female", "male"])
SCRIPT_WORDS = pa.array([*SCRIPTS, "mixed", "other"])
MIXED = len(SCRIPTS)
SCALE = 5.0
"""Marks and shares end here; of percentages hardly one is as low."""

type Mask = NDArray[np.bool_]
type Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class RowParts:
    """What standardising knows of one source besides its rows.

    `births` and `dated` say of each word of birth and as_of its day, precision and flags; `as_of` is the day of each
    row; `places` where people live, None where the source does not tell.
    """

    births: pa.Table
    dated: pa.Table
    as_of: Coded
    places: Mapping[str, Coded] | None
    facts: tuple[Fact, ...]
    name_order: str
    most_rows_per_id: int


def standard_rows(engine: Engine, rows: SourceRows, parts: RowParts) -> tuple[dict[str, Coded], Counter[str]]:
    """One line of `standardised` for each row of a source, whatever its values.

    Args:
        engine: holds what `make_name_tables` leaves, and `read_flags_<source>`.
        rows: the source's rows.
        parts: what else is known of it.

    Returns:
        The columns of `standardised` but for source and row_id, and how many rows bear each flag.
    """
    flags = FlagSets(rows.n_rows)
    columns = _names_of(engine, rows, parts, flags)
    columns |= _days_of(rows, parts, flags)
    ids = standard_ids(engine, rows, parts.most_rows_per_id)
    columns |= {"national_id": ids.numbers, "id_state": ids.states}
    flags.add(ids.flags)
    if parts.places is not None:
        columns |= {level: parts.places[level] for level in LEVELS}
        flags.add(parts.places["flags"])
    columns["house"] = _reworded(engine, rows, "house", _house_sql("raw"))
    columns["household"] = rows.column("household")
    for fact in parts.facts:
        columns[fact.name] = _fact(engine, rows, fact, flags)
    _add_read_flags(engine, rows, flags)
    columns["flags"] = flags.to_coded()
    return columns, flags.counts()


class _Read:
    """What was read of the words of one column of names, row by row; nothing where the source has no such column."""

    def __init__(self, rows: SourceRows, field: str, found: pa.Table | None) -> None:
        self.column = rows.column(field)
        self.found = found

    def words(self, name: str) -> Coded:
        """A column of text."""
        if self.found is None or name not in self.found.column_names:
            return Coded.missing(len(self.column))
        return self.column.reworded(self.found.column(name))

    def codes(self, name: str, words: pa.Array) -> Codes:
        """A column of few known words as their places among those; -1 where there is none."""
        if self.found is None or name not in self.found.column_names:
            return np.full(len(self.column), -1, np.int8)
        values = self.found.column(name).cast(pa.string())
        places = pc.fill_null(pc.index_in(values, value_set=words), -1).to_numpy().astype(np.int8)
        return self.column.gathered(places, -1)

    def are(self, name: str) -> Mask:
        """A column of yes and no."""
        if self.found is None:
            return np.zeros(len(self.column), np.bool_)
        return self.column.marked(self.found.column(name).combine_chunks())


def _names_of(engine: Engine, rows: SourceRows, parts: RowParts, flags: FlagSets) -> dict[str, Coded]:
    """Title, names, keys, script and sex, with the flags of names.

    A word such as นาย at the start of a given name is a title there where the declared title or sex agrees, or what
    stays is a given name that others bear, or nothing is declared and what stays is long enough to be a name.
    """
    title, given, family, whole = _read_names(engine, rows, parts)
    sex = _first_code(_Read(rows, "sex", _raw(rows, "sex")).codes("raw", SEXES))
    title_sex = title.codes("sex", SEXES)
    glued_sex = _first_code(given.codes("title_sex", SEXES), whole.codes("title_sex", SEXES))
    declared = _first_code(title_sex, sex)
    rest = given.words("rest")
    is_long = rest.marked(pc.greater_equal(pc.utf8_length(rest.words), 4))
    takes_rest = ~rest.is_missing & (
        given.are("is_rest_known") | np.where(declared < 0, is_long, (declared == glued_sex) & (glued_sex >= 0))
    )
    has_title = rest.is_missing | takes_rest
    said_sex = _first_code(title_sex, np.where(has_title, glued_sex, np.int8(-1)))
    flags.mark((sex < 0) & (said_sex >= 0), "NAME-011")
    flags.mark((sex >= 0) & (said_sex >= 0) & (sex != said_sex), "NAME-012")
    given_flags = given.words("flags")
    flags.add(given_flags.only(has_title))
    flags.add(_without(given_flags, "NAME-001").only(~has_title))
    flags.add(family.words("flags"))
    flags.add(whole.words("flags"))
    glued = first_of([given.words("title"), whole.words("title")])
    keys = first_of([given.words("key"), whole.words("given_key")])
    own_nickname = _reworded(engine, rows, "nickname", _tidy_text("raw"))
    nicknames = [own_nickname, *(each.words("nickname") for each in (given, whole, family))]
    return {
        "title": first_of([title.words("title"), glued.only(has_title)]),
        "given": rest.where(takes_rest, first_of([given.words("text"), whole.words("given")])),
        "family": first_of([family.words("text"), whole.words("family")]),
        "nickname": first_of(nicknames),
        "script": _script(given, family, whole),
        "given_key": _told(given.words("rest_key").where(takes_rest, keys)),
        "family_key": _told(first_of([family.words("key"), whole.words("family_key")])),
        "sex": Coded(_first_code(sex, said_sex), SEXES),
    }


def _read_names(engine: Engine, rows: SourceRows, parts: RowParts) -> tuple[_Read, _Read, _Read, _Read]:
    """What was read of titles, given names, family names and whole names."""
    habit = f"s.habit = {literal(parts.name_order)}"
    titles = "s.title, s.sex"
    part = "s.text, s.title, s.title_sex, s.rest, s.nickname, s.script, s.flags, s.key, s.rest_key, s.is_rest_known"
    full = "s.given, s.family, s.title, s.title_sex, s.nickname, s.script, s.given_key, s.family_key, s.flags"

    def read(field: str, relation: str, what: str, where: str = "true") -> _Read:
        is_there = field in rows.columns
        return _Read(rows, field, rows.read_of(engine, field, relation, what, where=where) if is_there else None)

    return (
        read("title", "name_titles", titles),
        read("given", "name_parts", part),
        read("family", "name_parts", part),
        read("full_name", "name_wholes", full, habit),
    )


def _raw(rows: SourceRows, field: str) -> pa.Table:
    return pa.table({"raw": rows.column(field).words})


def _script(given: _Read, family: _Read, whole: _Read) -> Coded:
    """The script of both names, or `mixed`."""
    whole_script = whole.codes("script", SCRIPT_WORDS)
    first = _first_code(given.codes("script", SCRIPT_WORDS), whole_script)
    last = _first_code(family.codes("script", SCRIPT_WORDS), whole_script)
    both = np.where((first < 0) | (first == last), last, np.where(last < 0, first, np.int8(MIXED)))
    return Coded(both, SCRIPT_WORDS)


def _first_code(*columns: Codes) -> Codes:
    """For every row the first code that is one."""
    found = columns[0]
    for column in columns[1:]:
        found = np.where(found < 0, column, found)
    return found


def _told(column: Coded) -> Coded:
    """The column in which an empty word is missing."""
    return column.only(~column.marked(pc.equal(column.words, "")))


def _without(flags: Coded, flag: str) -> Coded:
    """Flags, as codes with commas between, without one of them."""
    return Coded(flags.places, pc.replace_substring(flags.words, flag, ""))


def _days_of(rows: SourceRows, parts: RowParts, flags: FlagSets) -> dict[str, Coded]:
    """Day of birth and the day a row dates from, with the flags of dates."""
    birth, as_of = rows.column("birth"), rows.column("as_of")
    days = birth.reworded(parts.births.column("day"))
    flags.add(birth.reworded(parts.births.column("flags")))
    flags.add(as_of.reworded(parts.dated.column("flags")))
    born, known = (_numbers(column) for column in (days, parts.as_of))
    flags.mark(~days.is_missing & (born > known), "DATE-011")
    precision = birth.reworded(parts.births.column("precision"))
    return {"birth": days, "birth_precision": precision, "as_of": parts.as_of}


def _numbers(days: Coded) -> NDArray[np.int32]:
    return days.gathered(days.words.cast(pa.int32()).to_numpy(), 0)


def _reworded(engine: Engine, rows: SourceRows, field: str, sql: str) -> Coded:
    """A field's column by an expression of its words (`raw`)."""
    if field not in rows.columns:
        return Coded.missing(rows.n_rows)
    return rows.columns[field].reworded(rows.told_of(engine, field, sql).column(0))


def _fact(engine: Engine, rows: SourceRows, fact: Fact, flags: FlagSets) -> Coded:
    """A fact's column in its type; a value that is none becomes missing, with a flag where no code was looked for."""
    column = rows.columns[fact.name]
    read = rows.told_of(engine, fact.name, f"{_fact_sql(fact)} AS value").column("value").combine_chunks()
    if fact.type != "VARCHAR" and not fact.values:
        flags.mark(column.marked(pc.is_null(read)), "STANDARD-004")
    if fact.is_percent:
        is_odd = _on_another_scale(column, read)
        flags.mark(column.marked(is_odd), "STANDARD-006")
        read = pc.if_else(pa.array(is_odd), pa.scalar(None, read.type), read)
    return column.reworded(read)


def _on_another_scale(column: Coded, read: pa.Array) -> Mask:
    """For each word whether it looks like a share of 0 to 1 or a mark of 0 to 5 where a percentage belongs.

    Such is a number up to 5 that is not whole; and any number up to 5 where most of the column's are.
    """
    values = pc.fill_null(read.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
    is_low: Mask = (values > 0) & (values <= SCALE)
    counts = column.counts()
    if 2 * counts[is_low].sum() > counts[values > 0].sum():
        return is_low
    is_mark: Mask = is_low & (values % 1 != 0)
    return is_mark


def _fact_sql(fact: Fact) -> str:
    """A fact in its type; NULL where the value is no number of that type, or out of range.

    Codes were held against the standard ones on reading, so only numbers are looked at.
    """
    if fact.type == "VARCHAR":
        return "raw"
    if fact.values:
        return f"try_cast(raw AS {fact.type})"
    value = f"coalesce(try_cast(raw AS DOUBLE), try_cast({number_sql('raw', is_percent=fact.is_percent)} AS DOUBLE))"
    if fact.range:
        value = f"CASE WHEN {value} BETWEEN {fact.range[0]!r} AND {fact.range[1]!r} THEN {value} END"
    if fact.type == "BIGINT":
        value = f"CASE WHEN {value} % 1 = 0 THEN CAST({value} AS BIGINT) END"
    return value


def _add_read_flags(engine: Engine, rows: SourceRows, flags: FlagSets) -> None:
    """The flags that reading set."""
    noted = engine.arrow(
        f"SELECT row_id, string_agg(DISTINCT flag, ',' ORDER BY flag) AS flags FROM read_flags_{rows.name} "
        "GROUP BY row_id ORDER BY row_id"
    )
    if noted.num_rows == 0:
        return
    places = pc.fill_null(pc.index_in(rows.row_id, value_set=noted.column("row_id").combine_chunks()), -1)
    flags.add(Coded(places.to_numpy(), noted.column("flags").combine_chunks()))


def _house_sql(raw: str) -> str:
    """A house number without the words, blanks and zeros around it; NULL for a mark that says there is none."""
    plain = f"translate({raw}, '๐๑๒๓๔๕๖๗๘๙', '0123456789')"
    words = "'^(บ้านเลขที่|เลขที่|บ้าน|[Nn]o\\.?|#)\\s*|\\s+|\\.0+$'"
    cleaned = f"regexp_replace(regexp_replace({plain}, {words}, '', 'g'), '^0+([0-9])', '\\1')"
    is_told = f"regexp_matches({cleaned}, '[1-9\\pL]') AND {cleaned} NOT IN ('ไม่มี', 'ไม่ทราบ', 'ไม่ระบุ')"
    return f"CASE WHEN regexp_full_match({raw}, '[1-9][0-9]*') THEN {raw} WHEN {is_told} THEN {cleaned} END"


def _tidy_text(raw: str) -> str:
    return f"nullif(trim(regexp_replace({raw}, '[()\\s]+', ' ', 'g'), ' -'), '')"
