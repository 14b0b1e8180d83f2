"""Long work as a room states it: steps that save in parts, and can be stopped, killed and gone on with in between."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from sarana.basics.actors import Actor

type Args = Mapping[str, str]
"""What a piece of work is told: codes and references, never a value that came from a person."""

type Receipt = dict[str, int | str]
"""What a step did, in counts and codes."""


class Work(Protocol):
    """The work under way, as one step sees it."""

    @property
    def actor(self) -> Actor:
        """Whoever asked for the work, with the roles that she has now."""

    @property
    def args(self) -> Args:
        """What the work was told."""

    def saving(self, done: int, total: int) -> AbstractContextManager[None]:
        """One transaction: what is written in it stands together with how far the step then is, or not at all.

        It is refused where the work was stopped, or was taken over by another worker.
        """

    def report(self, done: int, total: int, what: str) -> None:
        """Take note of how far a step is that only reads; it ends here where the work was stopped."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, and what does it. A step may be begun again after a crash, so it looks what is there."""

    name: Any
    do: Callable[[Work], Receipt]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of long work: its words, who may ask for it, on what it works, and its steps.

    Two pieces of work on the same thing never run beside each other.
    """

    code: str
    words: Any
    check: Callable[[Actor, Args], None]
    thing: Callable[[Args], str]
    steps: Callable[[Args], Sequence[Step]]
    about: Callable[[Args], str] = lambda _args: ""
    counts: Mapping[str, Any] = field(default_factory=dict)
    """The counts of its receipts in words."""


@dataclass(frozen=True, slots=True)
class Due:
    """A kind of work whose time has come, and how long after it was last asked for it may be asked for again."""

    code: str
    again: dt.timedelta
