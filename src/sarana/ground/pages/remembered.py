"""Parts of pages that say the same to everybody who may see them, made once and remembered in this process for a while.

Whoever uses this asks her rule first, each time, and names everything that the parts depend on. Language and calendar
are named here. Nothing is ever taken back from memory: what changes is named, and so has another name from then on.
Each process that serves has a memory of its own, and none can say what another would not.
"""

import hashlib
import zlib
from collections.abc import Callable, Sequence

from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from sarana.ground.pages.calendars import calendar_chosen

NAME = "parts"
"""The cache of such parts; small, in memory, and never on a disk."""

SECONDS = 3600
PACKED = 1
"""How hard parts are packed: the least makes them a fifth as large, and opens them in a tenth of a millisecond."""


def remembered(depends_on: Sequence[object], made: Callable[[], Sequence[str]]) -> tuple[SafeString, ...]:
    """Parts of a page, from memory or made now.

    Args:
        depends_on: all that may make them others: what they are of, and what their reader may see of that.
        made: renders them from templates.
    """
    told = repr([get_language(), calendar_chosen(), *map(str, depends_on)])
    key = hashlib.sha256(told.encode()).hexdigest()
    packed: tuple[bytes, ...] | None = caches[NAME].get(key)
    if packed is not None:
        return tuple(mark_safe(zlib.decompress(each).decode()) for each in packed)  # noqa: S308
    parts = tuple(made())
    caches[NAME].set(key, tuple(zlib.compress(part.encode(), PACKED) for part in parts), SECONDS)
    return tuple(mark_safe(part) for part in parts)  # noqa: S308
