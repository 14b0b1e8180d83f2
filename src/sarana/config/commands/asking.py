"""What every question on the command line shares: the means it may use, what it shows, and how its page is kept."""

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from sarana.config.commands.screen import Screen
from sarana.config.settings import read_settings
from sarana.config.vault import door_for
from sarana.methods.doors import Door
from sarana.methods.questions.asked_run import AskedRun
from sarana.methods.runs.folder import RunFolder, locked
from sarana.methods.runs.means import Means, read_means

GAP = 2
"""So many columns of the terminal lie between two columns of a table."""


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
    """Print a table whose first columns are words and the rest numbers; no word is cut where all words have room.

    Where there is no row that is said, and no heads stand over nothing.
    """
    screen = Console(highlight=False, markup=False)
    if not rows:
        screen.print(f"{title}\n  None.")
        return
    widths = widths_of([*zip(heads, *rows, strict=True)], screen.width)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for at, (head, width) in enumerate(zip(heads, widths, strict=True)):
        table.add_column(head, justify="left" if at < n_words else "right", overflow="fold", width=width)
    for row in rows:
        table.add_row(*row)
    screen.print(table)


def widths_of(columns: Sequence[Sequence[str]], room: int) -> list[int | None]:
    """How wide columns are printed: each as its longest word, then cells, then heads in one line while room lasts.

    Args:
        columns: the head of each column, then its cells.
        room: how wide the whole table may be.

    Returns:
        Columns of the terminal for each; None for each where there is no room for all words.
    """
    widths = [max(cell_len(word) for cell in column for word in cell.split() or [""]) for column in columns]
    left = room - sum(widths) - GAP * (len(columns) - 1)
    if left < 0:
        return [None] * len(columns)
    for first in (1, 0):
        wanted = [max(map(cell_len, column[first:]), default=0) for column in columns]
        for at in sorted(range(len(columns)), key=lambda n: wanted[n] - widths[n]):
            more = min(left, max(0, wanted[at] - widths[at]))
            widths[at] += more
            left -= more
    return [*widths]


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
