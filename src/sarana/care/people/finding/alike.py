"""Who of an agency may be the same person as somebody: asked by work of the machine, which shows nothing to anybody."""

from uuid import UUID

from sarana.basics.actors import Actor
from sarana.care.people.finding import files
from sarana.care.people.finding.entries import queries_of
from sarana.care.people.finding.queries import there_of
from sarana.methods.search.entry import Entry, Match

MOST = 20


def look_alikes(actor: Actor, agency: UUID, entry: Entry, *, limit: int = MOST) -> list[Match]:
    """People of an agency who may be the same as an entry, the best first, she herself left out.

    For jobs, which act as the machine: nobody's rights are asked, so what comes of it is shown through doors that ask.

    Raises:
        NotYet: PEOPLE-031 the file is being made; VAULT-002, VAULT-031 the keys do not open.
        BadFile: SEARCH-003 the file is damaged.
    """
    file = files.answering(actor, agency)
    best: dict[UUID, Match] = {}
    for query in queries_of(entry):
        for match in file.search(query, limit=limit + 1).matches:
            held = best.get(match.ref)
            if match.ref != entry.ref and (held is None or held.score < match.score):
                best[match.ref] = match
    there = there_of(agency, list(best))
    found = [match for ref, match in best.items() if ref in there]
    return sorted(found, key=lambda match: (-match.score, match.ref.bytes))[:limit]
