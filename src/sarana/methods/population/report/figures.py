"""The figures of areas as the protected table gives them: nothing else of a run's tables is looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sarana.basics.errors import BadTable
from sarana.basics.ordering import sort_key
from sarana.methods.areas.layer import rounded_to
from sarana.methods.engine import Engine
from sarana.methods.population.report.markup import from_file

LEVELS = ("province", "district", "subdistrict")
"""Levels that may leave the province; villages stay out of the report."""

LOST = "unknown"
"""Ends the code of a line that holds people known to live in the area above, but not where in it."""

COLUMNS = (
    "level", "code", "parent", "name", '"group"', "n_people", "n_scored", "n_red", "n_yellow", "n_green", "n_grey",
    "rate", "mean", "low", "high", "protected", "rate_without_status", "low_without_status", "high_without_status",
    "class", "class_without_status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """One line of the protected table; None is withheld where `protected`, else not to be computed.

    Counts are people, rates are per 1,000 scored people, `low` and `high` their 95 % interval, `mean` thousandths.
    """

    level: str
    code: str
    parent: str | None
    name: str | None
    group: str
    n_people: int | None
    n_scored: int | None
    n_red: int | None
    n_yellow: int | None
    n_green: int | None
    n_grey: int | None
    rate: float | None
    mean: int | None
    low: float | None
    high: float | None
    protected: bool
    rate_without_status: float | None
    low_without_status: float | None
    high_without_status: float | None
    map_class: str | None
    """`low`, `mid` or `high` on the first map."""
    map_class_without_status: str | None
    """The same on the second map, also where its figures are withheld and the class alone may be said."""

    @property
    def is_lost(self) -> bool:
        """Whether this line holds people of whom only a wider area is known."""
        return self.code.endswith(LOST)


@dataclass(frozen=True, slots=True)
class Place:
    """The names of an area and the area it lies in."""

    code: str
    parent: str
    name: str
    name_local: str

    def called(self, language: str) -> str:
        """The name in a language: the local spelling for the local language where there is one."""
        return (self.name_local if language == "th" else self.name) or self.name or self.name_local or self.code


@dataclass(frozen=True, slots=True)
class Atlas:
    """All figures and places of a run down to subdistrict; to what counts are rounded, None where they are exact."""

    figures: Mapping[tuple[str, str, str], Figures] = field(default_factory=dict)
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    rounded_to: int | None = None

    def at(self, level: str, code: str, group: str = "all") -> Figures | None:
        """The figures of one area and group."""
        return self.figures.get((level, code, group))

    def place(self, level: str, code: str) -> Place:
        """The place with a code; an unnamed one is called by its code."""
        return self.places.get((level, code)) or Place(code, "", "", "")

    def parent_of(self, level: str, code: str) -> str:
        """The code of the area that an area lies in, empty if not known."""
        return self.place(level, code).parent

    def areas(self, level: str, language: str) -> list[Figures]:
        """The areas of a level, all people, in the dictionary order of their names."""
        found = [f for (at, _, group), f in self.figures.items() if at == level and group == "all" and not f.is_lost]
        return sorted(found, key=lambda f: (sort_key(self.place(level, f.code).called(language)), f.code))

    def lost(self, level: str) -> list[Figures]:
        """Lines of people whose area of this level is not known, where there are or may be any."""
        found = [f for (at, _, group), f in self.figures.items() if at == level and group == "all" and f.is_lost]
        return sorted((f for f in found if f.n_people != 0), key=lambda f: f.code)

    def groups(self, kind: str) -> list[str]:
        """The groups of a kind (`age` or `sex`) that stand in the table, in their natural order."""
        found = {g for (_, _, g) in self.figures if g.startswith(f"{kind}=")}
        return sorted(found, key=_group_order)


def read_atlas(engine: Engine) -> Atlas:
    """Read `areas` down to subdistrict, and the names of areas where the run has them.

    Raises:
        BadTable: REPORT-002 the run has no protected table of areas.
    """
    tables = engine.tables()
    if "areas" not in tables:
        raise BadTable(
            "REPORT-002", "The run has no protected table of areas.", where="areas", cure="Run the step areas first."
        )
    levels = ", ".join(f"'{level}'" for level in LEVELS)
    lines = engine.rows(f"SELECT {', '.join(COLUMNS)} FROM areas WHERE level IN ({levels}) ORDER BY ALL")
    figures = [Figures(*line) for line in lines]
    names = (
        engine.rows(
            f"SELECT level, code, parent, name, name_local FROM area_names WHERE level IN ({levels}) ORDER BY ALL"
        )
        if "area_names" in tables
        else []
    )
    return Atlas({(f.level, f.code, f.group): f for f in figures}, _places(figures, names), rounded_to(engine))


def _places(
    figures: Iterable[Figures], names: Iterable[tuple[str, str, str | None, str | None, str | None]]
) -> dict[tuple[str, str], Place]:
    """Every area that has figures or a name; names come out of files and are made safe here."""
    places = {(f.level, f.code): Place(f.code, f.parent or "", from_file(f.name or ""), "") for f in figures}
    for level, code, parent, name, name_local in names:
        known = places.get((level, code))
        over = parent or (known.parent if known else "")
        places[level, code] = Place(code, over, from_file(name or ""), from_file(name_local or ""))
    return places


def _group_order(group: str) -> tuple[int, int, str]:
    """Ages by their first year, unknown last; female, male, unknown."""
    kind, _, value = group.partition("=")
    if value == "U":
        return (1, 0, value)
    start = value.rstrip("+").partition("-")[0]
    return (0, int(start) if kind == "age" and start.isdigit() else 0, value)
