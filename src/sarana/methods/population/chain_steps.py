"""The steps of the chain: what each reads, what it leaves, in which total order, and which settings and files count."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.linkage import link_rows
from sarana.methods.population.chain_quality import make_quality
from sarana.methods.population.chain_settings import link_settings, read_settings, standardise_settings
from sarana.methods.population.reading import read_rows
from sarana.methods.population.sources import Sources
from sarana.methods.population.standardise import StandardiseSettings, standardise_rows
from sarana.methods.reference import reference_folder
from sarana.methods.runs.steps import Output, Step

AREA_NAMES = Output("area_names", "work/area-names.parquet", "SELECT * FROM area_names ORDER BY level, code")
VILLAGES = Output("villages", "work/villages.parquet", "SELECT * FROM villages ORDER BY village_code")


def chain_steps(sources: Sources) -> tuple[Step, ...]:
    """All steps for a province, in order."""
    return (_read(sources), _standardise(sources), _link(sources))


def _read(sources: Sources) -> Step:
    boundaries = {sources.boundaries.path} if sources.boundaries else set()
    files = {name: path for name, path in sources.files().items() if name not in boundaries}
    return Step(
        number=1,
        name="read",
        work=partial(_read_work, sources=sources),
        settings=read_settings(sources),
        files=files | reference_files("fields.toml"),
        writes=(
            *(_rows(sources, name) for name in sources.sources),
            *(_flags(name) for name in sources.sources),
            *(_crosswalk(name) for name in _with_area(sources)),
            VILLAGES,
            AREA_NAMES,
            *_set_aside(sources),
        ),
    )


def _read_work(engine: Engine, progress: Progress, *, sources: Sources) -> StepReport:
    report = read_rows(engine, sources, progress)
    aside = engine.rows("SELECT source, count(*) FROM set_aside GROUP BY source")
    return replace(report, counts={**report.counts, **{f"set aside {name}": n for name, n in aside}})


def _standardise(sources: Sources) -> Step:
    settings = standardise_settings(sources)
    names = tuple(sources.sources)
    return Step(
        number=2,
        name="standardise",
        work=partial(_standardise_work, settings=settings),
        settings=settings,
        files=reference_files("fields.toml", "names/*", "words/*"),
        reads=(
            *(f"rows_{name}" for name in names),
            *(f"read_flags_{name}" for name in names),
            *(f"crosswalk_{name}" for name in _with_area(sources)),
            "villages",
            "set_aside",
        ),
        writes=(
            Output(
                "standardised",
                "standardised.parquet",
                f"SELECT * FROM standardised ORDER BY {by_source(names)}, row_id",
            ),
            Output("quality", "work/quality.parquet", "SELECT * FROM quality ORDER BY source, kind, key"),
        ),
    )


def _standardise_work(engine: Engine, progress: Progress, *, settings: StandardiseSettings) -> StepReport:
    for source in settings.sources:
        if source.has_crosswalk:
            _fit_crosswalk(engine, f"crosswalk_{source.name}")
    report = standardise_rows(engine, settings, progress)
    make_quality(engine, [source.name for source in settings.sources])
    return report


def _fit_crosswalk(engine: Engine, name: str) -> None:
    """Hand the crosswalk on with the column names that standardising reads."""
    engine.run(
        f"CREATE TABLE _fitted AS SELECT sector_code, area_code AS area, valid_from, valid_until FROM {quoted(name)}"
    )
    engine.run(f"DROP VIEW {quoted(name)}")
    engine.run(f"ALTER TABLE _fitted RENAME TO {quoted(name)}")


def _link(sources: Sources) -> Step:
    settings = link_settings(sources)
    order = f"ORDER BY {by_source(settings.sources)}, row_id"
    pairs = 'SELECT "left", "right", probability, evidence FROM {} ORDER BY "left", "right"'
    return Step(
        number=3,
        name="link",
        work=lambda engine, progress: link_rows(engine, settings, progress),
        settings=settings,
        files=reference_files("names/*", "linkage/*"),
        reads=("standardised",),
        writes=(
            Output("people", "people.parquet", f"SELECT source, row_id, person_id, certainty FROM people {order}"),
            Output("review", "review.parquet", pairs.format("review")),
            Output("links", "work/links.parquet", pairs.format("links")),
        ),
    )


def by_source(names: Iterable[str]) -> str:
    """SQL for the place of a row's source among the sources, to order by."""
    return f"list_position([{', '.join(literal(name) for name in names)}], source)"


def reference_files(*patterns: str) -> dict[str, Path]:
    """The files of the reference data that count for a step, by their name under `reference/`."""
    root = reference_folder()
    found = {file for pattern in patterns for file in root.glob(pattern) if file.is_file()}
    return {f"reference/{file.relative_to(root).as_posix()}": file for file in sorted(found)}


def _with_area(sources: Sources) -> list[str]:
    return [name for name, source in sources.sources.items() if source.area is not None]


def _rows(sources: Sources, name: str) -> Output:
    columns = ", ".join(quoted(field) for field in ("row_id", *sources.standard_fields(name)))
    return Output(f"rows_{name}", f"work/rows-{name}.parquet", f"SELECT {columns} FROM rows_{name} ORDER BY row_id")


def _flags(name: str) -> Output:
    query = f"SELECT row_id, field, flag FROM read_flags_{name} ORDER BY ALL"
    return Output(f"read_flags_{name}", f"work/read-flags-{name}.parquet", query)


def _crosswalk(name: str) -> Output:
    return Output(f"crosswalk_{name}", f"work/crosswalk-{name}.parquet", f"SELECT * FROM crosswalk_{name} ORDER BY ALL")


def _set_aside(sources: Sources) -> tuple[Output, Output]:
    """What was set aside, in columns that do not hang on the order of the files' rows; and, apart, the lines."""
    place = by_source(sources.sources)
    return (
        Output(
            "set_aside",
            "set-aside.parquet",
            f"SELECT source, row_id, code, reason FROM set_aside ORDER BY {place}, row_id, code, reason",
        ),
        Output(
            "set_aside_lines",
            "work/set-aside-lines.parquet",
            f"SELECT source, line, row_id, code FROM set_aside ORDER BY {place}, line, code",
        ),
    )
