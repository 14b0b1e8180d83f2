"""Standardising: four sectors' rows in one layout, one spelling, one calendar, one map, each with its flags."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from sarana.basics.errors import BadTable
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.coded import Coded, stacked
from sarana.methods.dates.reading import FUTURE
from sarana.methods.dates.standard import READ, DateHabit, read_as_of_dates, read_dates_once
from sarana.methods.engine import Engine
from sarana.methods.names.standard import NameColumns, make_name_tables
from sarana.methods.population.source_rows import SourceRows
from sarana.methods.population.standardise_areas import make_places, read_places
from sarana.methods.population.standardise_rows import RowParts, standard_rows
from sarana.methods.population.standardise_settings import Fact, SourceSettings, StandardiseSettings
from sarana.methods.together import each

WHO = (
    ("title", pa.string()), ("given", pa.string()), ("family", pa.string()), ("nickname", pa.string()),
    ("script", pa.string()), ("given_key", pa.string()), ("family_key", pa.string()), ("sex", pa.string()),
    ("birth", pa.date32()), ("birth_precision", pa.string()), ("national_id", pa.string()), ("id_state", pa.string()),
    ("village", pa.string()), ("subdistrict", pa.string()), ("district", pa.string()), ("province", pa.string()),
    ("house", pa.string()), ("household", pa.string()), ("as_of", pa.date32()), ("flags", pa.list_(pa.string())),
)  # fmt: skip
"""The columns of `standardised` between the row id and the facts, with their types."""

BIRTHS_BEFORE = "births_before"
"""The relation of births that an earlier run read one by one, where there is one."""

FEWEST_UNBORN, SHARE_UNBORN = 20, 0.01
"""A register of half a year later has as many births after its day; slips of the hand are ten times rarer."""

TYPES = {"BIGINT": pa.int64(), "DOUBLE": pa.float64(), "VARCHAR": pa.string()}


def standardise_rows(engine: Engine, settings: StandardiseSettings, progress: Progress) -> StepReport:
    """Bring every source's rows to the one layout of `standardised` (docs/explanation/chain.md).

    Reads `rows_<source>`, `read_flags_<source>`, `crosswalk_<source>` and `villages`; lends `standardised`, one row
    for each row read, in the order of the sources and then of the row ids. Words are read once each; rows are only
    led from their words to what was read of them. Words that had to be read one by one are left in `word_parts`,
    `word_wholes` and `word_births`; what an earlier run left there is taken from `parts_before`, `wholes_before` and
    `births_before`.

    Args:
        engine: holds those relations; the rows stand there in any order.
        settings: the sources and what their values mean.
        progress: told of each part.

    Returns:
        Rows in and out, and how many rows carry each flag.

    Raises:
        BadTable: STANDARD-005 most rows of a source date from after the day it is said to date from.

    Cost: 21 CPU s and 1.3 GiB for 2.28 million rows.
    """
    total = len(settings.sources) + 3
    progress.report(0, total, "names")
    sources = [_taken(engine, source.name) for source in settings.sources]
    make_name_tables(engine, [_names(engine, rows, s) for rows, s in zip(sources, settings.sources, strict=True)])
    progress.report(1, total, "areas")
    make_places(engine)
    engine.load("word_births", READ.empty_table())
    counts: Counter[str] = Counter()
    columns: list[dict[str, Coded]] = []
    facts = [fact for fact in settings.facts if any(fact.name in rows.columns for rows in sources)]
    for at, source in enumerate(settings.sources):
        progress.report(at + 2, total, source.name)
        parts = _parts(engine, sources[at], source, settings)
        found, flags = standard_rows(engine, sources[at], parts)
        columns.append(found)
        counts.update(flags)
        sources[at] = replace(sources[at], columns={})  # what was read is led to; its memory can go
    progress.report(total - 1, total, "putting together")
    _lend(engine, sources, columns, facts)
    progress.report(total, total, "standardised")
    n_rows = sum(rows.n_rows for rows in sources)
    return StepReport(n_rows, n_rows, counts={f"flag {flag}": n for flag, n in sorted(counts.items())})


def _taken(engine: Engine, name: str) -> SourceRows:
    """The rows of a source; as they were read they can go."""
    rows = SourceRows.of(engine, name)
    engine.give_back(f"rows_{name}")
    return rows


def _names(engine: Engine, rows: SourceRows, source: SourceSettings) -> NameColumns:
    """Where the names of a source are."""
    title, given, family, full = (rows.lend_words(engine, field) for field in ("title", "given", "family", "full_name"))
    return NameColumns(title, given, family, full, source.name_order)


def _parts(engine: Engine, rows: SourceRows, source: SourceSettings, settings: StandardiseSettings) -> RowParts:
    """What was read of a source's dates and areas, besides its settings."""
    habit = DateHabit(source.birth_era, source.as_of, source.is_month_first, settings.oldest_years)
    births = _births(engine, rows.column("birth").words, habit)
    _refuse_unborn(rows, births, source)
    dated = read_as_of_dates(rows.column("as_of").words, DateHabit(None, source.as_of))
    _refuse_another_year(rows, dated, source)
    own = Coded.same(rows.n_rows, source.as_of, pa.date32())
    days = rows.column("as_of").reworded(dated.column("day"))
    as_of = days.where(~days.is_missing, own) if "as_of" in rows.columns else own
    return RowParts(
        births=births,
        dated=dated,
        as_of=as_of,
        places=read_places(engine, source.name, rows, as_of) if source.has_area else None,
        facts=tuple(fact for fact in settings.facts if fact.name in rows.columns),
        name_order=source.name_order,
        most_rows_per_id=settings.most_rows_per_id,
    )


def _births(engine: Engine, words: pa.Array, habit: DateHabit) -> pa.Table:
    """What the words of birth say; those read one by one are added to `word_births`."""
    before = engine.table(BIRTHS_BEFORE) if BIRTHS_BEFORE in engine.tables() else None
    found, one_by_one = read_dates_once(words, habit, before)
    engine.lend("_one_by_one", one_by_one)
    engine.run("INSERT INTO word_births SELECT * FROM _one_by_one")
    engine.give_back("_one_by_one")
    return found


def _refuse_another_year(rows: SourceRows, dated: pa.Table, source: SourceSettings) -> None:
    """Stop where most dated rows date from after the day that the source is said to date from."""
    column = rows.column("as_of")
    is_later = pc.fill_null(pc.match_substring(dated.column("flags"), FUTURE), fill_value=False).combine_chunks()
    n_later, n_dated = int(column.marked(is_later).sum()), int((~column.is_missing).sum())
    if n_later * 2 > n_dated:
        raise BadTable(
            "STANDARD-005",
            f"{n_later:,} of {n_dated:,} rows date from after {source.as_of.isoformat()}, the day of the source.",
            where=f"[sources.{source.name}]",
            cure="Hand over the register of that day, or put `as_of` of the source and of the run right.",
        )


def _refuse_unborn(rows: SourceRows, births: pa.Table, source: SourceSettings) -> None:
    """Stop where too many people were born after the day of the source: registers of later years tell no other day."""
    column = rows.column("birth")
    is_later = pc.fill_null(pc.match_substring(births.column("flags"), FUTURE), fill_value=False)
    is_later = is_later.combine_chunks() if isinstance(is_later, pa.ChunkedArray) else is_later
    n_later, n_born = int(column.marked(is_later).sum()), int((~column.is_missing).sum())
    if n_later >= FEWEST_UNBORN and n_later >= SHARE_UNBORN * n_born:
        raise BadTable(
            "STANDARD-005",
            f"{n_later:,} of {n_born:,} people were born after {source.as_of.isoformat()}, the day of the source.",
            where=f"[sources.{source.name}]",
            cure="Hand over the register of that day, or put `as_of` of the source and of the run right.",
        )


def _lend(
    engine: Engine, sources: Sequence[SourceRows], columns: Sequence[dict[str, Coded]], facts: Sequence[Fact]
) -> None:
    """Put the sources one under another and lend them as `standardised`; columns go as they are put in."""
    names = [Coded.same(rows.n_rows, rows.name) for rows in sources]
    kinds = dict((*WHO, *((fact.name, TYPES[fact.type]) for fact in facts)))

    def made(name: str) -> pa.Array:
        """One column of all sources; what it was made of goes."""
        parts = [
            found.pop(name) if name in found else Coded.missing(rows.n_rows, kinds[name])
            for found, rows in zip(columns, sources, strict=True)
        ]
        whole = stacked(parts)
        return whole.plain() if name in ("flags", "birth", "as_of") else whole.to_arrow()

    own = {
        "source": stacked(names).to_arrow(),
        "row_id": pa.concat_arrays([rows.row_id for rows in sources]),
    }
    made_columns = each(made, kinds, threads=engine.threads)
    engine.lend("standardised", pa.table({**own, **dict(zip(kinds, made_columns, strict=True))}))
