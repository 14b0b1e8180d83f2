"""An update: later files linked by an earlier run's model, taking over from it what cannot have changed."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.basics.errors import BadFile, BadSetting, NotYet
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.coded import Coded
from sarana.methods.doors import PLAIN, Door
from sarana.methods.engine import Engine
from sarana.methods.population.chain import Plan, plan_population
from sarana.methods.population.chain_earlier import settings_of
from sarana.methods.population.chain_sets import set_of
from sarana.methods.population.chain_settings import read_settings
from sarana.methods.population.chain_steps import MODEL_FILE
from sarana.methods.population.sources import Sources
from sarana.methods.runs.earlier import TAKEN_OVER
from sarana.methods.runs.folder import find_card
from sarana.methods.runs.receipts import Receipt, find_receipt, settings_json, versions
from sarana.methods.runs.steps import Output, Step
from sarana.methods.tablefiles import read_arrow
from sarana.methods.together import each

NAME = "update"
KINDS = ("same", "new", "changed", "gone")
FULL_RUN = "Make a full run with sarana population run."


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What became of the rows of one source; `is_taken_over`: its files were not read again."""

    source: str
    same: int
    new: int
    changed: int
    gone: int
    is_taken_over: bool


@dataclass(frozen=True, slots=True)
class StepTold:
    """One step of an update: its seconds, and whether it was taken over whole."""

    step: str
    seconds: float
    cpu_seconds: float
    is_taken_over: bool


def plan_update(
    run: Path,
    settings: Path,
    data: Path,
    *,
    today: dt.date,
    after: Sequence[Path] = (),
    judged: Path | None = None,
    door: Door = PLAIN,
) -> Plan:
    """Lay out an update of a finished run; no file of the data folder is read yet.

    Args:
        run: the folder of the earlier run, which is only read.
        settings: the SOURCES.toml, which must lay the sources out as it did for the earlier run.
        data: the folder its files lie in now.
        today: the day of the update.
        after: run folders whose tables were let out before; nothing small may follow from them and this one together.
        judged: what people judged of pairs of rows; None: nothing.
        door: the door through which files of earlier runs go.

    Raises:
        BadFile: RUN-002 the folder holds no run.
        NotYet: UPDATE-001 the run is not finished, or what is needed of it was erased.
        BadSetting: UPDATE-002 other sources, UPDATE-003 another indicator set, UPDATE-004 files older than the run.
        And the faults of `plan_population`; what the files themselves say of their age is seen when they are read.
    """
    card = _card_of(run)
    plan = plan_population(settings, data, today=today)
    _check_whole(run, plan.sources)
    _check_layout(run, card, plan.sources)
    _check_later(card, plan.sources)
    plan = plan_population(
        settings, data, today=today, model_of=run, after=after, takes_over=True, judged=judged, door=door
    )
    return replace(plan, steps=(*plan.steps, _update_step(run, plan.sources)))


def changes_told(receipts: Sequence[Receipt]) -> tuple[SourceChange, ...]:
    """What became of the rows, source by source, out of the receipts of an update."""
    counts = next(receipt.counts for receipt in receipts if receipt.step == NAME)
    [read] = (receipt for receipt in receipts if receipt.step == "read")
    names = [key.removeprefix("same ") for key in counts if key.startswith("same ")]
    return tuple(
        SourceChange(
            source=name,
            **{kind: int(counts[f"{kind} {name}"]) for kind in KINDS},
            is_taken_over=TAKEN_OVER in read.counts or f"{TAKEN_OVER} {name}" in read.counts,
        )
        for name in names
    )


def steps_told(receipts: Sequence[Receipt]) -> tuple[StepTold, ...]:
    """What each step cost, and whether it was done anew."""
    return tuple(StepTold(r.step, r.seconds, r.cpu_seconds, TAKEN_OVER in r.counts) for r in receipts)


def is_of_this_version(run: Path) -> bool:
    """Whether the earlier run was made by the code and libraries that run now; nothing else is taken over."""
    receipt = find_receipt(run / "receipts" / "01-read.json")
    return receipt is not None and receipt.versions == versions()


def _card_of(run: Path) -> Mapping[str, Any]:
    card = find_card(run)
    if card is None:
        raise BadFile("RUN-002", "This folder holds no run of Sarana.", where=str(run), cure="Name a run folder.")
    if card.get("erased"):
        raise NotYet("UPDATE-001", "This run was erased and cannot be updated.", where=str(run), cure=FULL_RUN)
    if not card.get("complete"):
        raise NotYet(
            "UPDATE-001",
            "This run is not complete and cannot be updated.",
            where=str(run),
            cure="Finish it with --resume, or make a full run with sarana population run.",
        )
    return card


def _check_whole(run: Path, sources: Sources) -> None:
    """Refuse a run that lacks what an update needs: its model, its receipts and the rows it read."""
    known = [name for name in sources.sources if name in _sources_of(run)]
    needed = (MODEL_FILE, "receipts/01-read.json", "receipts/04-index.json", *map(_rows_file, known))
    missing = [name for name in needed if not (run / name).is_file()]
    if missing:
        raise NotYet("UPDATE-001", f"This run cannot be updated: it lacks {missing[0]}.", where=str(run), cure=FULL_RUN)


def _sources_of(run: Path) -> list[str]:
    return [str(said["name"]) for said in (find_card(run) or {}).get("sources", [])]


def _check_layout(run: Path, card: Mapping[str, Any], sources: Sources) -> None:
    """Refuse other sources, sources read otherwise, another province and another indicator set."""
    read, index = (find_receipt(run / "receipts" / f"{label}.json") for label in ("01-read", "04-index"))
    before = _undated(settings_of(read) if read else {})
    now = _undated(json.loads(settings_json(read_settings(sources))))
    if card.get("province") != sources.run.province:
        raise BadSetting(
            "UPDATE-002",
            f"The run is of province {card.get('province')}, these sources of {sources.run.province}.",
            where=str(run),
            cure=FULL_RUN,
        )
    if before != now:
        raise BadSetting(
            "UPDATE-002",
            f"SOURCES.toml lays out otherwise than for the run: {', '.join(_unlike(before, now))}.",
            where=str(run),
            cure=f"Use the SOURCES.toml of the run. {FULL_RUN}",
        )
    used, named = settings_of(index)["set"] if index else None, set_of(sources).id
    if used != named:
        raise BadSetting(
            "UPDATE-003",
            f"The run was made with the indicator set {used}, not {named}.",
            where=str(run),
            cure=f"Name the same set. {FULL_RUN}",
        )


def _undated(said: Mapping[str, Any]) -> dict[str, Any]:
    """What SOURCES.toml says of reading, without the days that the files date from."""
    sources = {
        name: {key: value for key, value in source.items() if key != "as_of"}
        for name, source in said.get("sources", {}).items()
    }
    return {"areas": said.get("areas"), "order": said.get("order"), "sources": sources}


def _unlike(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names of what differs."""
    names = [*dict.fromkeys([*before["sources"], *now["sources"]])]
    unlike = [name for name in names if before["sources"].get(name) != now["sources"].get(name)]
    unlike += ["the list of areas"] if before["areas"] != now["areas"] else []
    return unlike or ["the order of the sources"]


def _check_later(card: Mapping[str, Any], sources: Sources) -> None:
    """Refuse files that date from before those of the run."""
    for said in card.get("sources", []):
        name, before = str(said["name"]), said["as_of"]
        if sources.as_of(name) < before:
            raise BadSetting(
                "UPDATE-004",
                f"The files of {name} date from {sources.as_of(name)}, before {before}, the day of those in the run.",
                where=f"[sources.{name}]",
                cure="Name the later files, put `as_of` right, or update an earlier run.",
            )


def _rows_file(name: str) -> str:
    return f"work/rows-{name}.arrow"


def _update_step(run: Path, sources: Sources) -> Step:
    files = {f"earlier rows {name}": run / _rows_file(name) for name in sources.sources}
    return Step(
        number=8,
        name=NAME,
        work=partial(_update_work, earlier={name: run / _rows_file(name) for name in sources.sources}),
        files=files,
        reads=tuple(f"rows_{name}" for name in sources.sources),
        writes=(Output("changes", "work/changes.parquet"),),
    )


def _update_work(engine: Engine, progress: Progress, *, earlier: Mapping[str, Path]) -> StepReport:
    """Count, for each source, the rows that are the same, new, changed and gone; lend `changes`."""
    counts: dict[str, int | float | str] = {}
    n_in = 0
    lines = []
    for at, (name, path) in enumerate(earlier.items()):
        progress.report(at, len(earlier), f"comparing {name}")
        rows = engine.table(f"rows_{name}")
        n_in += rows.num_rows
        found = compare_rows(read_arrow(engine.door.opened(path)), rows, threads=engine.threads)
        lines.append({"source": name, **found})
        counts |= {f"{kind} {name}": n for kind, n in found.items()}
    engine.lend("changes", pa.Table.from_pylist(lines))
    return StepReport(rows_in=n_in, rows_out=len(lines), counts=counts)


def compare_rows(before: pa.Table, now: pa.Table, *, threads: int = 1) -> dict[str, int]:
    """How many rows of two tables, known by `row_id`, are the same, new, changed and gone.

    Cost: a look-up a row, and one comparison a value: of numbers where words are numbered.
    """
    place = pc.index_in(now.column("row_id"), value_set=before.column("row_id").combine_chunks())
    was = pc.fill_null(place, -1).combine_chunks().to_numpy()
    at = np.flatnonzero(was >= 0)
    was = was[at]
    shared = [name for name in now.column_names if name != "row_id" and name in before.column_names]
    unlike = each(lambda name: _are_unlike(before.column(name), now.column(name), was, at), shared, threads=threads)
    is_other = np.full(len(at), len(shared) + 1 < now.num_columns)
    for one in unlike:
        is_other |= one
    n_changed = int(np.count_nonzero(is_other))
    return {
        "same": len(at) - n_changed,
        "new": int(now.num_rows) - len(at),
        "changed": n_changed,
        "gone": int(before.num_rows) - len(at),
    }


def _are_unlike(
    before: pa.ChunkedArray, now: pa.ChunkedArray, old_at: np.ndarray[Any, Any], new_at: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """For each two rows whether their values differ; two missing values do not."""
    if not pa.types.is_dictionary(before.type) and not pa.types.is_dictionary(now.type):
        one, other = (column.combine_chunks().take(pa.array(at)) for column, at in ((before, old_at), (now, new_at)))
        if one.type != other.type:  # another version kept it as something else: it is compared as it is written
            one, other = one.cast(pa.string()), other.cast(pa.string())
        same = pc.or_kleene(pc.and_(one.is_null(), other.is_null()), pc.equal(one, other))
        return ~np.asarray(pc.fill_null(same, fill_value=False))
    old, new = Coded.of(before), Coded.of(now)
    places = old.places
    if not old.words.equals(new.words):
        words = new.words.cast(pa.string())
        number = pc.fill_null(pc.index_in(old.words.cast(pa.string()), value_set=words), -2).to_numpy()
        places = old.gathered(number.astype(np.int32), -1)
    unlike: np.ndarray[Any, Any] = places[old_at] != new.places[new_at]
    return unlike
