"""Tasks as a room states them: what waits for a role to do, in words, and how it can end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A kind of task: what is to be done, why, and how it can end.

    Words are given when they are read. `outcomes` are codes with words; none of them says anything about a person.
    """

    code: str
    words: Any
    why: Any
    outcomes: Sequence[tuple[str, Any]]
