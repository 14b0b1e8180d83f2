"""Photographs are decoded few at a time: each may need a second and 300 MiB, and others work here meanwhile."""

import contextlib
from collections.abc import Iterator

from sarana.basics.errors import Busy
from sarana.ground.seats import Seats

AT_ONCE = Seats("photograph", 2)
"""So many at a time, in all processes that serve."""

WAITS_SECONDS = 10.0


@contextlib.contextmanager
def decoding() -> Iterator[None]:
    """Wait for one's turn.

    Raises:
        Busy: PEOPLE-050 others open photographs, and it does not end.
    """
    with AT_ONCE.taken(waits_seconds=WAITS_SECONDS) as is_ours:
        if not is_ours:
            raise Busy(
                "PEOPLE-050",
                "Others are opening photographs in this moment.",
                cure="Try again in a few seconds.",
            )
        yield
