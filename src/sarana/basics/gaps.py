"""Why an answer is missing: four reasons that are never mixed up, and never an empty field."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Gap(StrEnum):
    """Why there is no answer."""

    UNKNOWN = "unknown"
    NOT_ASKED = "not-asked"
    REFUSED = "refused"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, or why it was not: always one of the two.

    Raises:
        ValueError: both or neither were given; whoever makes an answer out of something typed has checked that.
    """

    value: Any = None
    gap: Gap | None = None

    def __post_init__(self) -> None:
        """See that it is one of the two."""
        if (self.value in (None, "")) == (self.gap is None):
            raise ValueError("an answer has a value or a gap")

    @property
    def is_given(self) -> bool:
        """True where there is an answer."""
        return self.gap is None
