"""Standardising: four sectors' rows in one layout, one spelling, one calendar, one map, each with its flags."""

from collections.abc import Iterator
from dataclasses import replace

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.dates.standard import DateColumn, make_as_of_table, make_date_table
from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.names.standard import NameColumns, make_name_tables
from sarana.methods.population.standardise_areas import AreaColumns, make_area_tables
from sarana.methods.population.standardise_rows import NUMBERS, PERSON_FIELDS, SourceParts, numbers_sql, rows_sql
from sarana.methods.population.standardise_settings import SourceSettings, StandardiseSettings
from sarana.methods.population.standardise_types import make_area_types, source_type


def standardise_rows(engine: Engine, settings: StandardiseSettings, progress: Progress) -> StepReport:
    """Bring every source's rows to the one layout of `standardised` (docs/explanation/chain.md).

    Reads `rows_<source>`, `read_flags_<source>`, `crosswalk_<source>` and `villages`; leaves the view `standardised`,
    one row for each row read. Distinct values are read once; rows are only joined to what was read.

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
    make_name_tables(engine, [has.names() for has in sources if has.fields & {"given", "family", "full_name", "title"}])
    progress.report(1, total, "dates")
    _make_dates(engine, settings, sources)
    progress.report(2, total, "areas")
    _make_areas(engine, sources)
    for at, has in enumerate(sources, start=3):
        progress.report(at, total, has.settings.name)
        _make_rows(engine, has.parts(settings))
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
    """The query with the total order in which `standardised` is saved: source position, then row id.

    The names of the sources are a type of their own, whose order is that of the settings. One order over all: sources
    sorted one after another, and then put together, are cut into other groups of rows with another thread count.
    """
    parts = (f"SELECT * FROM {quoted(f'_standard_{source.name}')}" for source in settings.sources)
    return f"SELECT * FROM ({' UNION ALL BY NAME '.join(parts)}) ORDER BY source, row_id"


class _Has:
    """A source's settings with the standard fields its rows have."""

    def __init__(self, engine: Engine, settings: SourceSettings) -> None:
        self.settings = settings
        self.name = settings.name
        self.rows = f"rows_{settings.name}"
        self.fields = frozenset(str(row[0]) for row in engine.rows(f"DESCRIBE {quoted(self.rows)}"))

    def names(self) -> NameColumns:
        """Where the rows hold names."""
        title, given, family, full = (f if f in self.fields else "" for f in ("title", "given", "family", "full_name"))
        return NameColumns(self.rows, title, given, family, full, self.settings.name_order)

    def dates(self, field: str) -> Iterator[DateColumn]:
        """Where the rows hold a date, if they do."""
        if field in self.fields:
            said = self.settings
            era = said.birth_era if field == "birth" else None
            yield DateColumn(self.name, self.rows, field, era, said.as_of, said.is_month_first)

    def parts(self, settings: StandardiseSettings) -> SourceParts:
        """What the SQL of the rows is made from."""
        return SourceParts(
            name=self.name,
            fields=tuple(f for f in PERSON_FIELDS if f in self.fields and (f != "area" or self.settings.has_area)),
            facts=tuple(fact for fact in settings.facts if fact.name in self.fields),
            as_of=self.settings.as_of,
            name_order=self.settings.name_order,
            most_rows_per_id=settings.most_rows_per_id,
            source_type=source_type(settings),
        )


def _make_dates(engine: Engine, settings: StandardiseSettings, sources: list[_Has]) -> None:
    births = [column for has in sources for column in has.dates("birth")]
    make_date_table(engine, "standard_births", births, oldest_years=settings.oldest_years)
    make_as_of_table(engine, "standard_as_of", [column for has in sources for column in has.dates("as_of")])


def _make_areas(engine: Engine, sources: list[_Has]) -> None:
    """The areas of every source that has area codes, by the day of each row."""
    make_area_types(engine)
    columns = []
    for has in sources:
        if not has.settings.has_area or "area" not in has.fields:
            continue
        view, own = f"_areas_{has.name}", f"DATE '{has.settings.as_of}'"
        moo = "r.moo" if "moo" in has.fields else "NULL::VARCHAR"
        dated = f"LEFT JOIN standard_as_of d ON d.source = {literal(has.name)} AND d.raw = r.as_of"
        as_of, join = (f"coalesce(d.day, {own})", dated) if "as_of" in has.fields else (own, "")
        engine.run(
            f"CREATE OR REPLACE TEMP VIEW {quoted(view)} AS "
            f"SELECT r.area AS area, {moo} AS moo, {as_of} AS as_of FROM {quoted(has.rows)} r {join}"
        )
        columns.append(AreaColumns(has.name, view, f"crosswalk_{has.name}"))
    make_area_tables(engine, columns)


def _make_rows(engine: Engine, parts: SourceParts) -> None:
    """Make the lines of one source; joins with nothing to join are left out: they cost as much as others."""
    engine.run(numbers_sql(parts))
    has_shared = bool(engine.row(f"SELECT count(*) FROM {quoted(NUMBERS)}")[0])
    has_flags = bool(engine.row(f"SELECT count(*) FROM {quoted(f'read_flags_{parts.name}')}")[0])
    engine.run(rows_sql(replace(parts, has_shared_ids=has_shared, has_read_flags=has_flags)))
    engine.run(f"DROP TABLE {quoted(NUMBERS)}")


def _report(engine: Engine, settings: StandardiseSettings) -> StepReport:
    """Rows in, rows out, and the rows that carry each flag."""
    rows_in = sum(int(engine.row(f"SELECT count(*) FROM {quoted(f'rows_{s.name}')}")[0]) for s in settings.sources)
    rows_out = int(engine.row("SELECT count(*) FROM standardised")[0])
    flags = engine.rows(
        "SELECT flag, count(*) FROM (SELECT unnest(flags) AS flag FROM standardised WHERE len(flags) > 0) "
        "GROUP BY flag ORDER BY flag"
    )
    return StepReport(rows_in, rows_out, counts={f"flag {flag}": int(n) for flag, n in flags})
