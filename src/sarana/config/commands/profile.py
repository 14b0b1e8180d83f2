"""`sarana population profile`: what a province's files are like, before a run."""

import datetime as dt
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sarana.basics.errors import BadFile
from sarana.config.commands.screen import Screen
from sarana.config.settings import read_settings
from sarana.methods.doors import whole_or_nothing
from sarana.methods.engine import Engine
from sarana.methods.population.chain_rows import count_roughly
from sarana.methods.population.chain_told import code_says
from sarana.methods.population.guards import check_guards
from sarana.methods.population.sources import Sources
from sarana.methods.population.sources_file import load_sources
from sarana.methods.questions.profile import OLD_MONTHS, FileProfile, Overlap, Profile, profile_sources
from sarana.methods.questions.profile_codes import UnknownColumn
from sarana.methods.questions.profile_page import PageFacts, profile_page
from sarana.methods.runs.folder import said_plainly
from sarana.methods.runs.means import check_room, engine_memory_mib, read_means

ID_WORDS = {
    "valid": "valid",
    "check": "check digit wrong",
    "length": "not thirteen digits",
    "shared": "on more rows than one person can have",
    "none": "without one",
}
CALENDAR_WORDS = {"common": "common era", "buddhist": "Buddhist era", "unclear": "unclear"}


def profile_command(
    sources: Annotated[Path, typer.Argument(help="SOURCES.toml: what the province's files are.", metavar="SOURCES")],
    *,
    data: Annotated[Path, typer.Option(help="The folder that the files lie in.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    page: Annotated[
        Path | None,
        typer.Option(help="Also write it as a page, such as profile.html; a file of that name is replaced."),
    ] = None,
) -> None:
    """Say what the files are like before a run: missing, invalid, unknown codes, duplicates, freshness, overlap.

    Reads and standardises them as a run would, but does not stop at unknown codes: it lists them. Nothing is written
    but the page that is asked for.
    """
    settings = read_settings(os.environ)
    means = read_means(settings.threads, settings.memory)
    said = load_sources(sources, data)
    if page is not None:
        _check_page(page, said)
    check_guards(said, dt.datetime.now(dt.UTC).astimezone().date())
    _check_files(said)
    check_room(means, count_roughly(said))
    talk = Console(stderr=True, highlight=False)
    with said_plainly(), tempfile.TemporaryDirectory(prefix="sarana-") as temp:
        folders = sorted({path.parent for path in said.files().values()})
        memory = f"{engine_memory_mib(means)}MiB"
        with (
            Engine(threads=means.threads, memory=memory, temp=Path(temp), folders=folders) as engine,
            Screen(talk, {"profile": 1.0}, is_weight=True) as screen,
        ):
            screen.began("profile", 1, 1)
            found = profile_sources(engine, said, screen)
    if page is not None:
        _write_page(page, profile_page(found, PageFacts(said.run.name, is_invented=said.run.invented)))
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        _show(found)
        if page is not None:
            _say(Console(highlight=False, markup=False), f"Page: {page}")


def _check_page(page: Path, sources: Sources) -> None:
    """Refuse, before anything is read, a page that could not be written or would replace a file of the data."""
    is_data = page.resolve() in sources.files().values()
    if is_data or page.is_dir() or not page.parent.is_dir() or not os.access(page.parent, os.W_OK):
        raise BadFile(
            "PROFILE-001",
            "The page cannot be written there.",
            where=str(page),
            cure="Name a file in a folder that is there and may be written, and not one of the data files.",
        )


def _write_page(page: Path, text: bytes) -> None:
    with said_plainly(), whole_or_nothing(page) as part:
        part.write_bytes(text)


def _check_files(sources: Sources) -> None:
    for name, path in sources.files().items():
        if not path.is_file():
            raise BadFile(
                "RUN-006", "The file is not there.", where=name, cure="See that --data names the right folder."
            )


def _show(found: Profile) -> None:
    """Every file, then the overlaps, then what to do first."""
    screen = Console(highlight=False, markup=False)
    for file in found.files:
        _show_file(screen, file)
    if found.overlaps:
        _show_overlaps(screen, found.overlaps)
    if found.would_stop:
        _say(screen, "A run would stop at the unknown codes above: add them to `codes` or to the crosswalk first.")
    _say(screen, f"These figures are {found.status}.")


def _show_file(screen: Console, file: FileProfile) -> None:
    n = file.n_rows
    used = n - sum(file.set_aside.values())
    _say(screen, f"{file.source}: {file.path}, {n:,} rows", style="bold")
    _counts(screen, "Would be set aside", {_says(code): m for code, m in file.set_aside.items()}, n)
    _fields(screen, file, used)
    for column in file.unknown:
        _unknown(screen, column)
    _counts(screen, "National IDs", {ID_WORDS[state]: m for state, m in file.ids.items()}, used)
    if file.ids:
        _say(screen, f"  {file.n_ids_again:,} valid IDs stand on two rows or more.")
    _counts(screen, "Dates of birth", {CALENDAR_WORDS[name]: m for name, m in file.calendars.items()}, used)
    _counts(screen, "Names by script", file.scripts, used)
    _say(screen, f"Values are said to date from {file.declared}.")
    if file.oldest and file.newest:
        span = f"from {file.oldest}" if file.oldest == file.newest else f"from {file.oldest} to {file.newest}"
        share = share_said(file.n_old, used)
        _say(screen, f"  Its rows date {span}; {file.n_old:,} ({share}) are older than {OLD_MONTHS} months.")
    _counts(screen, "Rows that go on with a flag", {_says(code): m for code, m in file.flags.items()}, used)
    screen.print()


def _fields(screen: Console, file: FileProfile, used: int) -> None:
    """The table of fields that miss something."""
    table = Table(box=None, pad_edge=False, title="Missing, by field", title_justify="left")
    table.add_column("field")
    for name in ("rows without", "share", "of them taken away on reading", "more that cannot be used"):
        table.add_column(name, justify="right")
    for field in sorted(file.fields, key=lambda each: (-each.n_missing - each.n_unusable, each.field)):
        counts = (f"{field.n_taken:,}", f"{field.n_unusable:,}")
        table.add_row(field.field, f"{field.n_missing:,}", share_said(field.n_missing, used), *counts)
    screen.print(table)
    for facts in file.facts:
        share = share_said(facts.n_strays, facts.n_rows)
        _say(screen, f"{facts.path}: {facts.n_rows:,} rows, of which {facts.n_strays:,} ({share}) belong to nobody.")


def _unknown(screen: Console, column: UnknownColumn) -> None:
    """The unknown codes of one column."""
    does = "a run would stop" if column.is_stopping else "they become missing"
    _say(screen, f"{column.column}: {column.n_codes:,} unknown codes on {column.n_rows:,} rows; {does}")
    for code in column.codes:
        hint = f"; did you mean '{code.suggestion}'?" if code.suggestion else ""
        _say(screen, f"  '{code.code}' on {code.n_rows:,} rows{hint}")
    n_kept = column.n_codes - len(column.codes)
    if n_kept:
        n_rows = column.n_rows - sum(code.n_rows for code in column.codes)
        _say(screen, f"  {n_kept:,} on {n_rows:,} rows are not quoted: they may be people's own words.")


def _show_overlaps(screen: Console, overlaps: tuple[Overlap, ...]) -> None:
    table = Table(box=None, pad_edge=False, title="Distinct valid IDs that stand in two files", title_justify="left")
    for name in ("file", "and file", "IDs in both", "of the first", "of the second"):
        table.add_column(name, justify="left" if "file" in name else "right")
    for each in overlaps:
        if each.n_both is None:
            told = ("withheld", "", "")
        else:
            shares = ("-" if s is None else share_said(s, 1000) for s in (each.share_left, each.share_right))
            told = (f"{each.n_both:,}", *shares)  # type: ignore[assignment]
        table.add_row(each.left, each.right, *told)
    screen.print(table)
    if any(each.n_both is None for each in overlaps):
        _say(screen, "Withheld: so few IDs stand in both files, or in one of them only, that people could be known.")
    screen.print()


def _counts(screen: Console, title: str, counts: Mapping[str, int], whole: int) -> None:
    """Counts that are not 0, the largest first."""
    told = sorted(((n, what) for what, n in counts.items() if n), key=lambda each: (-each[0], each[1]))
    if not told:
        return
    table = Table(box=None, pad_edge=False, title=title, title_justify="left", show_header=False)
    for side in ("right", "right"):
        table.add_column(justify=side, no_wrap=True)
    table.add_column(overflow="fold")
    for n, what in told:
        table.add_row(f"{n:,}", share_said(n, whole), Text(what))
    screen.print(table)


def share_said(part: int, whole: int) -> str:
    """A share in per cent: whole numbers, but never 0 or 100 when it is not."""
    if whole <= 0:
        return "-"
    percent = (200 * part + whole) // (2 * whole)
    if percent == 0 < part:
        return "< 1 %"
    return "> 99 %" if percent == 100 and part < whole else f"{percent} %"


def _says(code: str) -> str:
    return f"{code} {code_says().get(code, '')}".strip()


def _say(screen: Console, text: str, *, style: str = "") -> None:
    screen.print(Text(text, style=style), soft_wrap=True)
