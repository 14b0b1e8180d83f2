"""`sarana population validate`: a back-test of a run's index on known cases that were not used to score."""

import datetime as dt
import math
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from sarana.basics.actors import Actor
from sarana.basics.errors import BadSetting
from sarana.basics.progress import Silent
from sarana.config.commands.asking import question_door, tell_table
from sarana.config.settings import read_settings
from sarana.config.vault import unlocked
from sarana.config.web import start
from sarana.methods.engine import Engine
from sarana.methods.population.report.words import Words
from sarana.methods.questions.asked_run import find_run
from sarana.methods.questions.validate import ValidateSettings, Validation, validate_run
from sarana.methods.questions.validate_index import overlapping
from sarana.methods.questions.validate_known import KNOWN_CASES, closed_bytes, read_known
from sarana.methods.questions.validate_lines import CaseLine
from sarana.methods.questions.validate_page import (
    CASE_HEADS,
    ERROR_HEADS,
    PAGE,
    case_cells,
    counts_said,
    error_cells,
    plain,
    reason_said,
    text_of,
    validate_page,
    validate_words,
    verdict_said,
)
from sarana.methods.runs.folder import RunFolder, locked
from sarana.methods.sealing.letters import is_letter, open_letter

PIPED = Path("-")
BACK_TESTS = "sarana.learning.population.backtests.actions"


def validate_command(
    run: Annotated[Path, typer.Argument(help="The run folder.")],
    *,
    known: Annotated[
        Path,
        typer.Option(
            help="Known cases, CSV or Parquet, open or sealed (sarana keys seal): source, row_id, known_on; "
            "- for standard input."
        ),
    ],
    drop: Annotated[
        str | None,
        typer.Option(
            help="Indicators that overlap with the outcome, such as s01,s02; none for none. "
            "Unless said: all that look at a register the known cases come from."
        ),
    ] = None,
    ratio: Annotated[
        float, typer.Option(help="By how much the share of known cases missed in a group may exceed that of all.")
    ] = 1.25,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    page: Annotated[bool, typer.Option("--page", help="Write the page report-validate.html into the run.")] = False,
    is_taken_in: Annotated[
        bool, typer.Option("--take-in", help="Show the answer on the web too, where the run is shown.")
    ] = False,
    cases: Annotated[
        str, typer.Option(help="With --take-in: which cases became known: presumed, confirmed or other.")
    ] = "",
) -> None:
    """Back-test the index on known cases that were not used to score; only protected figures come out.

    Says passed, not passed or not judged. Nothing about the known cases is kept in the run. With --take-in the maps of
    the run are called by the verdict; of a second back-test of a run the web shows the verdict alone.
    """
    if not 1 <= ratio < math.inf:
        raise BadSetting("VALIDATE-009", f"{ratio} is no ratio.", where="--ratio", cure="Give 1 or more.")
    finished = find_run(run)
    finished.check_answers_may_leave()
    operator = Actor.local(dt.datetime.now(dt.UTC))
    if is_taken_in:
        start.door(f"{BACK_TESTS}.check_may_keep")(operator, finished.fingerprint, cases=cases)
    is_invented = finished.is_invented
    piped = known == PIPED
    where = "standard input" if piped else str(known)
    data = sys.stdin.buffer.read() if piped else closed_bytes(known, is_invented=is_invented)
    means = read_settings(os.environ)
    if is_letter(data):
        data = open_letter(data, unlocked(means, data=[run]), about=KNOWN_CASES, where=where)
    today = dt.datetime.now(dt.UTC).astimezone().date()
    declared = None if drop is None else tuple(name.strip().lower() for name in drop.split(",") if name.strip())
    settings = ValidateSettings(today=today, drop=declared, most_ratio=ratio)
    read = read_known(data, where, today)
    if is_taken_in:
        usual = overlapping(finished.settings, None, set(read.source.to_pylist()))
        if declared is not None and set(usual) - set(declared):
            raise start.door(f"{BACK_TESTS}.too_easy")("--drop")
    with (
        tempfile.TemporaryDirectory(prefix="sarana-") as temp,
        Engine(
            threads=means.threads, memory=means.memory, temp=Path(temp), folders=[run], door=question_door(run)
        ) as engine,
    ):
        found = validate_run(engine, finished, read, settings, Silent(), where=where)
    if page:
        with locked(run):
            RunFolder(run).write(PAGE, validate_page(found))
    if as_json:
        typer.echo(_json(found))
    else:
        _tell(found, run / PAGE if page else None)
    if is_taken_in:
        _kept, is_new = start.door(f"{BACK_TESTS}.keep")(operator, found, cases=cases)
        typer.echo("Taken in." if is_new else "It is on the web already; nothing was changed.", err=True)


def _json(found: Validation) -> str:
    words = Words("en", validate_words())
    said = msgspec.to_builtins(found)
    for told, reason in zip(said["reasons"], found.reasons, strict=True):
        told["says"] = plain(reason_said(words, found, reason))
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode()


def _tell(found: Validation, page: Path | None) -> None:
    words = Words("en", validate_words())
    say = Console(highlight=False)
    lead = words("validate-run", place=found.run, set=found.set, version=found.version, day=words.date(found.as_of))
    say.print(f"{plain(words('validate-title'))}: {plain(lead)}", markup=False, soft_wrap=True)
    say.print(f"{plain(verdict_said(words, found))}.", style="bold", markup=False)
    for reason in found.reasons:
        say.print(f"- {plain(reason_said(words, found, reason))}", markup=False, soft_wrap=True)
    for name, value in counts_said(words, found):
        say.print(f"{plain(name)}: {plain(value)}", markup=False, soft_wrap=True)
    _cases(words, "tenths", found.tenths)
    _cases(words, "validate-bands", found.bands)
    for kind in dict.fromkeys(line.division for line in found.errors):
        rows = (error_cells(words, line) for line in found.errors if line.division == kind)
        _table(words, f"errors-{kind}", ERROR_HEADS, rows)
    say.print(plain(words("errors-about", ratio=f"{found.most_ratio:.2f}")), markup=False, soft_wrap=True)
    if page:
        say.print(f"Page: {page}", markup=False, soft_wrap=True)
    say.print(plain(words("notice")), markup=False, soft_wrap=True)


def _cases(words: Words, at: str, lines: tuple[CaseLine, ...]) -> None:
    is_band = at == "validate-bands"
    named = [words(f"band-{line.key}") if is_band else words.number(int(line.key)) for line in lines]
    cells = [case_cells(words, line, name) for line, name in zip(lines, named, strict=True)]
    _table(words, f"{at}-title", ("head-band" if is_band else "head-tenth", *CASE_HEADS), cells)


def _table(words: Words, title: str, heads: tuple[str, ...], rows: Iterable[Sequence[str]]) -> None:
    tell_table(text_of(words(title)), [text_of(words(head)) for head in heads], [[*map(text_of, row)] for row in rows])
