"""Erasing: the person-level files of a run go, what may be kept stays, and the folder says that it was erased."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sarana.basics.errors import BadFile
from sarana.methods.runs.folder import CARD, LOCK, PART, RECEIPTS, SEAL, WORK, RunFolder, find_card, locked
from sarana.methods.runs.sealed import RunSeal, find_seal

KEPT = frozenset(
    {
        "areas.parquet",
        "area-answers.parquet",
        "area-sectors.parquet",
        "area-better.parquet",
        "areas.geojson",
        "report.html",
        "indicator-set.toml",
        RECEIPTS,
        CARD,
        LOCK,
        SEAL,
    }
)
"""What stays: protected figures, the report made from them, and the record of the run."""

PAGE = re.compile(r"report-[a-z]+\.html")
"""Pages that answer a question: made of protected figures only, as the report."""

PERSON_LEVEL = (
    "people.parquet",
    "review.parquet",
    "scores.parquet",
    "contributions.parquet",
    "refer-now.parquet",
    "judged.parquet",
    "standardised.parquet",
    "set-aside.parquet",
    "areas-internal.parquet",
)
"""Files of the contract that go: rows about people, and the figures that were not protected."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, and what else lies in the folder that a run did not write."""

    n_files: int
    n_bytes: int
    foreign: tuple[str, ...]
    is_key_destroyed: bool | None
    """None where the run was not sealed; False where its key is not here."""


def person_files(path: Path) -> list[Path]:
    """The files of a run that erasing would remove, those of `work/` and half-written ones with them.

    Raises:
        BadFile: RUN-002 the folder holds no run of ours.
    """
    if find_card(path) is None:
        raise BadFile(
            "RUN-002", "This folder holds no run of Sarana.", where=str(path), cure="Name the folder that --out named."
        )
    work = path / WORK
    inside = [file for file in work.rglob("*") if not file.is_dir()] if work.is_dir() and not work.is_symlink() else []
    return sorted({*(path / name for name in PERSON_LEVEL if (path / name).exists()), *path.glob(f"*{PART}"), *inside})


def nothing_destroyed(_seal: RunSeal) -> bool:
    """There is no key to destroy."""
    return False


def erase_run(path: Path, destroy: Callable[[RunSeal], bool] = nothing_destroyed) -> Erased:
    """Remove the person-level files of a run: its key first, so that no copy of them opens any more, then the files.

    The folder is marked before its files go, so that a half-done erasing is done again.

    Args:
        path: the run folder.
        destroy: destroys the key of a sealed run, and says whether it was here.

    Raises:
        BadFile: RUN-002 the folder holds no run of ours.
        NotYet: RUN-003 a run is writing it.
    """
    person_files(path)
    with locked(path):
        files = person_files(path)
        n_bytes = sum(file.lstat().st_size for file in files)
        seal = find_seal(path)
        is_key_destroyed = destroy(seal) if seal else None
        _mark(path)
        for file in files:
            file.unlink(missing_ok=True)
        work = path / WORK
        if work.is_symlink():
            work.unlink()
        shutil.rmtree(work, ignore_errors=True)
        there = {item.name for item in path.iterdir()} - KEPT
        foreign = tuple(sorted(name for name in there if not PAGE.fullmatch(name)))
    return Erased(n_files=len(files), n_bytes=n_bytes, foreign=foreign, is_key_destroyed=is_key_destroyed)


def _mark(path: Path) -> None:
    card = (path / CARD).read_text(encoding="utf-8")
    marked = re.sub(r"^erased = false$", "erased = true", card, count=1, flags=re.MULTILINE)
    RunFolder(path).write(CARD, marked.encode())


def erase_swept(folder: Path, run: str) -> bool:
    """Erase the files of a run whose key was destroyed, where its folder still is that run's; gives whether it was.

    A folder without the card of a run is somebody else's to take away.
    """
    seal = find_seal(folder) if folder.is_dir() and find_card(folder) else None
    if seal is None or seal.run != run:
        return False
    erase_run(folder, lambda _seal: True)
    return True
