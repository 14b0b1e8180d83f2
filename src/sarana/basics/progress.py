"""Progress is an argument, never a print: a method reports, its caller decides what to show."""

from typing import Protocol


class Progress(Protocol):
    """Something that is told how far a step has come."""

    def report(self, done: int, total: int, what: str) -> None:
        """Take note that `done` of `total` parts of the present step are finished; `what` names the next part."""


class Silent:
    """Progress that nobody watches."""

    def report(self, done: int, total: int, what: str) -> None:
        """Show nothing."""
