"""Layouts of sector files that are known by name: how each is described, and of which files it is made."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from sarana.methods.population.tables import SUFFIXES
from sarana.methods.reference import examples_folder, read_reference

AREAS = "areas"
"""The layout of the list of villages: what all others speak of."""

OF_THE_PROVINCE = ("as_of", "custodian", "legal_basis", "agreement", "agreement_until")
"""What a description says of one province's file, and not of the layout."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a layout: its name there, and what it is (`text`, `xlsx`, `parquet`)."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout: its name in both languages, and the part of a SOURCES.toml that describes it."""

    code: str
    name: str
    name_th: str
    said: Mapping[str, Any]

    def called(self, language: str) -> str:
        """Its name in a language."""
        return self.name_th if language == "th" else self.name

    @property
    def parts(self) -> tuple[Part, ...]:
        """The files it is made of, the table of people first."""
        area = self.said.get("area", {})
        more = [area["crosswalk"]] if area.get("crosswalk") else []
        names = [self.said["path"], *(facts["path"] for facts in self.said.get("facts", ())), *more]
        return tuple(Part(name, _kind(name)) for name in dict.fromkeys(names))

    def described(self, folder: str) -> dict[str, Any]:
        """The description with all its files in a folder of their own, to be changed by the caller."""
        found: dict[str, Any] = deepcopy(dict(self.said))
        for each in (found, *found.get("facts", ())):
            each["path"] = f"{folder}/{each['path']}"
        area = found.get("area", {})
        if area.get("crosswalk"):
            area["crosswalk"] = f"{folder}/{area['crosswalk']}"
        return found


@cache
def layouts() -> dict[str, Layout]:
    """Every known layout by its code, in the order of the reference."""
    known = read_reference("layouts.toml")
    examples = {name: _example(name) for name in {said["example"] for said in known.values()}}
    return {
        code: Layout(code, said["name"], said["name_th"], _of_an_example(examples[said["example"]], code))
        for code, said in known.items()
    }


def _example(name: str) -> dict[str, Any]:
    return tomllib.loads((examples_folder() / name / "sources.toml").read_text("utf-8"))


def _of_an_example(example: Mapping[str, Any], code: str) -> dict[str, Any]:
    said: dict[str, Any] = example[AREAS] if code == AREAS else example["sources"][code]
    return {key: value for key, value in said.items() if key not in OF_THE_PROVINCE}


def _kind(name: str) -> str:
    kind = SUFFIXES.get(PurePosixPath(name).suffix.lower(), "")
    return kind if kind in ("xlsx", "parquet") else "text"
