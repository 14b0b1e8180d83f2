"""Migrates step by step, is killed at moments of each step, and does it again.

    python tests/faults/migrating.py SHARE

For each migration in the order of the plan: a fork brings the database to it and counts the statements; then five
moments are spread over them, and at each a fork is killed with its database in the state before, does it again, and the
database must be the same as that of an undisturbed run, row for row. SHARE is the part of the migrations that is tried,
the newest of each room first. Prints what was found, as JSON.
"""

import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from faults.old_rows import fill
from sarana.config.web import start

MOMENTS = 5
Step = tuple[str, str]


def main() -> None:
    """Walk over the plan; tell."""
    start.start()
    share = float(sys.argv[1])
    file = Path(os.environ["SARANA_HOME"]) / "sarana.sqlite3"
    plan = in_a_fork(plan_of)
    tried = chosen([tuple(step) for step in plan], share)
    kills, differ = 0, []
    for step in [tuple(step) for step in plan]:
        before = keep(file, "before")
        n = in_a_fork(lambda step=step: counted(step))
        whole, after = contents(file), keep(file, "after")
        for moment in moments(n) if step in tried else ():
            back(before, file)
            kills += killed(lambda step=step, moment=moment: migrate(step, kill_at=moment))
            in_a_fork(lambda step=step: migrate(step))
            if contents(file) != whole:
                differ.append([*step, moment])
        back(after, file)
        in_a_fork(lambda step=step: fill(*step))
    found = {"migrations": len(plan), "tried": len(tried), "kills": kills, "differ": differ, "rows": n_rows(file)}
    sys.stdout.write(json.dumps(found))


def plan_of() -> list[Step]:
    """All migrations, in the order in which they are done."""
    executor = _executor()
    return [(m.app_label, m.name) for m, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def chosen(plan: list[Step], share: float) -> set[Step]:
    """The newest part of the migrations of our own rooms, or all there are."""
    if share >= 1:
        return set(plan)
    ours = [step for step in plan if step[0] in OURS]
    return set(ours[-max(2, round(share * len(ours))) :])


OURS = ("accounts", "ledger", "desk", "pages")


def moments(n_statements: int) -> list[int]:
    """Five statements spread over all, the first and the last among them."""
    spread = {round(1 + at * (n_statements - 1) / (MOMENTS - 1)) for at in range(MOMENTS)}
    return sorted(at for at in spread if at >= 1)


def migrate(step: Step, kill_at: int = 0) -> int:
    """Bring the database to a migration; gives the number of statements, or is killed before one of them."""
    seen = 0

    def count(execute: Callable[..., Any], *asked: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*asked)

    with import_module("django.db").connection.execute_wrapper(count):
        _executor().migrate([step])
    return seen


def counted(step: Step) -> int:
    """The number of statements of a migration."""
    return migrate(step)


def in_a_fork(do: Callable[[], Any]) -> Any:
    """What a process of its own gives back, which opens the database and closes it by ending."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, json.dumps(do()).encode())
        import_module("django.db").connection.close()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return json.loads(said)


def killed(do: Callable[[], Any]) -> int:
    """1 for a process that was killed on the way."""
    child = os.fork()
    if child == 0:
        do()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    return 1


def keep(file: Path, name: str) -> Path:
    """A copy of the database and of what belongs to it."""
    kept = file.with_name(name)
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir()
    for part in file.parent.glob(f"{file.name}*"):
        shutil.copy2(part, kept)
    return kept


def back(kept: Path, file: Path) -> None:
    """Put a copy in the place of the database."""
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    for part in kept.iterdir():
        shutil.copy2(part, file.parent)


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """The database, read."""
    with closing(sqlite3.connect(file)) as connection:
        yield connection


def contents(file: Path) -> tuple[list[Any], dict[str, list[Any]]]:
    """Every table, index and trigger, and every row but the times at which migrations were done."""
    with reading(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        shape = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        tables = [name for kind, name, _ in shape if kind == "table" and name != "django_migrations"]
        rows = {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in tables}
        rows["done"] = sorted(map(repr, connection.execute("SELECT app, name FROM django_migrations")))
    return shape, rows


def n_rows(file: Path) -> int:
    """The rows of our own rooms."""
    with reading(file) as connection:
        tables = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        ours = [name for name in tables if name.startswith(OURS)]
        return sum(int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in ours)


def _executor() -> Any:
    database: Any = import_module("django.db")
    return import_module("django.db.migrations.executor").MigrationExecutor(database.connection)


if __name__ == "__main__":
    main()
