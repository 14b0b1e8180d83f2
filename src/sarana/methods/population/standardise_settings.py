"""What standardising must know of a run's sources: eras, orders, areas, and the facts that may stand in a column."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sarana.methods.dates.reading import Era
from sarana.methods.names.parts import Order
from sarana.methods.population.sources import Source, Sources
from sarana.methods.reference import read_reference

ERAS: dict[str, Era | None] = {"any": None, "buddhist": "be", "common": "ce"}
ORDERS: dict[str, Order] = {"any": "either", "given-first": "given-first", "family-first": "family-first"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact field: its type (`BIGINT`, `DOUBLE`, `VARCHAR`), its codes or range, and whether it is per cent."""

    name: str
    type: str
    values: tuple[str, ...] = ()
    range: tuple[float, float] | None = None
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What standardising must know of one source.

    `birth_era` is None where both eras are in use; `is_month_first` says that dates in digits are written month, day,
    year; `has_area` that the source's rows have area codes, led by `crosswalk_<source>`.
    """

    name: str
    as_of: date
    birth_era: Era | None = None
    is_month_first: bool = False
    name_order: Order = "either"
    has_area: bool = True


@dataclass(frozen=True, slots=True)
class StandardiseSettings:
    """All that counts for the result of standardising, besides the rows.

    Sources stand in the order in which tables list them. `most_rows_per_id` is the greatest number of rows of a source
    that one person can plausibly have: an ID on more is nobody's. Rows of one person repeat where clinics, schools or
    case workers register again; more than twenty times has not been seen, and an office's filler soon passes it.
    `oldest_years` is the greatest age believed.
    """

    sources: tuple[SourceSettings, ...]
    facts: tuple[Fact, ...] = ()
    most_rows_per_id: int = 20
    oldest_years: int = 120


def standardise_settings(sources: Sources) -> StandardiseSettings:
    """The settings of standardising out of a SOURCES.toml."""
    return StandardiseSettings(
        tuple(_source(sources, name, source) for name, source in sources.sources.items()), known_facts()
    )


def known_facts() -> tuple[Fact, ...]:
    """Every fact field of `reference/fields.toml`."""
    return tuple(
        _fact(name, said) for name, said in read_reference("fields.toml").items() if said.get("kind") == "fact"
    )


def _source(sources: Sources, name: str, source: Source) -> SourceSettings:
    birth, full_name = source.fields.get("birth"), source.fields.get("full_name")
    return SourceSettings(
        name,
        sources.as_of(name),
        birth_era=ERAS[birth.era] if birth else None,
        is_month_first=birth is not None and any(_is_month_first(shape) for shape in birth.formats),
        name_order=ORDERS[full_name.order] if full_name else "either",
        has_area=source.area is not None,
    )


def _is_month_first(shape: str) -> bool:
    """Whether a format such as MM/DD/YYYY puts the month in digits before the day, and both before the year."""
    places = [shape.upper().find(part) for part in ("M", "D", "Y")]
    return "MON" not in shape.upper() and -1 not in places and places == sorted(places)


def _fact(name: str, said: dict[str, Any]) -> Fact:
    span = said.get("range")
    values = tuple(map(str, said.get("values", ())))
    return Fact(name, said["type"], values, (span[0], span[1]) if span else None, said.get("unit") == "percent")
