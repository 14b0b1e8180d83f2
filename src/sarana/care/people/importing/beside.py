"""What finds people is made in another process while a table is taken in: two cores work, and both end together."""

import contextlib
import gc
import os
import signal
from collections.abc import Iterator
from uuid import UUID

from django.db import connections

from sarana.basics.actors import Actor
from sarana.care.people.finding import files
from sarana.care.people.finding.actions.building import build
from sarana.care.people.importing.queries import has_ended

SELDOM = 100_000
"""So many things are made before it is looked which of them nobody uses: of millions here, none stand in circles."""


@contextlib.contextmanager
def looking_seldom() -> Iterator[None]:
    """Let Python look seldom for what nobody uses any more: a fifth of the time of a million lines went into that."""
    was = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(SELDOM, *was[1:])
    try:
        yield
    finally:
        gc.set_threshold(*was)
        gc.unfreeze()


@contextlib.contextmanager
def beside(actor: Actor, agency: UUID, table: int) -> Iterator[None]:
    """Make the search file while people are entered; what that process could not do, whoever comes after it does.

    It reads who is in the database until the table has ended. It ends with the process that takes the table in,
    whatever becomes of that: the file of before stays where it is.
    """
    connections.close_all()
    files.forget()
    parent, child = os.getpid(), os.fork()
    if child == 0:
        _follow(Actor.local(actor.now), agency, table, parent)
    try:
        yield
        os.waitpid(child, 0)
    except BaseException:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
        raise


def _follow(machine: Actor, agency: UUID, table: int, parent: int) -> None:
    """In the other process: make the file, and leave without a word; who compares it afterwards tells."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code = 1
    try:
        build(machine, agency, comes=lambda: _goes_on(table, parent))
        code = 0
    finally:
        os._exit(code)


def _goes_on(table: int, parent: int) -> bool:
    if os.getppid() != parent:
        os._exit(1)
    return not has_ended(table)
