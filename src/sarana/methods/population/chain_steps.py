"""The steps of the chain: what each reads, what it leaves, in which total order, and which settings and files count."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.areas.layer import area_layer
from sarana.methods.areas.rollup import AreaSettings, roll_up
from sarana.methods.areas.shapes import LayerSettings, area_shapes
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.engine import Engine, literal
from sarana.methods.linkage import LinkSettings, link_rows
from sarana.methods.linkage.judged import RELATION as JUDGED
from sarana.methods.linkage.judged import load_judged
from sarana.methods.linkage.model import GIVEN, RELATION
from sarana.methods.linkage.passes import EFFORT
from sarana.methods.population.chain_earlier import WORDS, known_words, unchanged_sources
from sarana.methods.population.chain_protect import protect_tables
from sarana.methods.population.chain_quality import make_quality
from sarana.methods.population.chain_sets import set_copies, set_files
from sarana.methods.population.chain_settings import (
    layer_settings,
    link_settings,
    read_settings,
    risk_settings,
    risk_settings_told,
)
from sarana.methods.population.later import refuse_older
from sarana.methods.population.reading import read_rows
from sarana.methods.population.report.given import report_settings
from sarana.methods.population.report.page import write_report
from sarana.methods.population.report.values import ReportSettings
from sarana.methods.population.sources import Sources
from sarana.methods.population.standardise import standardise_rows
from sarana.methods.population.standardise_settings import StandardiseSettings, standardise_settings
from sarana.methods.reference import reference_folder
from sarana.methods.risk.scoring import score_people
from sarana.methods.risk.settings import RiskSettings
from sarana.methods.runs.earlier import Earlier
from sarana.methods.runs.steps import Output, Product, Step

MODEL_FILE = "work/link-model.parquet"
"""Where a run keeps the model it was linked by."""

STEP_NAMES = ("read", "standardise", "link", "index", "areas", "protect", "report")
"""The names of the steps, in order."""

LEVELS = "['province', 'district', 'subdistrict', 'village']"
AREAS_QUERY = f'SELECT * FROM {{}} ORDER BY list_position({LEVELS}, level), code, "group"'
AREA_NAMES = Output("area_names", "work/area-names.parquet", "SELECT * FROM area_names ORDER BY level, code")
VILLAGES = Output("villages", "work/villages.parquet", "SELECT * FROM villages ORDER BY village_code")


def chain_steps(
    sources: Sources,
    model: Path | None = None,
    released: Mapping[str, Path] | None = None,
    earlier: Earlier | None = None,
    judged: Path | None = None,
) -> tuple[Step, ...]:
    """All steps for a province, in order.

    With the saved model of an earlier run nothing is learnt anew; with tables let out earlier (`released`), what
    follows from them and the new one together is protected too. What an `earlier` run read is taken over where it would
    be read the same; that changes no table. What people `judged` of pairs of rows holds.
    """
    return (
        _read(sources, earlier),
        _standardise(sources, earlier),
        _link(sources, model, judged),
        _index(sources),
        _areas(),
        _protect(sources, released or {}),
        _report(sources),
    )


def _read(sources: Sources, earlier: Earlier | None) -> Step:
    boundaries = {sources.boundaries.path} if sources.boundaries else set()
    files = {name: path for name, path in sources.files().items() if name not in boundaries}
    return Step(
        number=1,
        name="read",
        work=partial(_read_work, sources=sources, earlier=earlier),
        settings=read_settings(sources),
        files=files | reference_files("fields.toml"),
        writes=(
            *(Output(f"rows_{name}", f"work/rows-{name}.arrow") for name in sources.sources),
            *(_flags(name) for name in sources.sources),
            *(_crosswalk(name) for name in _with_area(sources)),
            VILLAGES,
            AREA_NAMES,
            *_set_aside(sources),
        ),
    )


def _read_work(engine: Engine, progress: Progress, *, sources: Sources, earlier: Earlier | None) -> StepReport:
    taken = unchanged_sources(earlier, sources, reference_files("fields.toml")) if earlier else {}
    report = read_rows(engine, sources, progress, taken)
    outlines = _only(_outlines(sources))
    if outlines is not None:
        # The map comes hours later: a file that cannot be drawn by stops the run here.
        area_shapes(engine, layer_settings(sources), outlines)
    aside = engine.rows("SELECT source, count(*) FROM set_aside GROUP BY source")
    return replace(report, counts={**report.counts, **{f"set aside {name}": n for name, n in aside}})


def _standardise(sources: Sources, earlier: Earlier | None) -> Step:
    settings = standardise_settings(sources)
    names = tuple(sources.sources)
    return Step(
        number=2,
        name="standardise",
        work=partial(_standardise_work, settings=settings, earlier=earlier),
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
            Output("standardised", "standardised.parquet"),
            Output("quality", "work/quality.parquet", "SELECT * FROM quality ORDER BY source, kind, key"),
            Output("word_keys", WORDS["word_keys"][0], "SELECT word, sounds, key FROM word_keys ORDER BY word"),
            Output("word_parts", WORDS["word_parts"][0], "SELECT * FROM word_parts ORDER BY raw"),
            Output("word_wholes", WORDS["word_wholes"][0], "SELECT * FROM word_wholes ORDER BY habit, raw"),
            Output("word_births", WORDS["word_births"][0], "SELECT DISTINCT * FROM word_births ORDER BY habit, raw"),
        ),
    )


def _standardise_work(
    engine: Engine, progress: Progress, *, settings: StandardiseSettings, earlier: Earlier | None
) -> StepReport:
    known = known_words(earlier, reference_files("names/*")) if earlier else {}
    for relation, words in known.items():
        engine.lend(relation, words)
    report = standardise_rows(engine, settings, progress)
    if earlier is not None:
        refuse_older(engine.table("standardised"), earlier.path, earlier.door)
    make_quality(engine, [source.name for source in settings.sources])
    return report


def _link(sources: Sources, model: Path | None, judged: Path | None) -> Step:
    settings = link_settings(sources)
    given = {name: path for name, path in (("model", model), (JUDGED, judged)) if path}
    return Step(
        number=3,
        name="link",
        work=partial(_link_work, settings=settings, model=model, judged=judged),
        settings=settings,
        files=reference_files("names/*", "linkage/*") | given,
        reads=("standardised", "word_keys"),
        writes=(
            Output("people", "people.parquet"),
            Output("review", "review.parquet"),
            Output("links", "work/links.parquet"),
            Output(RELATION, MODEL_FILE),
            Output("link_counts", "work/link-counts.parquet", "SELECT key, n FROM link_counts ORDER BY key"),
        ),
    )


def _link_work(
    engine: Engine, progress: Progress, *, settings: LinkSettings, model: Path | None, judged: Path | None
) -> StepReport:
    if model is not None:
        engine.view(GIVEN, model)
    if judged is not None:
        load_judged(engine, judged)
    report = link_rows(engine, settings, progress)
    counts = {key: n for key, n in report.counts.items() if isinstance(n, int) and not key.startswith(EFFORT)}
    table = pa.table({"key": list(counts), "n": pa.array(counts.values(), pa.int64())})
    engine.load("link_counts", table)
    return report


def _index(sources: Sources) -> Step:
    settings = risk_settings(sources)
    return Step(
        number=4,
        name="index",
        work=partial(_index_work, settings=settings),
        settings=risk_settings_told(settings),
        files={**reference_files("fields.toml"), **set_files(sources)},
        reads=("standardised", "people"),
        writes=(
            Output("persons", "work/persons.parquet"),
            Output("scores", "scores.parquet"),
            Output("contributions", "contributions.parquet"),
            Output("refer_now", "refer-now.parquet"),
        ),
        products=set_copies(sources),
    )


def _index_work(engine: Engine, progress: Progress, *, settings: RiskSettings) -> StepReport:
    return score_people(engine, settings, progress)


def _areas() -> Step:
    settings = AreaSettings()
    return Step(
        number=5,
        name="areas",
        work=partial(_areas_work, settings=settings),
        settings=settings,
        reads=("persons", "scores", "villages", "area_names"),
        writes=(Output("areas_internal", "areas-internal.parquet", AREAS_QUERY.format("areas_internal")),),
    )


def _areas_work(engine: Engine, progress: Progress, *, settings: AreaSettings) -> StepReport:
    return roll_up(engine, settings, progress)


def _protect(sources: Sources, earlier: Mapping[str, Path]) -> Step:
    settings, layer, outlines = DisclosureSettings(), layer_settings(sources), _outlines(sources)
    risk = risk_settings(sources)
    words = {**reference_files("strengths.toml"), **set_files(sources)}
    return Step(
        number=6,
        name="protect",
        work=partial(protect_tables, settings=settings, risk=risk, earlier=earlier),
        settings={"disclosure": settings, "layer": layer, "risk": risk_settings_told(risk)},
        files={**outlines, **earlier, **words},
        reads=("areas_internal", "villages", "persons", "scores"),
        writes=(
            Output("areas", "areas.parquet", AREAS_QUERY.format("areas")),
            Output("area_answers", "area-answers.parquet"),
            Output("area_sectors", "area-sectors.parquet"),
            Output("area_better", "area-better.parquet"),
        ),
        products=(Product("areas.geojson", partial(area_layer, settings=layer, boundaries=_only(outlines))),),
    )


def _report(sources: Sources) -> Step:
    settings = report_settings(sources, risk_settings(sources).set)
    layer, outlines = layer_settings(sources), _outlines(sources)
    return Step(
        number=7,
        name="report",
        work=partial(_report_work, settings=settings, layer=layer, boundaries=_only(outlines)),
        settings={"report": settings, "layer": layer},
        files=outlines | reference_files("words/report*", "codes/*"),
        reads=("areas", "area_names", "villages", "quality", "link_counts"),
        products=(Product("report.html", lambda engine: (engine.temp / "report.html").read_bytes()),),
    )


def _report_work(
    engine: Engine, progress: Progress, *, settings: ReportSettings, layer: LayerSettings, boundaries: Path | None
) -> StepReport:
    shapes = area_shapes(engine, layer, boundaries).shapes
    return write_report(engine, settings, engine.temp / "report.html", progress, shapes=shapes)


def _outlines(sources: Sources) -> dict[str, Path]:
    """The boundary file, if it holds what the map draws."""
    said = sources.boundaries
    return {said.path: sources.path_of(said.path)} if said and said.level == "subdistrict" else {}


def _only(files: Mapping[str, Path]) -> Path | None:
    return next(iter(files.values()), None)


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
