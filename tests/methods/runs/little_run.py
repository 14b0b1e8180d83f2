"""A little run of three steps over one CSV file, for the tests of the runner; run as a script it can be killed."""

import sys
import time
from functools import partial
from pathlib import Path

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine
from sarana.methods.runs.folder import CARD, KIND, RunFolder, opened
from sarana.methods.runs.means import Means
from sarana.methods.runs.receipts import Receipt
from sarana.methods.runs.runner import Unwatched, run_steps
from sarana.methods.runs.steps import Output, Product, Step

MEANS = Means(threads=2, memory_mib=1500)
CARD_TEXT = f'kind = "{KIND}"\nerased = false\n'


def write_source(path: Path, n_rows: int = 2000, *, backwards: bool = False) -> Path:
    """A file of invented rows with a key, a group and a number."""
    numbers = range(n_rows - 1, -1, -1) if backwards else range(n_rows)
    lines = [f"r{n:06d},g{n * 7 % 11},{n * n % 97}" for n in numbers]
    path.write_text("\n".join(["key,team,points", *lines]) + "\n", encoding="utf-8")
    return path


def read_rows(engine: Engine, progress: Progress, *, source: Path, wait: float) -> StepReport:
    asked = "SELECT key, team, points::BIGINT AS points FROM read_csv(?, header = true) ORDER BY key"
    engine.lend("rows", engine.arrow(asked, [str(source)]))
    time.sleep(wait)
    (n_rows,) = engine.row("SELECT count(*) FROM rows")
    progress.report(1, 1, "read")
    return StepReport(rows_in=n_rows, rows_out=n_rows)


def add_up(engine: Engine, progress: Progress, *, wait: float, least: int) -> StepReport:
    engine.run(
        "CREATE TABLE teams AS SELECT team, sum(points)::BIGINT AS points, count(*) AS n FROM rows "
        f"WHERE points >= {least} GROUP BY team"
    )
    time.sleep(wait)
    (n_rows,) = engine.row("SELECT count(*) FROM rows")
    (n_kept,) = engine.row("SELECT sum(n)::BIGINT FROM teams")
    return StepReport(rows_in=n_rows, rows_out=n_kept, set_aside={"TEST-001": n_rows - n_kept}, counts={"teams": 11})


def tell(engine: Engine, progress: Progress, *, wait: float) -> StepReport:
    time.sleep(wait)
    return StepReport(rows_in=11, rows_out=11)


def told(engine: Engine) -> bytes:
    return "\n".join(
        f"{team} {points}" for team, points in engine.rows("SELECT team, points FROM teams ORDER BY team")
    ).encode()


def little_steps(source: Path, *, least: int = 0, wait: float = 0.0) -> tuple[Step, ...]:
    return (
        Step(
            number=1,
            name="read",
            work=partial(read_rows, source=source, wait=wait),
            files={"source": source},
            writes=(Output("rows", "work/rows.parquet"),),
        ),
        Step(
            number=2,
            name="add",
            work=partial(add_up, wait=wait, least=least),
            settings={"least": least},
            reads=("rows",),
            writes=(Output("teams", "people.parquet", "SELECT * FROM teams ORDER BY team"),),
        ),
        Step(
            number=3,
            name="tell",
            work=partial(tell, wait=wait),
            reads=("teams",),
            products=(Product("report.html", told),),
        ),
    )


class Noted(Unwatched):
    """A watcher that notes which steps were done and which skipped."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.skipped: list[str] = []

    def ended(self, receipt: Receipt, *, skipped: bool) -> None:
        (self.skipped if skipped else self.done).append(receipt.step)


def do_little_run(
    source: Path, out: Path, *, resume: bool = False, means: Means = MEANS, least: int = 0, wait: float = 0.0
) -> tuple[tuple[Receipt, ...], Noted]:
    noted = Noted()
    with opened(out, resume=resume) as folder:
        start(folder)
        return run_steps(little_steps(source, least=least, wait=wait), folder, means, noted), noted


def start(folder: RunFolder) -> None:
    folder.write(CARD, CARD_TEXT.encode())


def file_hashes(out: Path) -> dict[str, bytes]:
    """The bytes of every file but receipts, which may tell times."""
    return {
        str(file.relative_to(out)): file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file() and file.parent.name != "receipts"
    }


if __name__ == "__main__":
    do_little_run(Path(sys.argv[1]), Path(sys.argv[2]), resume=True, wait=float(sys.argv[3]))
