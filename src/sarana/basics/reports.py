"""What a step says of itself when it is done: counts only, never a value that came from a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StepReport:
    """Rows in, rows out, rows set aside by code, and other counts worth keeping in the receipt."""

    rows_in: int
    rows_out: int
    set_aside: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int | float | str] = field(default_factory=dict)
