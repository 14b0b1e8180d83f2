"""What the columns of a file look like, without anybody's value: headers, masked shapes, and codes of short lists.

A sample is no row of the file: each column is told by itself, its commonest shapes first, so that nothing on a page
stands beside what belongs to one person.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sarana.methods.engine import Engine
from sarana.methods.population.headers import find_in
from sarana.methods.population.layouts import AREAS, layouts
from sarana.methods.population.relaid import SIGNS as MADE_OF
from sarana.methods.population.relaid import named_columns, plain_source
from sarana.methods.population.sources import File
from sarana.methods.population.tables import first_rows
from sarana.methods.questions.profile_codes import FEWEST_ROWS, SHORT
from sarana.methods.reference import read_reference
from sarana.methods.risk.sets import list_sets

LOOKED_AT = 5000
"""So many rows of a file are looked at: enough to see what a column is."""

SAMPLES = 5
LONGEST = 12
"""A shape says how long a value is up to here; a longer one is cut, for a rare length may be somebody's name."""

MOST_CODES = 20
"""A column with more values than these is no list of codes."""

MOST_OF_A_HEADER = 500
"""A longer header is cut: it can be read on the page, and not be pointed at."""

LONG_NUMBER = 4
SIGNS = "-/.,:;|@+()"
BETWEEN = re.compile(r"[\s\W_]+")
ID_SHAPE = re.compile(r"[A-Za-z]{0,2}\d{5,}|[\dxX]*\d[\dxX]{11,}")
"""A number of a person or a day, once signs and blanks are out; also one half of which was made unreadable."""

MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    *("มค", "กพ", "มย", "พค", "เมย", "กค", "สค", "กย", "ตค", "พย", "ธค"),
    *("มกร", "กมภ", "มน", "เมษ", "พฤษ", "มถ", "กรก", "สงห", "กนย", "ตล", "พฤศ", "ธนว"),
)
"""How months begin once marks and signs are out; Thai vowels above and below are marks."""

DAY_SHAPE = re.compile(rf"\d{{1,2}}({'|'.join(MONTHS)})[^\W\d]*\d{{2,4}}", re.IGNORECASE)

PROTECTED_INDICATORS = frozenset({"s03", "s04", "e03", "h04", "h06", "h07"})
HEALTH_AND_HARM = frozenset(
    {
        *(
            "alcohol",
            "chronic_illness",
            "deported_before",
            "disability",
            "disability_type",
            "discharge",
            "domestic_violence",
        ),
        *("exploited_before", "mental_diagnosis", "mental_disorder", "nationality", "nutrition", "protection_case"),
        *(
            "school_exploitation",
            "stateless",
            "substance_use",
            "teen_pregnancy",
            "vaccination_missed",
            "violence_injury",
        ),
    }
)
"""Of what these fields say no code stands on a page, however many have it; nor of what protected indicators ask."""


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """One column: its header, how often it is filled (`all`, `some`, `none`), and up to five samples.

    `is_codes`: the samples are codes of a short list, each of many people; otherwise they are masked shapes.
    """

    header: str
    filled: str
    is_codes: bool
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a layout says of one file: its headers, which of them tell people apart, and which may show their codes.

    `whose`: headers of the number of a person, or of her row, best first, each made of one or more columns; empty where
    the file is no list of people and each row stands for itself.
    """

    names: tuple[str, ...]
    whose: tuple[tuple[str, ...], ...] = ()
    shown: frozenset[str] = field(default_factory=frozenset)


@cache
def wanted_of(layout: str, part: str) -> Wanted:
    """What a layout says of one of its files; codes of a table of facts are never shown."""
    named = [each for each in named_columns(layout) if each.part == part]
    names = tuple(each.header for each in named)
    source = plain_source(layout)
    if layout == AREAS or source is None or (source.area and source.area.crosswalk == part):
        return Wanted(names, shown=frozenset(names))
    if part != source.path:
        facts = [tuple(each.keys.values()) for each in source.facts if each.path == part]
        return Wanted(names, whose=tuple(facts))
    number = source.fields.get("national_id")
    ids = [*(number.columns if number else ()), *source.row_id]
    whose = tuple(tuple(MADE_OF.split(name)[::2]) for name in ids)
    return Wanted(names, whose, frozenset(each.header for each in named if not set(each.feeds) & _hidden_fields()))


def see_columns(engine: Engine, data: Path, file: File, wanted: Wanted, *, part: str) -> tuple[SeenColumn, ...]:
    """The columns of a file as they may be told; nothing where its first row does not name columns.

    Args:
        engine: must see the data folder.
        data: the data folder.
        file: path, format, encoding and sheet.
        wanted: what its layout says of it.
        part: which part of the settings names the file, for messages.

    Raises:
        BadFile: READ-001 to READ-005 and READ-009 to READ-014: missing, unreadable, not what it is said to be, empty.
    """
    headers, rows = first_rows(engine, data, file, part=part, most=LOOKED_AT)
    return tell_columns(headers, rows, wanted)


def tell_columns(
    headers: Sequence[str], rows: Sequence[Sequence[str | None]], wanted: Wanted
) -> tuple[SeenColumn, ...]:
    """The same of a first row, and of rows as text; a first row that may be a person's record is not told."""
    if not names_columns(headers, wanted):
        return ()
    people, shown = _people(headers, rows, wanted), _shown(headers, wanted)
    return tuple(
        _told(
            header.strip()[:MOST_OF_A_HEADER],
            [row[n] if n < len(row) else None for row in rows],
            people,
            may_show=n in shown,
        )
        for n, header in enumerate(headers)
        if header.strip()
    )


def names_columns(headers: Sequence[str], wanted: Wanted) -> bool:
    """Whether a first row names columns: a third of the layout's stand there, and nothing like a number of a person."""
    if any(_is_like_a_value(header) for header in headers):
        return False
    n_found = sum(find_in(headers, name) is not None for name in wanted.names)
    return n_found > 0 and 3 * n_found >= len(wanted.names)


def _is_like_a_value(header: str) -> bool:
    """Whether a header is shaped like a long number, an ID or a day, however it is written."""
    plain = BETWEEN.sub("", "".join(sign for sign in header if unicodedata.category(sign)[0] not in "MC"))
    is_long = plain.isdecimal() and len(plain) > LONG_NUMBER
    return is_long or bool(ID_SHAPE.fullmatch(plain) or DAY_SHAPE.fullmatch(plain))


def _people(headers: Sequence[str], rows: Sequence[Sequence[str | None]], wanted: Wanted) -> list[object] | None:
    """Whose each row is, as far as it says; None where nobody can tell: the file lacks what would tell it."""
    if not wanted.whose:
        return list(range(len(rows)))
    at = [tuple(find_in(headers, name) for name in names) for names in wanted.whose]
    known = [tuple(n for n in each if n is not None) for each in at if None not in each]
    return [_whose(row, known) for row in rows] if known else None


def _whose(row: Sequence[str | None], known: Sequence[tuple[int, ...]]) -> object:
    """The first of the ways to tell whose a row is that it fills; None: it does not say."""
    for each in known:
        values = tuple((row[n] or "").strip() if n < len(row) else "" for n in each)
        if all(values):
            return values
    return None


def _shown(headers: Sequence[str], wanted: Wanted) -> frozenset[int]:
    """The columns whose codes may be shown; one that the layout does not know may hold anything, and is not."""
    return frozenset(at for name in wanted.shown if (at := find_in(headers, name)) is not None)


@cache
def _hidden_fields() -> frozenset[str]:
    """The fields of protected indicators in every set that comes along, and those of health and harm."""
    found = set(HEALTH_AND_HARM)
    for name in list_sets():
        for each in read_reference(f"indicators/{name}.toml")["indicators"]:
            if each["id"] in PROTECTED_INDICATORS:
                found |= {name for names in each["fields"].values() for name in names}
    return frozenset(found)


def masked(value: str) -> str:
    """A value in which letters are x and digits 9, as long as it is up to twelve characters; marks are left out."""
    return "".join(_mask(sign) for sign in unicodedata.normalize("NFC", value.strip()))[:LONGEST]


def _mask(sign: str) -> str:
    kind = unicodedata.category(sign)[0]
    if kind in "LM":
        return "x"
    if kind == "N":
        return "9"
    if kind == "Z":
        return " "
    return sign if sign in SIGNS else "·"


def _told(header: str, values: Sequence[str | None], people: Sequence[object] | None, *, may_show: bool) -> SeenColumn:
    found = [(value.strip(), n) for n, value in enumerate(values) if value and value.strip()]
    filled = "none" if not found else "all" if len(found) == len(values) else "some"
    by_value: dict[str, set[object]] = defaultdict(set)
    for value, n in found:
        by_value[value] |= {n if people is None else people[n]} - {None}
    codes = [code for code, n in _often(by_value) if n >= FEWEST_ROWS and _is_code(code)]
    if may_show and people is not None and len(by_value) <= MOST_CODES and codes:
        return SeenColumn(header, filled, is_codes=True, samples=tuple(codes[:SAMPLES]))
    # Where nobody can tell how many people stand behind the rows, not even how long a value is is told.
    shapes = _shapes(by_value, masked) if people is not None else ()
    return SeenColumn(header, filled, is_codes=False, samples=shapes or _shapes(by_value, _short_shape))


def _short_shape(value: str) -> str:
    return squeezed(masked(value))


def squeezed(shape: str) -> str:
    """A shape without the lengths of its parts."""
    return "".join(sign for n, sign in enumerate(shape) if n == 0 or shape[n - 1] != sign or sign not in "x9")


def _shapes(by_value: Mapping[str, set[object]], shape_of: Callable[[str], str]) -> tuple[str, ...]:
    shapes: dict[str, set[object]] = defaultdict(set)
    for value, people in by_value.items():
        shapes[shape_of(value)] |= people
    return tuple(shape for shape, n in _often(shapes)[:SAMPLES] if n >= FEWEST_ROWS)


def _often(by: Mapping[str, set[object]]) -> list[tuple[str, int]]:
    """What stands with most people first, and with how many."""
    return sorted(((each, len(people)) for each, people in by.items()), key=lambda each: (-each[1], each[0]))


def _is_code(value: str) -> bool:
    """Whether a value says nothing of one person: it is very short, or a code that some layout knows."""
    return bool(SHORT.fullmatch(value)) or value in _known_codes()


@cache
def _known_codes() -> frozenset[str]:
    """Every code that a layout knows, and every standard one."""
    sources = [source for code in layouts() if (source := plain_source(code)) is not None]
    fields = [each for source in sources for each in source.fields.values()]
    fields += [each for source in sources for facts in source.facts for each in facts.fields.values()]
    said = {code for each in fields for code in (*each.codes, *each.missing)}
    return frozenset(said | {str(v) for row in read_reference("fields.toml").values() for v in row.get("values", ())})
