"""The runner: takes steps in order, gives each an engine of its own, writes files and receipt, skips what is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from sarana.basics.errors import BadFile
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.doors import Door
from sarana.methods.engine import Engine
from sarana.methods.runs.earlier import Earlier, is_whole, take_over
from sarana.methods.runs.folder import RECEIPTS, RunFolder
from sarana.methods.runs.means import Means, engine_memory_mib
from sarana.methods.runs.meter import Meter
from sarana.methods.runs.receipts import Receipt, settings_json, text_hash, versions
from sarana.methods.runs.steps import Step


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

    def learn(self, step: Step, receipt: Receipt) -> None:
        self.files |= {output.relation: output.file for output in step.writes}
        self.hashes |= receipt.outputs

    def inputs(self, step: Step) -> dict[str, str]:
        outside = {name: self._outside_hash(path) for name, path in step.files.items()}
        inside = {relation: self.hashes[self.files[relation]] for relation in step.reads}
        return dict(sorted((outside | inside).items()))

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


def run_steps(
    steps: Sequence[Step], folder: RunFolder, means: Means, watcher: Watcher, earlier: Earlier | None = None
) -> tuple[Receipt, ...]:
    """Run every step that is not done, in order.

    A step is done when its receipt says the same inputs, settings and versions, and its files still have the hashes
    that the receipt gives. The receipt is removed before a step begins and written when all its files are in place, so
    a run that is killed at any moment goes on with the step it was in.

    What a step of an `earlier` run left is taken over where its receipt says the same inputs, settings and versions.

    Returns:
        The receipts of all steps, in order.

    Raises:
        NoRoom: ENGINE-003 memory ran out; ENGINE-004 the disk is full; RUN-004 too little memory to begin.
        BadFile: RUN-005 an input changed while it was read; RUN-006 an input cannot be read.
    """
    folder.prepare()
    kept = {file for step in steps for file in step.output_files}
    folder.sweep_work(kept | {f"{RECEIPTS}/{step.label}.json" for step in steps})
    known = _Known(folder, earlier)
    receipts: list[Receipt] = []
    for position, step in enumerate(steps, start=1):
        watcher.began(step.name, position, len(steps))
        receipt, skipped = _done_or_do(step, known, means, watcher)
        known.learn(step, receipt)
        receipts.append(receipt)
        watcher.ended(receipt, skipped=skipped)
    return tuple(receipts)


def _done_or_do(step: Step, known: _Known, means: Means, watcher: Watcher) -> tuple[Receipt, bool]:
    inputs = known.inputs(step)
    settings = settings_json(step.settings)
    found = known.folder.find_receipt(step.label)
    if found is not None and _still_holds(found, step, inputs, settings, known.folder):
        return found, True
    known.folder.receipt_path(step.label).unlink(missing_ok=True)
    taken = take_over(known.earlier, step, known.folder, inputs=inputs, settings_hash=text_hash(settings))
    if taken is not None:
        known.check_unchanged(step)
    receipt = taken or _do(step, known, means, watcher, inputs=inputs, settings=settings)
    known.folder.write(f"{RECEIPTS}/{step.label}.json", receipt.to_json())
    return receipt, taken is not None


def _still_holds(receipt: Receipt, step: Step, inputs: dict[str, str], settings: bytes, folder: RunFolder) -> bool:
    if (receipt.step, receipt.inputs, receipt.settings_hash) != (step.name, inputs, text_hash(settings)):
        return False
    if receipt.versions != versions() or set(receipt.outputs) != set(step.output_files):
        return False
    return all(is_whole(folder.path / name, wanted, folder.door) for name, wanted in receipt.outputs.items())


def _do(
    step: Step, known: _Known, means: Means, watcher: Watcher, *, inputs: dict[str, str], settings: bytes
) -> Receipt:
    folder = known.folder
    meter = Meter()
    memory_mib = engine_memory_mib(means)
    try:
        with Engine(
            threads=means.threads,
            memory=f"{memory_mib}MiB",
            temp=folder.temp,
            folders=[folder.path, *sorted({path.resolve().parent for path in step.files.values()})],
            door=folder.door,
        ) as engine:
            for relation in step.reads:
                engine.view(relation, folder.path / known.files[relation])
            report = step.work(engine, watcher)
            _write_outputs(step, engine, folder, watcher)
    finally:
        folder.sweep_temp()
    known.check_unchanged(step)
    return _receipt(step, report, meter, means, folder, inputs=inputs, settings=settings)


def _write_outputs(step: Step, engine: Engine, folder: RunFolder, watcher: Watcher) -> None:
    total = len(step.output_files)
    for number, output in enumerate(step.writes):
        watcher.report(number, total, f"writing {output.file}")
        if output.query:
            engine.save(output.query, folder.path / output.file)
        else:
            engine.save_lent(output.relation, folder.path / output.file)
    for number, product in enumerate(step.products, start=len(step.writes)):
        watcher.report(number, total, f"writing {product.file}")
        folder.write(product.file, product.make(engine))


def _receipt(
    step: Step,
    report: StepReport,
    meter: Meter,
    means: Means,
    folder: RunFolder,
    *,
    inputs: dict[str, str],
    settings: bytes,
) -> Receipt:
    return Receipt(
        step=step.name,
        rows_in=report.rows_in,
        rows_out=report.rows_out,
        set_aside=dict(sorted(report.set_aside.items())),
        counts=dict(sorted(report.counts.items())),
        outputs={name: folder.door.hash(folder.path / name) for name in step.output_files},
        seconds=round(meter.seconds, 3),
        cpu_seconds=round(meter.cpu_seconds, 3),
        peak_memory_mib=meter.peak_memory_mib,
        threads=means.threads,
        memory_mib=means.memory_mib,
        versions=dict(versions()),
        inputs=inputs,
        settings_hash=text_hash(settings),
        settings=msgspec.Raw(settings),
    )


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
