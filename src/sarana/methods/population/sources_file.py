"""Reads SOURCES.toml: every key known, every path inside the data folder, every field a standard one."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

import msgspec
from rapidfuzz import process

from sarana.basics.errors import BadFile, BadSetting
from sarana.methods.population.made_columns import TOGETHER
from sarana.methods.population.sources import Area, Areas, Boundaries, Facts, Field, Run, Source, Sources
from sarana.methods.reference import read_reference

SOURCE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
PARTS: Mapping[str, type[msgspec.Struct]] = {"run": Run, "areas": Areas, "boundaries": Boundaries}
LISTS = ("column", "row_id", "moo", "missing", "formats")
"""Keys for which one value may be written without brackets."""
FIRST_THAI_YEAR = 2400
"""No file, agreement or decision is of such a year of the common era: who writes it counts by the Buddhist era."""


def load_sources(path: Path, data: Path) -> Sources:
    """Read and check a SOURCES.toml; no file of the data folder is opened yet.

    Args:
        path: the settings file.
        data: the folder that all its paths start from.

    Raises:
        BadFile: SOURCES-001 a file or folder is missing or cannot be read.
        BadSetting: SOURCES-002 no TOML, or two of one name; SOURCES-003 an unknown key; SOURCES-004 a value of the
            wrong kind or a missing key; SOURCES-005 a bad source name; SOURCES-006 a path outside the data folder;
            SOURCES-007 a field that is no standard field; SOURCES-008 a field fed twice; SOURCES-009 a code mapped to
            no standard code; SOURCES-010 parts that contradict each other; SOURCES-014 a day of the Buddhist era.
    """
    said = _toml(path)
    if not data.is_dir():
        raise BadFile("SOURCES-001", "There is no such data folder.", where=str(data), cure="Name it with --data.")
    return sources_of(said, data, path.name, beside=path.parent)


def sources_of(said: Mapping[str, Any], data: Path, where: str, *, beside: Path | None = None) -> Sources:
    """The same of what a SOURCES.toml would say, as plain values.

    Args:
        said: the parts by their names.
        data: the folder that all its paths start from.
        where: how messages name what says it.
        beside: the folder in which an indicator set of the province's own lies; the data folder where none is named.

    Raises:
        BadSetting: as `load_sources`.
    """
    _refuse_unknown(said, (*PARTS, "sources"), where)
    for part in ("run", "areas", "sources"):
        if not isinstance(said.get(part), dict) or not said[part]:
            raise BadSetting(
                "SOURCES-004", f"The part [{part}] is missing.", where=where, cure="Add it; the manual shows how."
            )
    _check_days(said, "")
    parts = {name: _part(said[name], kind, name) for name, kind in PARTS.items() if name in said}
    named: dict[str, Source] = {}
    for name, value in said["sources"].items():
        if not SOURCE_NAME.fullmatch(name):
            raise BadSetting(
                "SOURCES-005",
                f"A source cannot be called '{name}'.",
                where=where,
                cure="Use small letters, digits and _, up to 40 of them, a letter first.",
            )
        named[name] = _part(value, Source, f"sources.{name}")
    sources = Sources(**parts, sources=named, data=data.resolve(), beside=(beside or data).resolve())
    _check_paths(sources)
    for name, source in named.items():
        _check_source(name, source)
    return sources


def nearest(word: str, known: Iterable[str]) -> str:
    """`Did you mean 'x'?` with the nearest known word, or nothing where none is near."""
    found = process.extractOne(word, sorted(known), score_cutoff=60.0)
    return f"Did you mean '{found[0]}'?" if found else ""


def _toml(path: Path) -> dict[str, Any]:
    """The file as plain values."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError as err:
        raise BadFile(
            "SOURCES-001",
            "The settings file is not there or may not be read.",
            where=str(path),
            cure="See its path and rights.",
        ) from err
    except UnicodeDecodeError as err:
        raise BadSetting(
            "SOURCES-002", "The settings file is not UTF-8.", where=path.name, cure="Save it as UTF-8."
        ) from err
    except tomllib.TOMLDecodeError as err:
        twice = "A name stands twice" if "twice" in str(err) or "overwrite" in str(err) else "This is no TOML"
        raise BadSetting(
            "SOURCES-002",
            f"{twice}: {err}.",
            where=path.name,
            cure="Put that line right; each table and key stands once.",
        ) from err


def _part(value: object, kind: type[msgspec.Struct], where: str) -> Any:
    """One part of the file as its frozen value."""
    if not isinstance(value, dict):
        raise BadSetting(
            "SOURCES-004", "This must be a table.", where=f"[{where}]", cure="Write it as [name] with keys."
        )
    written = _written_out(value, kind)
    _check_keys(written, kind, where)
    try:
        return msgspec.convert(written, kind)
    except msgspec.ValidationError as err:
        raise BadSetting(
            "SOURCES-004",
            f"{err}.".replace("$", where),
            where="SOURCES.toml",
            cure="See the manual for what belongs there.",
        ) from err


def _written_out(value: Any, kind: Any) -> Any:
    """The same part with its short forms written out: `sex = "SEX"`, `codes = ["0", "1"]`, one value for a list."""
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, Field) and isinstance(value, str | list):
        value = {"column": value}
    if not isinstance(value, dict):
        return value
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        inner = get_args(kind)[-1] if get_origin(kind) is dict else None
        return {key: _written_out(v, inner) for key, v in value.items()} if inner else value
    types = {f.encode_name: f.type for f in msgspec.structs.fields(kind)}
    out = {}
    for key, v in value.items():
        if key in LISTS and isinstance(v, str):
            v = [v]  # noqa: PLW2901
        if key == "codes":
            v = _codes(v)  # noqa: PLW2901
        if key == "only" and isinstance(v, dict):
            v = {column: [each] if isinstance(each, str) else each for column, each in v.items()}  # noqa: PLW2901
        if isinstance(v, list) and get_origin(_bare(types.get(key))) is tuple:
            v = [_written_out(each, get_args(_bare(types[key]))[0]) for each in v]  # noqa: PLW2901
        out[key] = _written_out(v, types.get(key))
    return out


def _codes(value: Any) -> Any:
    """Codes as a table of texts; a list maps each code to itself."""
    if isinstance(value, list):
        return {str(v): str(v) for v in value}
    if isinstance(value, dict):
        return {k: str(v) if isinstance(v, int) and not isinstance(v, bool) else v for k, v in value.items()}
    return value


def _check_keys(value: Any, kind: Any, where: str) -> None:
    """Refuse keys that are not known, however deep, and name the nearest that is."""
    kind = _bare(kind)
    if isinstance(value, list):
        for n, each in enumerate(value, 1):
            _check_keys(each, (get_args(kind) or (None,))[0], f"{where} {n}")
    if not isinstance(value, dict):
        return
    if get_origin(kind) is dict:
        for key, each in value.items():
            _check_keys(each, get_args(kind)[1], f"{where}.{key}")
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        types = {f.encode_name: f.type for f in msgspec.structs.fields(kind)}
        _refuse_unknown(value, types, f"[{where}]")
        for key, each in value.items():
            _check_keys(each, types[key], f"{where}.{key}")


def _refuse_unknown(value: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    """Stop at the first key that is not among the known ones."""
    for key in value:
        if key not in set(known):
            hint = nearest(key, known) or f"Known are: {', '.join(sorted(known))}."
            raise BadSetting("SOURCES-003", f"'{key}' is no key here.", where=where, cure=hint)


def _bare(kind: Any) -> Any:
    """A type without its limits and without `| None`."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) is UnionType:
        return next((_bare(k) for k in get_args(kind) if k is not type(None)), kind)
    return kind


def _check_days(value: Any, where: str) -> None:
    """Refuse a day of the Buddhist era, however deep: it lies 543 years ahead, and nobody would notice."""
    if isinstance(value, dict):
        for key, each in value.items():
            _check_days(each, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list):
        for n, each in enumerate(value, 1):
            _check_days(each, f"{where} {n}")
    elif isinstance(value, dt.date) and value.year >= FIRST_THAI_YEAR:
        part, _, key = where.rpartition(".")
        raise BadSetting(
            "SOURCES-014",
            f"The day {value.isoformat()[:10]} of `{key}` is of the Buddhist era.",
            where=f"[{part}]",
            cure=f"Write days of SOURCES.toml in the common era: {value.year - 543}{value.isoformat()[4:10]}.",
        )


def _check_paths(sources: Sources) -> None:
    """Every path stays inside the data folder, that of an own set inside its own, after links are followed."""
    for name, path in sources.files().items():
        if _leads_out(name, path, sources.data):
            raise BadSetting(
                "SOURCES-006",
                f"The path '{name}' leads out of the data folder.",
                where="SOURCES.toml",
                cure="Name files by their path inside the data folder, without '..'.",
            )
    own = sources.own_set
    if own is not None and _leads_out(sources.run.indicators, own, sources.beside):
        raise BadSetting(
            "SOURCES-006",
            f"The path '{sources.run.indicators}' leads away from SOURCES.toml.",
            where="SOURCES.toml",
            cure="Lay the indicator set beside SOURCES.toml, and name it without '..'.",
        )


def _leads_out(name: str, path: Path, folder: Path) -> bool:
    plain = PurePosixPath(name.replace("\\", "/"))
    is_named_so = plain.is_absolute() or bool(PureWindowsPath(name).drive) or ".." in plain.parts
    return is_named_so or not path.is_relative_to(folder)


def _check_source(name: str, source: Source) -> None:
    """Fields are standard, each fed once, codes map to standard codes, and the parts fit together."""
    where = f"[sources.{name}]"
    fed: set[str] = set(source.fields)
    if source.area is not None:
        fed |= _once(fed, (*(["area"] if source.area.column else []), *(["moo"] if source.area.moo else [])), where)
        _check_area(source.area, where)
    for facts in source.facts:
        fed |= _once(fed, facts.fields, where)
        _check_facts(facts, where)
        _refuse_half_a_key(facts, source, where)
    if ("area" in fed) != (source.area is not None):
        raise BadSetting(
            "SOURCES-010",
            "An area comes from `area` with a column, or with none and a fact table that feeds the field `area`.",
            where=where,
            cure="Add the part that is missing.",
        )
    if "full_name" in fed and fed & {"given", "family"}:
        raise BadSetting(
            "SOURCES-010",
            "A name comes as full_name, or as given and family, not both.",
            where=where,
            cure="Drop one of them.",
        )
    for standard, said in (*source.fields.items(), *(f for facts in source.facts for f in facts.fields.items())):
        _check_field(standard, said, where)


def _once(fed: set[str], more: Iterable[str], where: str) -> set[str]:
    """The further fields, none of which is fed already."""
    twice = fed & set(more)
    if twice:
        raise BadSetting(
            "SOURCES-008",
            f"The field '{min(twice)}' is fed twice.",
            where=where,
            cure="Keep one of the columns for it.",
        )
    return set(more)


def _check_field(standard: str, said: Field, where: str) -> None:
    """The field is a standard one and its codes are mapped to standard codes."""
    known = read_reference("fields.toml")
    if standard not in known:
        raise BadSetting(
            "SOURCES-007",
            f"'{standard}' is no standard field.",
            where=where,
            cure=nearest(standard, known) or "The manual lists the standard fields.",
        )
    values = {str(v) for v in known[standard].get("values", ())}
    wrong = sorted({to for to in said.codes.values() if to and values and to not in values})
    if wrong:
        raise BadSetting(
            "SOURCES-009",
            f"The field '{standard}' has no standard code '{wrong[0]}'.",
            where=where,
            cure=f"Its codes are: {', '.join(sorted(values))}.",
        )


def _check_area(area: Area, where: str) -> None:
    """A crosswalk says which of its columns holds the area, and dates come with it."""
    if bool(area.crosswalk) != bool(area.to):
        raise BadSetting(
            "SOURCES-010",
            "An area needs both `crosswalk` and `to`, or neither.",
            where=where,
            cure="Add the one that is missing.",
        )


def _refuse_half_a_key(facts: Facts, source: Source, where: str) -> None:
    """A number that only its unit tells apart joins by the unit too, or a row goes to people of several units."""
    household = source.fields.get("household")
    for made in (*source.row_id, *(household.columns if household else ())):
        *unit, number = (part.strip() for part in made.split(TOGETHER))
        missing = [part for part in unit if part not in facts.keys]
        if number in facts.keys and missing:
            raise BadSetting(
                "SOURCES-010",
                f"`keys` of {facts.path} names {number} without {', '.join(missing)}: it is a part of '{made}'.",
                where=where,
                cure="Name all parts under `keys`, each with its column in that file.",
            )


def _check_facts(facts: Facts, where: str) -> None:
    """Each fact names its column, except a count, and the latest says by which date."""
    for standard, said in facts.fields.items():
        if not said.columns and said.take != "count":
            raise BadSetting(
                "SOURCES-010", f"The fact '{standard}' names no column.", where=where, cure="Add `column`."
            )
        if said.take == "worst" and not read_reference("fields.toml").get(standard, {}).get("values"):
            raise BadSetting(
                "SOURCES-010",
                f"The fact '{standard}' has no codes in order of worry, so none is the worst.",
                where=where,
                cure="Take max, min or latest.",
            )
        if (said.take == "latest") != bool(said.by):
            raise BadSetting(
                "SOURCES-010",
                f"The fact '{standard}' needs `by` exactly when it takes the latest.",
                where=where,
                cure="Name the date column with `by`, or drop it.",
            )
