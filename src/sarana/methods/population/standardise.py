"""Standardising: four sectors' rows in one layout, one spelling, one calendar, one map, each with its flags."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.dates.reading import Era
from sarana.methods.dates.standard import DateColumn, make_as_of_table, make_date_table
from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.names.parts import Order
from sarana.methods.names.standard import NameColumns, make_name_tables
from sarana.methods.population.standardise_areas import AreaColumns, Level, make_area_tables
from sarana.methods.population.standardise_rows import (
    NUMBERS,
    PERSON_FIELDS,
    Fact,
    SourceParts,
    numbers_sql,
    rows_sql,
)


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What standardising must know of one source; `area_level` empty where it tells no area."""

    name: str
    as_of: date
    era: Era | None = None
    name_order: Order = "given-first"
    area_level: Level | None = None
    has_crosswalk: bool = False


@dataclass(frozen=True, slots=True)
class StandardiseSettings:
    """All that counts for the result of standardising, besides the rows.

    Sources stand in the order in which tables list them. `most_rows_per_id` is the greatest number of rows of one source
    that one person can plausibly have; an ID on more is nobody's. `oldest_years` is the greatest age believed.
    """

    sources: tuple[SourceSettings, ...]
    facts: tuple[Fact, ...] = ()
    most_rows_per_id: int = 20
    oldest_years: int = 120


def standardise_rows(engine: Engine, settings: StandardiseSettings, progress: Progress) -> StepReport:
    """Bring every source's rows to the one layout of `standardised` (docs/explanation/chain.md).

    Reads `rows_<source>`, `read_flags_<source>`, `crosswalk_<source>` and `villages`; leaves the view `standardised`, one
    row for each row read. Distinct values are read once; rows are only joined to what was read.

    Args:
        engine: holds those relations.
        settings: the sources and what their values mean.
        progress: told of each part.

    Returns:
        Rows in and out, and how many rows carry each flag.
    """
    total = len(settings.sources) + 4
    sources = [_Has(engine, source) for source in settings.sources]
    progress.report(0, total, "names")
    make_name_tables(engine, [has.names() for has in sources if has.any("given", "family", "full_name", "title")])
    progress.report(1, total, "dates")
    _make_dates(engine, settings, sources)
    progress.report(2, total, "areas")
    _make_areas(engine, sources)
    for at, has in enumerate(sources, start=3):
        progress.report(at, total, has.settings.name)
        engine.run(numbers_sql(has.parts(settings)))
        engine.run(rows_sql(has.parts(settings)))
        engine.run(f"DROP TABLE {quoted(NUMBERS)}")
    names = [quoted(f"_standard_{source.name}") for source in settings.sources]
    engine.run(
        "CREATE OR REPLACE VIEW standardised AS "
        + " UNION ALL BY NAME ".join(f"SELECT * FROM {name}" for name in names)
    )
    progress.report(total - 1, total, "counting")
    report = _report(engine, settings)
    progress.report(total, total, "standardised")
    return report


def standardised_query(settings: StandardiseSettings) -> str:
    """The query with the total order in which `standardised` is saved: source position, then row id."""
    parts = (
        f"SELECT *, {at} AS _at FROM {quoted(f'_standard_{source.name}')}" for at, source in enumerate(settings.sources)
    )
    return f"SELECT * EXCLUDE (_at) FROM ({' UNION ALL BY NAME '.join(parts)}) ORDER BY _at, row_id"


@dataclass(slots=True)
class _Has:
    """A source's settings with the standard fields its rows have."""

    engine: Engine
    settings: SourceSettings
    fields: frozenset[str]

    def __init__(self, engine: Engine, settings: SourceSettings) -> None:
        self.engine = engine
        self.settings = settings
        described = engine.rows(f"DESCRIBE {quoted(self.rows)}")
        self.fields = frozenset(row[0] for row in described)

    @property
    def rows(self) -> str:
        return f"rows_{self.settings.name}"

    def any(self, *fields: str) -> bool:
        return bool(self.fields.intersection(fields))

    def column(self, field: str) -> str:
        return field if field in self.fields else ""

    def names(self) -> NameColumns:
        return NameColumns(
            self.rows,
            *(self.column(f) for f in ("title", "given", "family", "full_name")),
            order=self.settings.name_order,
        )

    def dates(self, field: str) -> Iterator[DateColumn]:
        if field in self.fields:
            era = self.settings.era if field == "birth" else None
            yield DateColumn(self.settings.name, self.rows, field, era, self.settings.as_of)

    def parts(self, settings: StandardiseSettings) -> SourceParts:
        return SourceParts(
            name=self.settings.name,
            fields=tuple(f for f in PERSON_FIELDS if f in self.fields),
            facts=tuple(fact for fact in settings.facts if fact.name in self.fields),
            as_of=self.settings.as_of,
            name_order=self.settings.name_order,
            most_rows_per_id=settings.most_rows_per_id,
        )


def _make_dates(engine: Engine, settings: StandardiseSettings, sources: list[_Has]) -> None:
    births = [column for has in sources for column in has.dates("birth")]
    make_date_table(engine, "standard_births", births, oldest_years=settings.oldest_years)
    make_as_of_table(engine, "standard_as_of", [column for has in sources for column in has.dates("as_of")])


def _make_areas(engine: Engine, sources: list[_Has]) -> None:
    columns = []
    for has in sources:
        level = has.settings.area_level
        if level is None or not has.any("area"):
            continue
        view = f"_areas_{has.settings.name}"
        moo = "r.moo" if "moo" in has.fields else "NULL::VARCHAR"
        known = "coalesce(a.day, {0}) FROM {1} r LEFT JOIN standard_as_of a ON a.source = {2} AND a.raw = r.as_of"
        plain = "{0} FROM {1} r"
        as_of = (known if "as_of" in has.fields else plain).format(
            f"DATE '{has.settings.as_of}'", quoted(has.rows), literal(has.settings.name)
        )
        head, _, tail = as_of.partition(" FROM ")
        engine.run(
            f"CREATE OR REPLACE TEMP VIEW {quoted(view)} AS SELECT r.area AS area, {moo} AS moo, {head} AS as_of FROM {tail}"
        )
        crosswalk = f"crosswalk_{has.settings.name}" if has.settings.has_crosswalk else ""
        columns.append(AreaColumns(has.settings.name, view, level, crosswalk))
    make_area_tables(engine, columns)


def _report(engine: Engine, settings: StandardiseSettings) -> StepReport:
    """Rows in, rows out, and the rows that carry each flag."""
    rows_in = sum(int(engine.row(f"SELECT count(*) FROM {quoted(f'rows_{s.name}')}")[0]) for s in settings.sources)
    rows_out = int(engine.row("SELECT count(*) FROM standardised")[0])
    flags = engine.rows(
        "SELECT f, count(*) FROM (SELECT unnest(flags) AS f FROM standardised WHERE len(flags) > 0) GROUP BY f ORDER BY f"
    )
    return StepReport(rows_in, rows_out, counts={f"flag {flag}": int(n) for flag, n in flags})
