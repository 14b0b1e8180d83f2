"""Compare people of an agency with the others of it, some hundreds at a time, and keep who is alike."""

from collections.abc import Callable
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.care.people.finding.actions.building import entries_of
from sarana.care.people.finding.alike import look_alikes
from sarana.care.people.finding.entries import areas_above
from sarana.care.people.finding.queries import told_of
from sarana.care.people.same import actions, queries
from sarana.care.people.same.showing import is_alike

TOGETHER, MOST = 200, 4_000
"""So many people are read together, and so many of an agency are compared in one piece of work."""


def compare_some(actor: Actor, agency: UUID, beat: Callable[[int], None]) -> tuple[int, int]:
    """Compare those who changed since they were compared; gives how many, and how many pairs are new.

    Args:
        actor: the machine itself.
        agency: whose people they are.
        beat: is told how many were compared, from time to time.

    Raises:
        NotYet: PEOPLE-031 the search file is being made; VAULT-002, VAULT-031 the keys do not open.
        BadFile: SEARCH-003 the search file is damaged.

    Cost: one search for each name of each person.
    """
    above, n_compared, n_alike, last = areas_above(actor), 0, 0, 0
    while n_compared < MOST and (rows := queries.to_compare(agency, TOGETHER, last)):
        there = told_of(agency, [ref for _pk, ref, _revision in rows])
        entries = {entry.ref: entry for entry in entries_of(actor, agency, there, above)}
        for row in rows:
            entry = entries.get(row[1])
            found = look_alikes(actor, agency, entry) if entry is not None else []
            likely = [match for match in found if is_alike(match.score, match.reasons)]
            n_alike += actions.note_compared(actor, agency, row, likely)
        n_compared, last = n_compared + len(rows), rows[-1][0]
        beat(n_compared)
    if n_compared:
        actions.record_compared(actor, agency, n_compared)
    return n_compared, n_alike
