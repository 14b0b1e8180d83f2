"""Take a table in from first to last: the header first, then line by line, and what finds people at the end."""

import contextlib
import csv
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.basics.errors import NoRoom
from sarana.basics.progress import Progress
from sarana.care.people.finding.actions.building import keep
from sarana.care.people.importing import actions
from sarana.care.people.importing.beside import beside, looking_seldom
from sarana.care.people.importing.drawn import read_drawn
from sarana.care.people.importing.mapping import read_map
from sarana.care.people.importing.rows import Read, check_header, digest_of, read_rows
from sarana.care.people.models import Import

TOGETHER = 5_000
"""Lines that are entered in one transaction."""

MANY = 50_000
"""From so many lines on what finds people is made beside, by another process on another core."""

type Standing = Callable[[], AbstractContextManager[Actor]]
"""The person who takes the table in, for as long as a transaction lasts: her roles are asked anew each time."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a table: lines read, people entered, lines set aside; those entered before a stop are counted."""

    n_read: int
    n_entered: int
    n_aside: int
    n_before: int = 0


def check_table(table: Path, map_path: Path, aside: Path, progress: Progress) -> Taken:
    """Read a table through and enter nobody; lines that would be set aside stand in the report.

    Raises:
        BadFile: PEOPLE-041; BadSetting: PEOPLE-040 as `take_in`.
    """
    told = read_map(map_path)
    check_header(table, told)
    n = n_aside = 0
    _digest, n_lines = digest_of(table, map_path)
    with _report(aside) as note:
        for line in read_rows(table, told):
            n, n_aside = n + 1, n_aside + bool(line.code)
            note(line)
            if n % TOGETHER == 0:
                progress.report(min(n, n_lines), n_lines, "")
    return Taken(n, n - n_aside, n_aside)


def take_in(standing: Standing, agency: UUID, table: Path, map_path: Path, aside: Path, *, progress: Progress) -> Taken:
    """Take a table in; one that was stopped goes on with the first line that is not in yet.

    Its lines come in in an order that chance draws (`drawn`), so that rows do not lie as a list sorted by name.

    Args:
        standing: who takes it in.
        agency: whose people they become.
        table: the file.
        map_path: what its columns mean.
        aside: where lines that were set aside are told, by number and code; no value stands there.
        progress: is told how many lines are in.

    Raises:
        BadFile: PEOPLE-041 the file cannot be read, or a column is missing. BadSetting: PEOPLE-040 it is no map.
        Refused: PEOPLE-003; NotYet: PEOPLE-004, PEOPLE-047, VAULT-002, VAULT-031 as `actions.begin_table`; PEOPLE-013
            as `actions.order_of`.
        Busy: PEOPLE-048 somebody else takes in the same table. NoRoom: PEOPLE-049 the report cannot be written.
    """
    told = read_map(map_path)
    check_header(table, told)
    digest, n_lines = digest_of(table, map_path)
    with standing() as actor:
        row = actions.begin_table(actor, agency, digest)
    before, order = row.n_read, actions.order_of(row)
    lines = read_rows(table, told) if order is None else read_drawn(table, told, order)
    with looking_seldom(), beside(actor, agency, row.pk) if n_lines > MANY else contextlib.nullcontext():
        _enter(standing, row, lines, n_lines=n_lines, aside=aside, progress=progress)
    keep(Actor.local(actor.now), agency, progress)
    return Taken(row.n_read, row.n_entered, row.n_aside, before)


def _enter(
    standing: Standing, row: Import, lines: Iterator[Read], *, n_lines: int, aside: Path, progress: Progress
) -> None:
    """Enter every line that is not in yet, and note that the table has ended."""
    before, seen = row.n_read, 0
    with _report(aside) as note:
        for part in batched(lines, TOGETHER, strict=False):
            for line in part:
                note(line)
            fresh = part[max(0, before - seen) :]
            seen += len(part)
            if fresh:
                with standing() as actor:
                    actions.enter_lines(actor, row, fresh)
            progress.report(min(seen, n_lines), n_lines, "")
    with standing() as actor:
        actions.end_table(actor, row)


@contextlib.contextmanager
def _report(path: Path) -> Iterator[Callable[[Read], None]]:
    """The list of lines that were set aside, in the order of the table, written anew: a stop leaves none twice."""
    aside: list[tuple[int, str]] = []
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            try:
                yield lambda line: aside.append((line.line, line.code)) if line.code else None
            finally:
                csv.writer(file).writerows([("line", "code"), *sorted(aside)])
    except OSError as err:
        raise NoRoom(
            "PEOPLE-049",
            "The list of lines that were set aside cannot be written; what was entered before stays.",
            where=path.name,
            cure="Name another place with --aside, and give the same command again: it goes on.",
        ) from err
