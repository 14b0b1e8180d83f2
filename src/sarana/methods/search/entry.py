"""What a search knows of a person, what it is asked, and what it answers."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID

type NameKind = Literal["legal", "nickname", "alias", "earlier"]
type May = Callable[[Sequence[UUID]], Collection[UUID]]
"""Which of some people the asker may know of; asked before anything is counted or cut."""

KINDS: tuple[NameKind, ...] = ("legal", "nickname", "alias", "earlier")

MOST_YEARS = 10
"""Years either way that count: a birth that is less known is no help."""


class Reason(StrEnum):
    """Why a person was found; words for it come from the page."""

    SAME_NAME = "same-name"
    SOUNDS_ALIKE = "sounds-alike"
    ONE_LETTER_OFF = "one-letter-off"
    ALIKE = "alike"
    BEGINS_SO = "begins-so"
    OTHER_ORDER = "other-order"
    NICKNAME = "nickname"
    OTHER_NAME = "other-name"
    ID_EXACT = "id-exact"
    PHONE_EXACT = "phone-exact"
    BIRTH_YEAR = "birth-year"
    BIRTH_NEAR = "birth-near"
    SEX = "sex"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Name:
    """One name as it was written, whole: given and family name in whatever order."""

    text: str
    kind: NameKind = "legal"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or code on a paper: `national-id`, `passport` and so on, and what stands there."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Birth:
    """A year of birth, and by how many years it may be wrong either way."""

    year: int
    give_or_take: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as the search knows them: a reference, a version, and what they are found by."""

    ref: UUID
    version: int
    names: tuple[Name, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    phones: tuple[str, ...] = ()
    birth: Birth | None = None
    sex: str | None = None
    places: tuple[str, ...] = ()
    """Codes of areas, each with those it lies in where a search by them is to find it."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: names, numbers and phones find; birth, sex and places rank what they found."""

    words: str = ""
    identifiers: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    born: Birth | None = None
    sex: str | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A person who was found: how well (0 to 1), and why."""

    ref: UUID
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The best matches, best first, and whether there are more whom the asker may know of."""

    matches: tuple[Match, ...]
    is_more: bool
