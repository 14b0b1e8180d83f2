"""Bring what changed into the search file of an agency: at once after it stands, and again by work of every minute."""

import logging
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, SaranaError
from sarana.care.people.finding import files, queries
from sarana.care.people.finding.actions.building import build, entries_of
from sarana.care.people.finding.entries import areas_above
from sarana.care.people.models import ToIndex
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.methods.search.entry import Entry
from sarana.methods.search.searchfile import SearchFile

TOGETHER = 500
"""So many changes go in together."""

FEW = 500
"""An agency of so few people gets its first file at once, by whoever enters somebody: it takes under a second."""

ABOVE_ANY = 2**31 - 1

log = logging.getLogger(__name__)


def feed_at_once(agency: UUID) -> None:
    """Bring what changed into the file, as soon as the change stands; what fails is done by the next minute's work."""
    actor = Actor.local(timezone.localtime())
    try:
        feed(actor, agency)
    except SaranaError as err:
        log.warning("%s What changed is brought into a search file later.", err.code)


def feed(actor: Actor, agency: UUID) -> int:
    """Bring everything that waits for it into every search file of an agency; gives how many changes that were.

    Done twice it is done once: what comes twice, late or in another order changes nothing. What waits is taken off only
    when every file has it, also one that is being made in this moment.

    Not written down: the change itself was, in whose transaction it was told that it waits.

    Raises:
        NotYet: VAULT-002, VAULT-031 the keys do not open. Busy: SEARCH-007 the file is made or written just now.
        BadFile: SEARCH-003 the file is damaged. NoRoom: SEARCH-008 the disk is full.
    """
    n = 0
    while rows := queries.waiting(agency, TOGETHER):
        _feed(actor, agency, rows)
        n += len(rows)
    return n


def _feed(actor: Actor, agency: UUID, rows: Sequence[ToIndex]) -> None:
    path, _key = files.newest_path(actor, agency)
    if not files.lying(agency) and not queries.has_people(agency, FEW):
        build(actor, agency)
    entries, gone = _told(actor, agency, rows)
    # Asked before the files are: one that is in its place a moment later may lack what is brought here.
    is_being_built = files.is_being_built(path)
    for file in files.open_files(actor, agency):
        _bring(file, entries, gone)
    if is_being_built:
        raise NotYet("PEOPLE-032", "The search file is being made: what changed comes in after it.",
                     cure="Nothing is to be done: the work of the next minutes brings it in.")  # fmt: skip
    with transaction.atomic(), postgres.as_task(OPERATOR):
        ToIndex.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _bring(file: SearchFile, entries: Iterable[Entry], gone: Sequence[tuple[UUID, int]]) -> None:
    if gone:
        file.drop(gone)
    file.put(entries)


def _told(actor: Actor, agency: UUID, rows: Sequence[ToIndex]) -> tuple[list[Entry], list[tuple[UUID, int]]]:
    """Entries of those who are there, read after their revision was: never older than it says; and who is gone."""
    newest = {row.person_ref for row in rows}
    there = queries.told_of(agency, list(newest))
    # Above any revision: a change that stood beside the erasing brings nothing of her back.
    gone = [(ref, ABOVE_ANY) for ref in newest if ref not in there]
    return list(entries_of(actor, agency, there, areas_above(actor))), gone
