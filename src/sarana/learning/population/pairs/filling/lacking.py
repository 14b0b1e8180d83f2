"""Which queues lack what was said since, and can be laid out by this installation itself."""

from pathlib import Path
from uuid import UUID

from sarana.ground.vault import places
from sarana.learning.population.pairs import queries
from sarana.learning.population.sources.keys import has_key
from sarana.learning.population.sources.updates.queries import folder_of_run
from sarana.methods.runs.sealed import find_seal


def lacking() -> list[tuple[UUID, Path]]:
    """Runs that were made here, are open, and whose queue lacks what was said since; others the operator lays out."""
    found = []
    for ref in queries.queues_to_fill() if places.opens_by_itself() else ():
        folder = folder_of_run(ref)
        seal = find_seal(folder) if folder else None
        if folder and seal and has_key(seal):
            found.append((ref, folder))
    return found
