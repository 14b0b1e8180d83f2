"""Laying the queue of a run out: the run folder is opened once, and each pair becomes one small sealed file."""

import contextlib
import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from uuid import UUID

import msgspec

from sarana.basics.errors import NotYet, Refused
from sarana.basics.references import new_ref
from sarana.ground.vault import places
from sarana.learning.population.opened.shelves import ENDING, Shelf, folder_of, make_shelf, open_shelf
from sarana.learning.population.pairs.keeping import Before, Claim, Opened, is_objected, open_rows, open_rows_of_one
from sarana.learning.population.sources.keys import keys_of_runs
from sarana.methods.questions.asked_run import asked
from sarana.methods.questions.pairs import Pair as Content
from sarana.methods.questions.pairs import choose_pairs
from sarana.methods.questions.pairs_of_people import pairs_of_people
from sarana.methods.runs.handed import HandedDoor
from sarana.methods.runs.means import Means

KIND = "pairs"
TWICE_EVERY = 10
"""One in so many pairs goes to two people, so that it is known how often they agree."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A pair of the queue as rows know it: nothing of the people in it."""

    ref: UUID
    place: int
    sure: str
    needs: int
    asked_by: frozenset[UUID] = frozenset()
    instead_of: UUID | None = None


def lay_out_pairs(run_ref: UUID, run_folder: Path, means: Means, *, today: dt.date, before: Before) -> list[Laid]:
    """Lay out the pairs of a run that a person is to judge; done again, pairs that stay keep their reference.

    Files of pairs that are in the queue no more stay until the rows say so (`drop_others`).

    Args:
        run_ref: the run on the web.
        run_folder: where it lies.
        means: threads and memory.
        today: the day of the work.
        before: what was judged already, who objected, and of whom a row was said to be of somebody else.

    Raises:
        As `asked`, `make_shelf` and `open_rows`.

    Cost: as `choose_pairs`, and opening four files of the run.
    """
    # Also a run that was not given what was judged asks for it no more: it holds in the next run that is given it.
    others = open_rows(before.others)
    door = HandedDoor(keys_of_runs(today), places.unlocked)
    shelf = make_shelf(run_ref, run_folder, today=today)
    known = _lying(shelf, before.met) | {each.rows: each.pair_ref for each in open_rows(before.own)}
    rows_said = open_rows_of_one(before.corrected)
    with asked(run_folder, means, door) as (engine, _run):
        corrected = [] if not rows_said else pairs_of_people(engine, rows_said.keys())
        found = choose_pairs(engine, [each.rows for each in others])
    claims = {
        (pair.left, pair.right): reduce(Claim.and_of, (rows_said[row] for row in rows)) for pair, rows in corrected
    }
    said_by = {rows: claim.by for rows, claim in claims.items() if not _is_answered(rows, claim, others)}
    found = [pair for pair, _rows in corrected if (pair.left, pair.right) in said_by] + [
        pair for pair in found if (pair.left, pair.right) not in said_by
    ]
    pairs = [pair for pair in found if not is_objected((pair.left, pair.right), before.objected)]
    laid = []
    for place, pair in enumerate(pairs, start=1):
        was, by = known.get((pair.left, pair.right)), said_by.get((pair.left, pair.right), frozenset())
        is_anew = bool(by) and was is not None and was in before.met and not before.met[was].holds_for(by)
        ref = new_ref() if was is None or is_anew else was
        shelf.put(_name(ref), msgspec.json.encode(pair))
        is_twice = bool(by) or (not pair.sure and place % TWICE_EVERY == 0)
        laid.append(Laid(ref, place, pair.sure, 2 if is_twice else 1, by, was if is_anew else None))
    return laid


def _is_answered(rows: tuple[str, str], claim: Claim, judged: Sequence[Opened]) -> bool:
    """Whether two others judged these rows in the queue of another run since somebody claimed something of them."""
    return any(each.answers(claim) for each in judged if set(each.rows) == set(rows))


def drop_others(run_ref: UUID, kept: Collection[UUID]) -> None:
    """Take away the files of pairs that are in the queue of a run no more; nothing is opened."""
    names = {_name(ref).partition("/")[2] for ref in kept}
    for path in (folder_of(run_ref) / KIND).glob(f"*{ENDING}"):
        if path.name.removesuffix(ENDING) not in names:
            path.unlink(missing_ok=True)


def lay_out_of(run_ref: UUID | None, folder: Path, means: Means, *, today: dt.date, before: Before) -> list[Laid]:
    """The same for the run of an update.

    Raises:
        NotYet: POPULATION-119 its tables were not taken in.
    """
    if run_ref is None:
        raise not_shown()
    return lay_out_pairs(run_ref, folder, means, today=today, before=before)


def open_queue(run_ref: UUID, today: dt.date) -> Shelf:
    """The shelf on which the pairs of a run lie.

    Raises:
        NotYet: POPULATION-090 nothing was laid out; and what keeps its key from being opened.
        Refused: VAULT-012 the run's last day is over.
    """
    return open_shelf(run_ref, today=today)


def read_pair(shelf: Shelf, ref: UUID) -> Content:
    """What a pair says.

    Raises:
        NotYet: POPULATION-115 it lies here no more.
        Refused: VAULT-001 it was changed, or put in another's place.
    """
    found = shelf.find(_name(ref))
    if found is None:
        raise laid_out_anew()
    return msgspec.json.decode(found, type=Content)


def laid_out_anew() -> NotYet:
    """What is said of a pair that left the queue."""
    return NotYet(
        "POPULATION-115",
        "This pair lies here no more: the queue was laid out anew.",
        cure="Go back to the queue, and take the next pair.",
    )


def not_shown() -> NotYet:
    """What is said of a run that is not shown, whose pairs nobody judges."""
    return NotYet(
        "POPULATION-119",
        "This run is not shown here, so no pairs of it are judged.",
        cure="Take it in first: sarana population take-in RUN. See what is shown: sarana population maps.",
    )


def _lying(shelf: Shelf, met: Collection[UUID]) -> dict[tuple[str, str], UUID]:
    """The pairs of a queue that lie on its shelf, by their rows: whoever looks at one meets it again."""
    found = {}
    for ref in met:
        with contextlib.suppress(Refused):  # one that does not open is laid out anew
            content = shelf.find(_name(ref))
            if content is not None:
                pair = msgspec.json.decode(content, type=Content)
                found[pair.left, pair.right] = ref
    return found


def _name(ref: UUID) -> str:
    return f"{KIND}/{ref.hex}"
