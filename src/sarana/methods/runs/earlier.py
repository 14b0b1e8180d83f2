"""What an earlier run made that a new one may take over: whole steps, where it is certain that nothing would differ."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from sarana.basics.errors import Refused
from sarana.methods.doors import PLAIN, Door, file_hash
from sarana.methods.runs.folder import RECEIPTS, RunFolder
from sarana.methods.runs.meter import Meter
from sarana.methods.runs.receipts import Receipt, find_receipt, versions
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
        door: the door through which its files go.
    """

    path: Path
    own: Mapping[str, str] = field(default_factory=dict)
    door: Door = PLAIN

    def receipt(self, label: str) -> Receipt | None:
        """The receipt of a step that was made by the code and libraries that run now, or None."""
        found = find_receipt(self.path / RECEIPTS / f"{label}.json")
        return found if found is not None and found.versions == versions() else None

    def find_whole(self, file: str, receipt: Receipt) -> Path | None:
        """Where a file of the earlier run can be read, if it still is what the receipt says; or None."""
        path = self.path / file
        return self.door.opened(path) if is_whole(path, receipt.outputs.get(file, ""), self.door) else None


def could_be_same(earlier: Earlier, step: Step, outside: Mapping[str, str], settings_hash: str) -> bool:
    """Whether a step of the earlier run may have made what this one would, by all that is known before it begins."""
    found = _like(earlier, step, settings_hash)
    return found is not None and all(found.inputs.get(name, wanted) == wanted for name, wanted in outside.items())


def find_same(earlier: Earlier, step: Step, inputs: Mapping[str, str], settings_hash: str) -> Receipt | None:
    """The receipt of the earlier run's step, if it says the same inputs, settings and versions; or None."""
    found = _like(earlier, step, settings_hash)
    return found if found is not None and _are_same(found, inputs, earlier) else None


def take_over(
    earlier: Earlier | None, step: Step, folder: RunFolder, *, inputs: Mapping[str, str], settings_hash: str
) -> Receipt | None:
    """Copy what a step of the earlier run left, if its receipt says the same inputs, settings and versions.

    The copies are hashed, so that a file which was changed or erased since is never taken for what it was.

    Returns:
        The step's receipt, with what taking over cost; None where the step must be done.
    """
    found = find_same(earlier, step, inputs, settings_hash) if earlier is not None else None
    if earlier is None or found is None:
        return None
    meter = Meter()
    if not all(_copy(name, earlier, folder, wanted) for name, wanted in found.outputs.items()):
        return None
    return msgspec.structs.replace(
        found,
        inputs=dict(inputs),
        counts=dict(sorted({**found.counts, TAKEN_OVER: 1}.items())),
        seconds=round(meter.seconds, 3),
        cpu_seconds=round(meter.cpu_seconds, 3),
        peak_memory_mib=meter.peak_memory_mib,
    )


def _like(earlier: Earlier, step: Step, settings_hash: str) -> Receipt | None:
    """The receipt of the earlier run's step, if it says the same settings, versions and files left; or None."""
    found = earlier.receipt(step.label)
    if found is None or (found.step, found.settings_hash) != (step.name, settings_hash):
        return None
    return found if set(found.outputs) == set(step.output_files) else None


def _are_same(found: Receipt, inputs: Mapping[str, str], earlier: Earlier) -> bool:
    if found.inputs == inputs:
        return True
    made = {name for name, file in earlier.own.items() if inputs.get(name) == found.outputs.get(file, "")}
    return found.inputs == {name: wanted for name, wanted in inputs.items() if name not in made}


def is_whole(path: Path, wanted: str, door: Door) -> bool:
    """Whether a file is there and its content still has a hash; a sealed one that was changed has not."""
    try:
        return path.is_file() and not path.is_symlink() and door.hash(path) == wanted
    except Refused as err:
        if err.code != "VAULT-001":
            raise
        return False


class _Differs(Exception):
    """What was copied is not what was wanted."""


def _check_same(found: str, wanted: str) -> None:
    if found != wanted:
        raise _Differs


def _copy(name: str, earlier: Earlier, folder: RunFolder, wanted: str) -> bool:
    """Copy a file whole, mode 0600, through both doors; whether it came out as wanted."""
    source, target = earlier.path / name, folder.path / name
    if not is_whole(source, wanted, earlier.door):
        return False
    try:
        with folder.door.written(target) as part:
            with earlier.door.opened(source).open("rb") as old, part.open("wb") as new:
                shutil.copyfileobj(old, new, 1 << 20)
                new.flush()
                os.fsync(new.fileno())
            _check_same(file_hash(part), wanted)
    except _Differs:
        return False
    finally:
        earlier.door.release()
    return True
