"""What tasks ask of somebody on Today: one line for each kind, with the day of the one that is due first."""

from collections.abc import Iterator

from sarana.basics.actors import Actor
from sarana.basics.waiting import Waiting
from sarana.ground.tasks import queries
from sarana.ground.tasks.kinds import kinds


def lines(actor: Actor) -> Iterator[Waiting]:
    """Without a number: how many there are is told nowhere."""
    told: set[str] = set()
    for code, due_on in queries.open_for(actor).values_list("kind", "due_on"):
        kind = kinds().get(code)
        if kind is not None and code not in told:
            told.add(code)
            yield Waiting(kind.words, kind.why, "tasks:tasks", due_on)
