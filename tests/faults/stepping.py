"""Saves while the nth call to the disk fails, for n = 1, 2, 3 … until a save needs no further call.

    LD_PRELOAD=failing_io.so python tests/faults/stepping.py CONTROL ERRNO STICKY FRESH

With FRESH each save opens the database anew, so that opening it fails too. Prints what was found, as JSON.
"""

import json
import mmap
import struct
import sys
from pathlib import Path
from typing import Any

from faults import saves
from faults.writing import Writers
from makers.installed import Installed

MOST_STEPS = 400


class Disk:
    """The disk of this process, through the control that it shares with the library loaded before all others."""

    def __init__(self, control: Path, error: int) -> None:
        """Map the control."""
        with control.open("r+b") as file:
            self.place = mmap.mmap(file.fileno(), 32)
        self.error = error

    def fail_at(self, nth: int, *, sticky: bool) -> None:
        """Count from now on, and let the nth call fail; 0 heals it."""
        self.place[:] = struct.pack("<4q", 0, nth, sticky, self.error)

    @property
    def calls(self) -> int:
        """How many calls there were since."""
        return int(struct.unpack("<4q", self.place[:])[0])


class Steps:
    """One run of steps."""

    def __init__(self, disk: Disk, *, sticky: bool, fresh: bool) -> None:
        """Begin with an agency and a first save, which make all that is made once."""
        self.disk, self.sticky, self.fresh = disk, sticky, fresh
        self.writers = Writers()
        self.writers.write(threads=0, seconds=0)
        self.installed = Installed.here()
        self.kept = [self.writers.save()]
        self.said: list[str] = []
        self.troubles: list[str] = []

    def run(self) -> dict[str, Any]:
        """Step until a save went through without meeting the failing call."""
        for nth in range(1, MOST_STEPS):
            if self.step(nth):
                return self.found(nth - 1)
        self.troubles.append("the steps had no end")
        return self.found(MOST_STEPS)

    def step(self, nth: int) -> bool:
        """One save with one failing call, then one on a healthy disk; True where the failing call was never reached."""
        if self.fresh:
            self.writers.database.connection.close()
        self.disk.fail_at(nth, sticky=self.sticky)
        try:
            self.kept.append(self.writers.save())
        except Exception as err:
            self.said.append(self.writers.said(err))
        self.writers.database.connection.close_if_unusable_or_obsolete()
        reached = self.disk.calls >= nth
        self.disk.fail_at(0, sticky=False)
        self.kept.append(self.writers.save())
        if saves.halves(self.installed) or saves.missing(self.installed, self.kept):
            self.troubles.append(f"call {nth}: {saves.halves(self.installed)}")
        return not reached

    def found(self, steps: int) -> dict[str, Any]:
        """What was found."""
        self.writers.database.connection.close()
        return {
            "steps": steps,
            "refused": len(self.said),
            "said": sorted(set(self.said)),
            "troubles": self.troubles,
            "sound": saves.is_sound(self.installed),
        }


def main() -> None:
    """Step, and tell."""
    control, error, sticky, fresh = sys.argv[1:]
    steps = Steps(Disk(Path(control), int(error)), sticky=sticky == "1", fresh=fresh == "1")
    sys.stdout.write(f"\n{json.dumps(steps.run())}")


if __name__ == "__main__":
    main()
