"""The runner: takes steps in order, gives each an engine of its own, writes files and receipt, skips what is done."""

import contextlib
import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pyarrow as pa

from sarana.basics.errors import BadFile
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.doors import Door
from sarana.methods.engine import Engine, save_table
from sarana.methods.runs.behind import Behind, Kept
from sarana.methods.runs.earlier import Earlier, could_be_same, find_same, is_whole, take_over
from sarana.methods.runs.folder import RECEIPTS, RunFolder
from sarana.methods.runs.heap import widen_heap
from sarana.methods.runs.means import Means, engine_memory_mib
from sarana.methods.runs.meter import Meter
from sarana.methods.runs.receipts import Receipt, settings_json, text_hash, versions
from sarana.methods.runs.steps import Step
from sarana.methods.together import each


class Watcher(Progress, Protocol):
    """Somebody who watches a run: told when a step begins and ends, and in between how far it is."""

    def began(self, step: str, number: int, n_steps: int) -> None:
        """A step begins; `number` counts from 1."""

    def ended(self, receipt: Receipt, *, skipped: bool) -> None:
        """A step ended, or was skipped because it was done before."""


class Unwatched:
    """A run that nobody watches."""

    def report(self, done: int, total: int, what: str) -> None:
        """Show nothing."""

    def began(self, step: str, number: int, n_steps: int) -> None:
        """Show nothing."""

    def ended(self, receipt: Receipt, *, skipped: bool) -> None:
        """Show nothing."""


@dataclass(slots=True)
class _Known:
    """What is known while a run goes: where relations lie, the hashes of files seen, and what an earlier run made."""

    folder: RunFolder
    earlier: Earlier | None = None
    files: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    outside: dict[Path, tuple[str, tuple[int, int]]] = field(default_factory=dict)

    def place(self, step: Step) -> None:
        """Where a step's relations lie, or will."""
        self.files |= {output.relation: output.file for output in step.writes}

    def from_outside(self, step: Step) -> dict[str, str]:
        """The hashes of the files that a step reads from outside the run; each is hashed once."""
        return {name: self._outside_hash(path) for name, path in step.files.items()}

    def inputs(self, step: Step) -> dict[str, str]:
        """The hashes of all that a step reads; what steps before it left must be there."""
        inside = {relation: self.hashes[self.files[relation]] for relation in step.reads}
        return dict(sorted((self.from_outside(step) | inside).items()))

    def _outside_hash(self, path: Path) -> str:
        if path not in self.outside:
            self.outside[path] = _input_hash(path, self.folder.door)
        return self.outside[path][0]

    def check_unchanged(self, step: Step) -> None:
        for path in step.files.values():
            if _stamp(path) != self.outside[path][1]:
                raise BadFile(
                    "RUN-005",
                    "The file changed while it was read.",
                    where=path.name,
                    cure="Let it be finished first, then go on with --resume.",
                )


@dataclass(frozen=True, slots=True)
class _Made:
    """What a step made: its tables that are still to be written, and its receipt but for inputs and outputs.

    Args:
        meter: runs since the step began.
    """

    tables: Mapping[str, pa.Table]
    receipt: Receipt
    meter: Meter


class _Needless(Exception):
    """What a step is doing was done by an earlier run."""


class _Unless:
    """A watcher that ends a step's work at its next word once it is known to be needless."""

    def __init__(self, watcher: Watcher, is_needless: Callable[[], bool]) -> None:
        self._watcher = watcher
        self._is_needless = is_needless

    def report(self, done: int, total: int, what: str) -> None:
        if self._is_needless():
            raise _Needless
        self._watcher.report(done, total, what)


def run_steps(
    steps: Sequence[Step], folder: RunFolder, means: Means, watcher: Watcher, earlier: Earlier | None = None
) -> tuple[Receipt, ...]:
    """Run every step that is not done, in order.

    A step is done when its receipt says the same inputs, settings and versions, and its files still have the hashes
    that the receipt gives. The receipt is removed before a step begins and written when all its files are in place, so
    a run that is killed at any moment goes on with the step it was in, or with the one before it: with a second thread
    a step's tables are written while the next step begins on them.

    What a step of an `earlier` run left is taken over where its receipt says the same inputs, settings and versions.

    Returns:
        The receipts of all steps, in order.

    Raises:
        NoRoom: ENGINE-003 memory ran out; ENGINE-004 the disk is full; RUN-004 too little memory to begin.
        BadFile: RUN-005 an input changed while it was read; RUN-006 an input cannot be read.
    """
    widen_heap()
    folder.prepare()
    kept = {file for step in steps for file in step.output_files}
    folder.sweep_work(kept | {f"{RECEIPTS}/{step.label}.json" for step in steps})
    with _swept_quickly(), Behind(is_parallel=means.threads > 1) as behind:
        course = _Course(_Known(folder, earlier), means, watcher, behind)
        for position, step in enumerate(steps, start=1):
            watcher.began(step.name, position, len(steps))
            course.take(step, {relation for later in steps[position:] for relation in later.reads})
        course.settle()
    return tuple(course.receipts)


@contextlib.contextmanager
def _swept_quickly() -> Iterator[None]:
    """Let sweeping memory, as each engine does at its end, pass over what was there before the run."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _Course:
    """The way through the steps; of one step at most the tables are still being written."""

    def __init__(self, known: _Known, means: Means, watcher: Watcher, behind: Behind) -> None:
        self.receipts: list[Receipt] = []
        self._known = known
        self._means = means
        self._watcher = watcher
        self._behind = behind
        self._kept = Kept(means.memory_mib)

    @property
    def _folder(self) -> RunFolder:
        return self._known.folder

    def settle(self) -> None:
        """Wait until the step before is written."""
        receipt = self._behind.settle()
        if receipt is not None:
            self._end(receipt)

    def take(self, step: Step, wanted: Collection[str]) -> None:
        """Skip a step, take it over, or do it; `wanted` are the relations that later steps read."""
        self._known.place(step)
        settings = settings_json(step.settings)
        found = self._folder.find_receipt(step.label)
        if found is not None:
            self.settle()
            if _still_holds(found, step, self._known.inputs(step), settings, self._folder):
                self._end(found)
                self._watcher.ended(found, skipped=True)
                return
            self._folder.receipt_path(step.label).unlink()
        made = self._make_unless(step, settings)
        self.settle()
        taken = self._taken(step, settings)
        if taken is not None:
            self._end(taken)
            self._watcher.ended(taken, skipped=True)
            return
        self._hand(step, made or self._make(step, settings, self._watcher), wanted)

    def _end(self, receipt: Receipt) -> None:
        self._known.hashes |= receipt.outputs
        self.receipts.append(receipt)

    def _make_unless(self, step: Step, settings: bytes) -> _Made | None:
        """What a step made; None where that was not needed, or will not be."""
        earlier = self._known.earlier
        if earlier is None or not could_be_same(earlier, step, self._known.from_outside(step), text_hash(settings)):
            return self._make(step, settings, self._watcher)

        def is_needless() -> bool:
            """Whether the step before is written by now, and all that this one reads is what it was."""
            if not self._behind.is_done:
                return False
            self.settle()
            return find_same(earlier, step, self._known.inputs(step), text_hash(settings)) is not None

        try:
            if is_needless():
                return None
            return self._make(step, settings, _Unless(self._watcher, is_needless))
        except _Needless:
            return None

    def _taken(self, step: Step, settings: bytes) -> Receipt | None:
        """The receipt of a step that was taken over from the earlier run, or None."""
        inputs, settings_hash = self._known.inputs(step), text_hash(settings)
        taken = take_over(self._known.earlier, step, self._folder, inputs=inputs, settings_hash=settings_hash)
        if taken is not None:
            self._known.check_unchanged(step)
            self._folder.write(f"{RECEIPTS}/{step.label}.json", taken.to_json())
        return taken

    def _make(self, step: Step, settings: bytes, progress: Progress) -> _Made:
        """Do a step's work and write what its engine has to write; other tables are left to be written."""
        folder = self._folder
        self._known.from_outside(step)
        meter = Meter()
        try:
            with Engine(
                threads=self._means.threads,
                memory=f"{engine_memory_mib(self._means)}MiB",
                temp=folder.temp,
                folders=[folder.path, *sorted({path.resolve().parent for path in step.files.values()})],
                door=folder.door,
            ) as engine:
                for relation in step.reads:
                    self._lay_out(engine, relation)
                report = step.work(engine, progress)
                self._write_own(step, engine)
                tables = {output.relation: engine.table(output.relation) for output in step.writes if not output.query}
        finally:
            folder.sweep_temp()
        self._known.check_unchanged(step)
        return _Made(tables, _receipt(step, report, meter, self._means, settings), meter)

    def _lay_out(self, engine: Engine, relation: str) -> None:
        table = self._kept.find(relation)
        if table is not None:
            engine.lend(relation, table)
        else:
            engine.view(relation, self._folder.path / self._known.files[relation])

    def _write_own(self, step: Step, engine: Engine) -> None:
        """Write what only the engine can: the results of queries, and files that are no tables."""
        total = len(step.output_files)
        queried = [output for output in step.writes if output.query]
        for number, output in enumerate(queried):
            self._watcher.report(number, total, f"writing {output.file}")
            engine.save(output.query, self._folder.path / output.file)
        for number, product in enumerate(step.products, start=len(queried)):
            self._watcher.report(number, total, f"writing {product.file}")
            self._folder.write(product.file, product.make(engine))

    def _hand(self, step: Step, made: _Made, wanted: Collection[str]) -> None:
        """Have a step's tables written, and its receipt: behind the next step, where there is room for both.

        What is written behind counts for the next step, whose time it takes; else it counts for this one.
        """
        inputs = self._known.inputs(step)
        receipt = msgspec.structs.replace(made.receipt, inputs=inputs)
        has_room = self._kept.has_room(made.tables.values())
        is_behind = has_room and self._behind.is_parallel
        work = partial(_write_out, self._folder, step, made.tables, receipt, None if is_behind else made.meter)
        self._kept.keep(made.tables if has_room else {}, wanted)
        self._behind.begin(work)
        if not is_behind:
            self.settle()
            receipt = self.receipts[-1]
        self._watcher.ended(receipt, skipped=False)


def _write_out(
    folder: RunFolder, step: Step, tables: Mapping[str, pa.Table], receipt: Receipt, meter: Meter | None
) -> Receipt:
    """Write a step's tables, and when all its files are in place its receipt, with their hashes.

    With its meter what this costs is the step's too.
    """
    paths = {output.relation: folder.path / output.file for output in step.writes}
    each(lambda one: save_table(tables[one], paths[one], folder.door), tables, threads=receipt.threads)
    outputs = {name: folder.door.hash(folder.path / name) for name in step.output_files}
    whole = msgspec.structs.replace(receipt, outputs=outputs, **({} if meter is None else _costs(meter)))
    folder.write(f"{RECEIPTS}/{step.label}.json", whole.to_json())
    return whole


def _still_holds(receipt: Receipt, step: Step, inputs: dict[str, str], settings: bytes, folder: RunFolder) -> bool:
    if (receipt.step, receipt.inputs, receipt.settings_hash) != (step.name, inputs, text_hash(settings)):
        return False
    if receipt.versions != versions() or set(receipt.outputs) != set(step.output_files):
        return False
    return all(is_whole(folder.path / name, wanted, folder.door) for name, wanted in receipt.outputs.items())


def _receipt(step: Step, report: StepReport, meter: Meter, means: Means, settings: bytes) -> Receipt:
    """The receipt of a step, but for the hashes of what it read and left."""
    return Receipt(
        step=step.name,
        rows_in=report.rows_in,
        rows_out=report.rows_out,
        set_aside=dict(sorted(report.set_aside.items())),
        counts=dict(sorted(report.counts.items())),
        outputs={},
        **_costs(meter),
        threads=means.threads,
        memory_mib=means.memory_mib,
        versions=dict(versions()),
        inputs={},
        settings_hash=text_hash(settings),
        settings=msgspec.Raw(settings),
    )


def _costs(meter: Meter) -> dict[str, Any]:
    """What a receipt says of the time and memory since a meter began."""
    return {
        "seconds": round(meter.seconds, 3),
        "cpu_seconds": round(meter.cpu_seconds, 3),
        "peak_memory_mib": meter.peak_memory_mib,
    }


def _input_hash(path: Path, door: Door) -> tuple[str, tuple[int, int]]:
    """The hash of an input, and what its folder said of it before it was read."""
    try:
        stamp = _stamp(path)
        return door.hash(path), stamp
    except FileNotFoundError as err:
        raise BadFile(
            "RUN-006", "The file is not there.", where=path.name, cure="See that --data names the right folder."
        ) from err
    except OSError as err:
        raise BadFile(
            "RUN-006", "The file cannot be read.", where=path.name, cure="See that it is a file and may be read."
        ) from err


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
