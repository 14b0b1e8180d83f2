"""Disks that are filled up."""

import shutil
from pathlib import Path


def free_mib(place: Path) -> float:
    """How much room there is."""
    return shutil.disk_usage(place).free / 1024 / 1024


def fill(place: Path, *, left_mib: int) -> Path:
    """A file that leaves so much room, or none at all."""
    ballast = place / "ballast"
    with ballast.open("ab", buffering=0) as file:
        while (room := int((free_mib(place) - left_mib) * 1024 * 1024)) > 0:
            file.write(bytes(min(room, 1 << 20)))
    return ballast
