"""What an earlier run made that a new one may take over: whole steps, where it is certain that nothing would differ."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from sarana.methods.runs.folder import PART, RECEIPTS, RunFolder
from sarana.methods.runs.meter import Meter
from sarana.methods.runs.receipts import Receipt, file_hash, find_receipt, versions
from sarana.methods.runs.steps import Step

TAKEN_OVER = "taken over"
"""The count in a receipt of a step that was not done anew."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finished run folder.

    Args:
        path: the folder; it is only read.
        own: inputs that the earlier run made for itself, by the name of the input: the file it left them in. A step
            that made such a file leaves the same tables when it is given the file, so the input need not stand in its
            receipt.
    """

    path: Path
    own: Mapping[str, str] = field(default_factory=dict)

    def receipt(self, label: str) -> Receipt | None:
        """The receipt of a step that was made by the code and libraries that run now, or None."""
        found = find_receipt(self.path / RECEIPTS / f"{label}.json")
        return found if found is not None and found.versions == versions() else None

    def find_whole(self, file: str, receipt: Receipt) -> Path | None:
        """A file of the earlier run if it still is what the receipt says, or None."""
        path = self.path / file
        is_whole = path.is_file() and not path.is_symlink() and file_hash(path) == receipt.outputs.get(file)
        return path if is_whole else None


def take_over(
    earlier: Earlier | None, step: Step, folder: RunFolder, *, inputs: Mapping[str, str], settings_hash: str
) -> Receipt | None:
    """Copy what a step of the earlier run left, if its receipt says the same inputs, settings and versions.

    The copies are hashed, so that a file which was changed or erased since is never taken for what it was.

    Returns:
        The step's receipt, with what taking over cost; None where the step must be done.
    """
    found = earlier.receipt(step.label) if earlier is not None else None
    if earlier is None or found is None or (found.step, found.settings_hash) != (step.name, settings_hash):
        return None
    if set(found.outputs) != set(step.output_files) or not _are_same(found, inputs, earlier):
        return None
    meter = Meter()
    if not all(_copy(earlier.path / name, folder.path / name, wanted) for name, wanted in found.outputs.items()):
        return None
    return msgspec.structs.replace(
        found,
        inputs=dict(inputs),
        counts=dict(sorted({**found.counts, TAKEN_OVER: 1}.items())),
        seconds=round(meter.seconds, 3),
        cpu_seconds=round(meter.cpu_seconds, 3),
        peak_memory_mib=meter.peak_memory_mib,
    )


def _are_same(found: Receipt, inputs: Mapping[str, str], earlier: Earlier) -> bool:
    if found.inputs == inputs:
        return True
    made = {name for name, file in earlier.own.items() if inputs.get(name) == found.outputs.get(file, "")}
    return found.inputs == {name: wanted for name, wanted in inputs.items() if name not in made}


def _copy(source: Path, target: Path, wanted: str) -> bool:
    """Copy a file whole, mode 0600; whether it came out as wanted."""
    if not source.is_file() or source.is_symlink():
        return False
    part = target.with_name(target.name + PART)
    part.unlink(missing_ok=True)
    try:
        with (
            source.open("rb") as old,
            os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as new,
        ):
            shutil.copyfileobj(old, new, 1 << 20)
            new.flush()
            os.fsync(new.fileno())
        if file_hash(part) != wanted:
            return False
        part.replace(target)
        return True
    finally:
        part.unlink(missing_ok=True)
