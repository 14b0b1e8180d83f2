"""Every minute the machine looks in the ledger for what raises an alarm."""

from collections.abc import Iterator

from sarana.basics.actors import Actor
from sarana.basics.work import Due
from sarana.care.people.alarms.actions import raise_alarms


def due(actor: Actor) -> Iterator[Due]:
    """Raise alarms now; no long work comes of it."""
    raise_alarms(actor)
    yield from ()
