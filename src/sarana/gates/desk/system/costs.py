"""What a year costs, reckoned from `running-costs.toml`: ours, or the operator's own figures in their place."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sarana.basics.errors import BadFile
from sarana.methods.reference import read_reference

NAME = "running-costs.toml"
LEVELS = ("low", "middle", "high")
SIZES = ("laptop", "small-server", "province")
OWN = "entered by the operator"


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of cost: its name, three figures a year, and from where they are."""

    name: str
    figures: tuple[int, int, int]
    sources: tuple[str, ...]

    @property
    def source(self) -> str:
        """From where its figures are, as it was written down."""
        return "; ".join(self.sources)


@dataclass(frozen=True, slots=True)
class Bill:
    """What a year costs for one size of installation."""

    size: str
    words: str
    words_th: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> tuple[int, ...]:
        """The sums, in the order of `LEVELS`."""
        return tuple(sum(line.figures[at] for line in self.lines) for at in range(len(LEVELS)))


def read_costs(home: Path) -> dict[str, Any]:
    """Our figures with the operator's own in their place.

    Raises:
        BadFile: POLICY-014 her file is no TOML, names something unknown, or a figure is no number of zero or more.
    """
    known: dict[str, Any] = {name: dict(part) if isinstance(part, dict) else part
                             for name, part in read_reference(NAME).items()}  # fmt: skip
    path = home / NAME
    if not path.is_file():
        return known
    try:
        own = tomllib.loads(path.read_text("utf-8"))
        for part, values in own.items():
            for name, figures in values.items():
                known[part][name] = _replaced(known[part][name], figures)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, AttributeError, TypeError, ValueError) as err:
        raise BadFile(
            "POLICY-014",
            "The file of running costs cannot be read.",
            where=NAME,
            cure="Use the names of the figures on the page, and numbers of zero or more for low, middle and high.",
        ) from err
    return known


def _replaced(before: Mapping[str, Any], figures: Mapping[str, Any]) -> dict[str, Any]:
    given = {level: float(figures.get(level, before[level])) for level in LEVELS}
    if set(figures) - {*LEVELS, "source"} or not all(0 <= value < 1e12 for value in given.values()):
        raise ValueError(figures)
    return {**given, "source": str(figures.get("source", OWN))}


def sources_in(line: Line, costs: Mapping[str, Any], *, is_thai: bool) -> str:
    """From where the figures of a line are, for the one who reads; what an operator wrote stays as she wrote it."""
    said = costs["sources_th"] if is_thai else {}
    return "; ".join(said.get(source, source) for source in line.sources)


def bills(costs: Mapping[str, Any]) -> list[Bill]:
    """A year of each size, every figure rounded to whole units of the currency."""
    return [_bill(size, costs[size], costs["prices"]) for size in SIZES]


def _bill(size: str, part: Mapping[str, Any], prices: Mapping[str, Any]) -> Bill:
    kwh, hour = prices["kwh"], prices["operator_hour"]
    watts, hours, machine = part["watts"], part["hours_a_day"], part["machine"]
    work = part["operator_hours_a_year"]
    power = [watts[at] * hours[at] * 365 / 1000 * kwh[at] for at in LEVELS]
    lines = (
        _line("electricity", power, watts, kwh),
        _line("machine", [machine[at] / prices["machine_years"] for at in LEVELS], machine),
        _line("backups", [part["backups_a_year"][at] for at in LEVELS], part["backups_a_year"]),
        _line("operator", [work[at] * hour[at] for at in LEVELS], work, hour),
        _line("domain", [part["domain_a_year"][at] for at in LEVELS], part["domain_a_year"]),
    )
    return Bill(size, part["words"], part["words_th"], lines)


def _line(name: str, figures: list[float], *of: Mapping[str, Any]) -> Line:
    low, middle, high = (round(figure) for figure in figures)
    return Line(name, (low, middle, high), tuple(dict.fromkeys(each["source"] for each in of)))
