"""Make the search file of an agency anew, compare it with its people, and mend what differs."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet, Refused
from sarana.basics.progress import Progress, Silent
from sarana.care.people.finding import files, queries
from sarana.care.people.finding.entries import TIERS, Above, areas_above, entry_of_values
from sarana.care.people.policy import KIND
from sarana.ground.ledger.actions import record
from sarana.ground.vault.identities.actions.reading import read_as_machine
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.methods.search.building import build_search
from sarana.methods.search.entry import Entry
from sarana.methods.search.searchfile import open_search
from sarana.methods.search.verifying import Difference

MOST_MENDED = 5_000
"""Where more differ than that, the file is made anew."""

NO_FILE = "SEARCH-004"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a search file: made anew, mended, or left as it was; how many people were put and taken out."""

    is_made: bool = False
    n_put: int = 0
    n_dropped: int = 0
    why: str = ""


def build(
    actor: Actor,
    agency: UUID,
    progress: Progress | None = None,
    *,
    afresh: bool = False,
    comes: queries.Comes = lambda: False,
) -> int:
    """Make the search file of an agency under its newest keys, and take older ones away; gives how many are in it.

    The file of before answers until the new one is whole; whoever is killed on the way leaves it as it was.

    Args:
        actor: the machine itself.
        agency: whose file.
        progress: is told how far it is.
        comes: says whether more people are coming, which are waited for.
        afresh: take the file of before away first, for what it says is not true any more, as after a restore.

    Raises:
        Refused: VAULT-060 somebody else than the machine asks.
        NotYet: VAULT-002, VAULT-031 the keys do not open. Busy: SEARCH-007 others make or write it.
        NoRoom: SEARCH-008 the disk is full. BadSetting: SEARCH-013 the folder cannot be written.
    """
    path, key = files.newest_path(actor, agency)
    if afresh:
        files.take_away(agency)
    said, total = progress or Silent(), queries.count_people(agency)
    n = build_search(path, key, str(agency), _everybody(actor, agency, said, total, comes))
    files.take_away(agency, but=path)
    _record(actor, "people.search-file-made", agency, n)
    return n


def keep(actor: Actor, agency: UUID, progress: Progress | None = None) -> Kept:
    """Look whether the search file of an agency is whole, and mend it or make it anew where it is not.

    Raises:
        As `build`.
    """
    why, is_false = _fault(actor, agency)
    if why is None:
        path, key = files.newest_path(actor, agency)
        with open_search(path, key, str(agency)) as file:
            differs = file.verify(pair for part in queries.everybody(agency) for pair in part)
        kept = Kept() if differs.is_same else _mended(actor, agency, differs)
        if kept is not None:
            files.take_away(agency, but=path)
            return kept
        why, is_false = "differs", True
    return Kept(is_made=True, n_put=build(actor, agency, progress, afresh=is_false), why=why)


def _fault(actor: Actor, agency: UUID) -> tuple[str | None, bool]:
    """Why the file has to be made anew, or None; and whether what it says is of no worth any more."""
    path, key = files.newest_path(actor, agency)
    try:
        with open_search(path, key, str(agency)) as file:
            file.check()
            return ("worn", False) if file.is_worn() else (None, False)
    except (BadFile, Refused) as err:
        log.warning("%s A search file is made anew.", err.code)
        return err.code, True
    except NotYet as err:
        if err.code != NO_FILE:
            raise
        return err.code, False


def entries_of(actor: Actor, agency: UUID, there: dict[UUID, tuple[int, str]], above: Above) -> Iterator[Entry]:
    """Entries of people of an agency, of whom revision and sex are told; who does not open is left out.

    Not written down: the change itself was, or the making of the file is.

    Raises:
        Refused: VAULT-060 somebody else than the machine asks. NotYet: VAULT-002, VAULT-031 the keys do not open.
    """
    for ref, values in read_as_machine(actor, agency, list(there), TIERS).items():
        yield entry_of_values(ref, there[ref], values, above)


def _mended(actor: Actor, agency: UUID, differs: Difference) -> Kept | None:
    """Put in and take out what differs; None where the file tells of what is not true any more.

    What changed while it was compared is asked again: that alone is no fault.
    """
    if differs.n_missing + differs.n_older + differs.n_newer + differs.n_extra > MOST_MENDED:
        return None
    there = queries.told_of(agency, differs.to_put)
    more = queries.told_of(agency, [ref for ref, _version in differs.to_drop])
    if any(ref in more and more[ref][0] < version for ref, version in differs.to_drop):
        return None
    gone = [(ref, version) for ref, version in differs.to_drop if ref not in more]
    entries = list(entries_of(actor, agency, there, areas_above(actor)))
    file = files.answering(actor, agency)
    n_dropped = file.drop(gone) if gone else 0
    n_put = file.put(entries)
    if n_put or n_dropped:
        _record(actor, "people.search-file-mended", agency, n_put + n_dropped)
    return Kept(n_put=n_put, n_dropped=n_dropped, why="mended" if n_put or n_dropped else "")


def _everybody(actor: Actor, agency: UUID, progress: Progress, total: int, comes: queries.Comes) -> Iterator[Entry]:
    above, n = areas_above(actor), 0
    for there in queries.told_of_everybody(agency, comes):
        yield from entries_of(actor, agency, there, above)
        n += len(there)
        progress.report(n, total, "")


def _record(actor: Actor, act: str, agency: UUID, n: int) -> None:
    with transaction.atomic(), postgres.as_task(OPERATOR):
        record(actor, act, thing_kind=KIND, owner_agency_ref=agency, n_things=n)
