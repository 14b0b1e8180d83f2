"""One line of "Waiting for you": what a room asks of somebody today."""

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has to be done, why now, until when, and the name of the address where it is done.

    The words are given when they are read, in the language of the request. `address` is "" where no page does it;
    `asks` is what stands behind it, such as `?area=TH50`.
    """

    what: Any
    why: Any
    address: str = ""
    until: dt.date | None = None
    asks: str = ""

    def is_due(self, today: dt.date) -> bool:
        """True where it has to be done today, or should have been."""
        return self.until is not None and self.until <= today
