"""What every question on the command line shares: the means it may use, what it shows, and how its page is kept."""

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from sarana.config.commands.screen import Screen
from sarana.config.settings import read_settings
from sarana.config.vault import door_for
from sarana.methods.doors import Door
from sarana.methods.questions.asked_run import AskedRun
from sarana.methods.runs.folder import RunFolder, locked
from sarana.methods.runs.means import Means, read_means


def question_means() -> Means:
    """Threads and memory as the environment says."""
    settings = read_settings(os.environ)
    return read_means(settings.threads, settings.memory)


def question_door(*runs: Path) -> Door:
    """The door through which the files of runs are read: it opens those that are sealed."""
    return door_for(read_settings(os.environ), *runs, today=dt.datetime.now(dt.UTC).astimezone().date())


def watched(question: str) -> Screen:
    """Shows on the error stream how far a question is."""
    screen = Screen(Console(stderr=True, highlight=False), {question: 1.0}, is_weight=True)
    screen.began(question, 1, 1)
    return screen


def tell_json(run: AskedRun, question: str, answer: Any) -> None:
    """Print an answer as JSON, and nothing else."""
    head = {
        "question": question,
        "run": run.name,
        "as_of": run.as_of,
        "set": f"{run.settings.set.id} {run.settings.set.version}",
        "status": run.status,
    }
    said = msgspec.json.encode({**head, **msgspec.to_builtins(answer)})
    typer.echo(msgspec.json.format(said, indent=2).decode())


def tell_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, n_words: int = 1) -> None:
    """Print a table whose first columns are words and the rest numbers."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for at, head in enumerate(heads):
        table.add_column(head, justify="left" if at < n_words else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)


def tell(sentence: str) -> None:
    """Print a sentence."""
    Console(highlight=False).print(sentence, markup=False, soft_wrap=True)


def keep_page(run: Path, name: str, page: bytes) -> Path:
    """Write a page into the run folder, whole or not at all.

    Raises:
        NotYet: RUN-003 another process is writing the run.
        BadFile: RUN-008 the folder cannot be written.
        NoRoom: ENGINE-004 the disk is full.
    """
    with locked(run):
        RunFolder(run).write(name, page)
    return run / name
