"""Counts that may be asked for by whoever chooses the question: each carries noise that belongs to one answer alone."""

import hashlib
import hmac
import math
from dataclasses import dataclass

STEP = 10
"""What is said is a multiple of this."""

SCALE = 20
"""How wide the noise lies: one person more or less makes no answer likelier than by e^(1/20), which is 5 per cent."""

FEWEST = 100
"""Less is said as few or none: so little is mostly noise, also where nobody goes at all."""

_PLACES = 1 << 64


@dataclass(frozen=True, slots=True)
class Blur:
    """Moves counts by noise of Laplace, the difference of two geometric draws, and rounds them to a multiple of ten.

    The noise is drawn by the key and the place of the count, never by the count: that two answers are alike, or are
    not, says nothing. So a key may be used for one answer only, of one content on one run; two answers that shared
    one would tell their difference.

    Args:
        key: a secret of this one answer.
    """

    key: bytes

    def of(self, what: str, n: int) -> int:
        """A multiple of ten; 0 where there are few or none."""
        moved = round(self.moved(what, n, SCALE) / STEP) * STEP
        return moved if moved >= FEWEST else 0

    def moved(self, what: str, n: int, scale: int) -> int:
        """A count with noise of a scale; it may be below 0. For what is made of it, never to be told itself."""
        digest = hmac.digest(self.key, what.encode(), hashlib.sha256)
        up, down = (_geometric(int.from_bytes(part, "big"), scale) for part in (digest[:8], digest[8:16]))
        return n + up - down


def _geometric(drawn: int, scale: int) -> int:
    """How often something happens that each time ends with 1 - e^(-1/scale)."""
    return int(-scale * math.log((drawn + 1) / _PLACES))
