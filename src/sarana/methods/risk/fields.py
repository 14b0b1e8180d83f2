"""The standard fields of `reference/fields.toml`, and how a fact's values are ordered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sarana.methods.reference import read_reference

Kind = Literal["number", "text", "truth"]


@dataclass(frozen=True, slots=True)
class Field:
    """One standard field.

    `codes` are its values in order of worry, the least worrying first; empty where any value may stand.
    """

    name: str
    is_fact: bool
    type: str
    is_of_household: bool
    codes: tuple[str, ...]
    is_worse_when_low: bool
    gives_way: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """What a rule may do with the field: reckon with a number, compare a text with codes."""
        return "text" if self.type == "VARCHAR" else "number"


@cache
def standard_fields() -> Mapping[str, Field]:
    """All standard fields by name."""
    return {name: _field(name, said) for name, said in read_reference("fields.toml").items()}


def _field(name: str, said: Mapping[str, Any]) -> Field:
    return Field(
        name=name,
        is_fact=said["kind"] == "fact",
        type=said["type"],
        is_of_household=said["level"] == "household",
        codes=tuple(said.get("values", ())),
        is_worse_when_low=said.get("worse") == "low",
        gives_way=tuple(said.get("gives_way", ())),
    )
