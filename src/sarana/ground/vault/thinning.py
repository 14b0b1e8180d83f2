"""Which backups stay: the older they are, the fewer, and none longer than a year.

A backup is kept as the first of its hour, then as the first of its day, then of its week. So what stays for long stayed
all the time, and looking again changes nothing.
"""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

LEAST = 3
"""So many of the newest always stay, however old: a machine that was off for long keeps its last ones."""

MOST_AT_ONCE = 3
"""So many are let go after each backup: a clock that was set wrong for an hour must not cost a year of them."""

HOUR, DAY, WEEK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=7)
STAY = ((2 * HOUR, dt.timedelta(0)), (DAY, HOUR), (14 * DAY, DAY), (52 * WEEK, WEEK))
"""Up to which age, and one in how long a time; no time: every one."""


def spare(made: Mapping[UUID, dt.datetime], now: dt.datetime) -> list[UUID]:
    """Those that need not stay, the oldest first, `MOST_AT_ONCE` at most; what was made after `now` stays."""
    oldest_first = sorted(made, key=lambda ref: (made[ref], ref))
    taken = {_TOO_OLD}
    going = []
    for ref in oldest_first[: max(0, len(made) - LEAST)]:
        slot = _slot(made[ref], now - made[ref])
        if slot in taken:
            going.append(ref)
        elif slot is not None:
            taken.add(slot)
    return going[:MOST_AT_ONCE]


_TOO_OLD = (dt.timedelta(0), 0)


def _slot(at: dt.datetime, age: dt.timedelta) -> tuple[dt.timedelta, int] | None:
    """The stretch of time of which one backup stays; None where each does."""
    for most, width in STAY:
        if age <= most:
            return (width, int(at.timestamp() // width.total_seconds())) if width else None
    return _TOO_OLD
