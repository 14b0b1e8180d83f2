"""The run of an update: its folder, its steps as the command has them, and what its protected tables become."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from sarana.basics.errors import NotYet
from sarana.basics.progress import Progress
from sarana.ground.vault import places
from sarana.learning.population.pairs.keeping import Sealed, open_rows, write_judged
from sarana.learning.population.sources.describing import Asked, Chosen, laid_out
from sarana.learning.population.sources.keys import keys_of_runs, seal_folder
from sarana.methods.population.chain import Plan, run_population
from sarana.methods.population.chain_steps import chain_steps
from sarana.methods.population.codes import UnknownCodes
from sarana.methods.population.earlier_tables import released_tables
from sarana.methods.population.guards import check_guards
from sarana.methods.population.protected_tables import ProtectedRun, read_protected
from sarana.methods.runs.folder import opened
from sarana.methods.runs.handed import HandedDoor
from sarana.methods.runs.means import Means, check_room
from sarana.methods.runs.receipts import Receipt
from sarana.methods.runs.sealed import OPEN, find_seal

FOLDER = "runs"
PARTS = 100
"""So finely the progress of a step of the chain is told."""


def folder_of(ref: object) -> Path:
    """Where the run of an update lies, sealed."""
    return Path(settings.SARANA_HOME) / FOLDER / str(ref)


class _Watching:
    """Tells how far all steps together are, by how far the present one is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._number, self._n_steps = 1, 1

    def began(self, step: str, number: int, n_steps: int) -> None:
        """A step begins."""
        self._number, self._n_steps = number, n_steps
        self.report(0, 1, step)

    def report(self, done: int, total: int, what: str) -> None:
        """How far the present step is."""
        part = PARTS * done // total if total else 0
        self._progress.report((self._number - 1) * PARTS + min(part, PARTS), self._n_steps * PARTS, what)

    def ended(self, receipt: Receipt, *, skipped: bool) -> None:
        """A step ended."""
        del skipped
        self.report(1, 1, receipt.step)


def run_update(
    ref: object,
    asked: Asked,
    areas: Chosen,
    chosen: Sequence[Chosen],
    *,
    means: Means,
    today: dt.date,
    until: dt.date,
    after: Sequence[Path],
    judged: Sequence[Sealed],
    progress: Progress,
) -> int:
    """Do every step that is not done yet, in a folder that is sealed before its first file; gives the rows read.

    What people `judged` of pairs in the province is laid beside it, sealed, and holds.

    Raises:
        NotYet: POPULATION-042 codes are not known.
        And the faults of the guards and of the steps.
    """
    check_room(means, sum(each.n_lines for each in chosen))
    door = HandedDoor(keys_of_runs(today), places.unlocked)
    with (
        laid_out(asked, areas, chosen) as (sources, _data),
        opened(folder_of(ref), resume=True, door=door) as folder,
    ):
        check_guards(sources, today)
        seal_folder(folder.path, today=today, until=until)
        known = write_judged(folder.path, door, open_rows(judged))
        plan = Plan(sources=sources, steps=chain_steps(sources, None, tables_beside(after, today), None, known))
        try:
            outcome = run_population(plan, folder, means, _Watching(progress))
        except UnknownCodes as err:
            raise NotYet(
                "POPULATION-042",
                "Codes in the files are not known.",
                where=", ".join(sorted({each.source for each in err.unknown})),
                cure="Look through the files of these sources, say what the codes mean, and go on.",
            ) from None
    return outcome.receipts[0].rows_in


def tables_beside(after: Sequence[Path], today: dt.date) -> dict[str, Path]:
    """The tables of earlier runs beside which one is made; what lies behind a run whose last day is over is shut.

    The sweep erases it, and may not have come yet: the protected table alone counts, as it does afterwards.

    Raises:
        BadFile: RUN-010 a folder holds no protected table.
    """
    shut = {folder for folder in after if (seal := find_seal(folder)) is not None and seal.until < today}
    return {name: path for name, path in released_tables(after).items() if path.name in OPEN or path.parent not in shut}


def protected_of(ref: object, today: dt.date) -> ProtectedRun:
    """What the finished run of an update may show."""
    return read_protected(folder_of(ref), HandedDoor(keys_of_runs(today), places.unlocked))
