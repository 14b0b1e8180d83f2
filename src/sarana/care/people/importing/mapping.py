"""MAP.toml: which column of a table is which field, and what its codes mean."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from sarana.basics.errors import BadSetting

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
NAMES = ("name", "given", "family", "nickname", "alias", "earlier")
PAPERS = {
    "national_id": "national-id", "passport": "passport", "border_pass": "border-pass", "work_permit": "work-permit",
    "birth_certificate": "birth-certificate", "stateless_card": "stateless-card", "paper": "other",
}  # fmt: skip
WAYS = {"phone": "phone", "line": "line", "email": "email"}
OTHERS = ("sex", "birth", "area", "address", "nationality", "language", "gender")
FIELDS = frozenset({*NAMES, *PAPERS, *WAYS, *OTHERS})

Era = Literal["common", "buddhist"]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column, and how what stands there is read."""

    column: Short
    codes: dict[str, str] = {}
    """What its codes mean; with "*" for every other one."""
    formats: tuple[str, ...] = ("YYYY-MM-DD", "YYYY-MM", "YYYY")
    """How a birth is written: YYYY, MM and DD, with anything between."""
    era: Era = "common"


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the file is written, and what holds for all who stand in it."""

    format: Literal["comma", "semicolon", "tab", "pipe"] = "comma"
    encoding: Literal["utf-8", "windows-874", "windows-1252", "utf-16"] = "utf-8"
    level: Literal["audited", "protected", "closed"] = "audited"
    country: Annotated[str, msgspec.Meta(max_length=2)] = ""
    """Who gave the papers, two letters."""


class TableMap(msgspec.Struct, frozen=True):
    """A map as it is used: each field with its column."""

    table: Table
    fields: dict[str, Column]

    def columns(self) -> list[str]:
        """The columns that the file must have."""
        return list(dict.fromkeys(each.column for each in self.fields.values()))


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fields: dict[str, str | Column]
    table: Table = Table()


def read_map(path: Path) -> TableMap:
    """Read a map.

    Raises:
        BadSetting: PEOPLE-040 it is no map: it cannot be read, names a field that there is not, or no name at all.
    """
    try:
        written: Any = tomllib.loads(path.read_text(encoding="utf-8"))
        found = msgspec.convert(written, _Written, strict=False)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as err:
        raise _no_map(path, str(err).splitlines()[0]) from err
    unknown = sorted(found.fields.keys() - FIELDS)
    if unknown:
        raise _no_map(path, f"no such field: {', '.join(unknown)}; there are {', '.join(sorted(FIELDS))}")
    if not found.fields.keys() & set(NAMES):
        raise _no_map(path, f"no name: one of {', '.join(NAMES)} is needed")
    columns = {name: Column(each) if isinstance(each, str) else each for name, each in found.fields.items()}
    return TableMap(found.table, columns)


def _no_map(path: Path, why: str) -> BadSetting:
    return BadSetting(
        "PEOPLE-040",
        "This is no map of a table.",
        where=f"{path.name}: {why}",
        cure="See how a map is written in the manual: Take people in from a table.",
    )
