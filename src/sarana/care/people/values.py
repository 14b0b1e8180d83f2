"""What is sealed of a person, tier by tier: shapes only, strict, the same for pages, commands and search.

Fields follow HTCDS 2.0 (`prs_`) where it has one. A text is kept as it was written, in normal form C, without signs
that nobody sees.
"""

import datetime as dt
import unicodedata
from typing import Annotated, Any, Literal

import msgspec

from sarana.basics.errors import BadFile, NotYet

LONGEST_NAME, LONGEST_TEXT = 200, 20_000
MOST = 50
"""So many names, documents or ways are kept of one person."""

HIDDEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
"""Kinds of signs that nobody sees; but for those that scripts of the region need, they are dropped."""
NEEDED = frozenset("\u200c\u200d")

NameKind = Literal["legal", "nickname", "alias", "earlier"]
Safety = Literal["unknown", "safe", "at-hours", "through-other", "unsafe"]
Text = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class NameOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One name as it was written: whole, and where it is known which part is which, its parts."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]
    kind: NameKind = "legal"
    given: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)] = ""
    family: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)] = ""
    script: Annotated[str, msgspec.Meta(max_length=4)] = ""
    """ISO 15924, as it was found in the letters: Thai, Laoo, Khmr, Mymr, Latn, Hans ..."""


class DocumentOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paper: what it is, its number, who gave it, until when it holds, and who holds it now."""

    kind: Literal[
        "national-id", "passport", "border-pass", "work-permit", "birth-certificate", "stateless-card", "other"
    ]
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    country: Annotated[str, msgspec.Meta(max_length=2)] = ""
    until: dt.date | None = None
    held_by: Literal["self", "agency", "withheld", "lost", "unknown"] = "unknown"


class BirthOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When she was born, as closely as it is known; years are of the common era, `calendar` says as it was told."""

    year: Annotated[int, msgspec.Meta(ge=1880, le=2200)]
    month: Annotated[int, msgspec.Meta(ge=1, le=12)] | None = None
    day: Annotated[int, msgspec.Meta(ge=1, le=31)] | None = None
    give_or_take: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0
    calendar: Literal["gregorian", "buddhist"] = "gregorian"


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tier of names."""

    names: tuple[NameOf, ...] = ()
    birth: BirthOf | None = None
    documents: tuple[DocumentOf, ...] = ()
    gender: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)] = ""


class WayOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way to reach her, and when, by whom and how it is safe.

    `hours` are of the local clock, first included and last not: (18, 21). `say` is what one says to whoever answers.
    """

    kind: Literal["phone", "line", "email", "visit", "letter", "through-person", "other"]
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]
    whose: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)] = ""
    safety: Safety = "unknown"
    hours: tuple[int, int] | None = None
    say: Annotated[str, msgspec.Meta(max_length=500)] = ""
    said_on: dt.date | None = None


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tier of contact: ways to reach her, and where she is."""

    ways: tuple[WayOf, ...] = ()
    area: Annotated[str, msgspec.Meta(max_length=20)] = ""
    address: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tier of her story."""

    own_words: Text = ""
    health: Text = ""


type Tiered = Names | Contact | Story


def cleaned(text: str) -> str:
    """A text in normal form C without signs that nobody sees and without blanks at its ends; lines stay lines."""
    normal = unicodedata.normalize("NFC", text)
    if normal.isprintable():  # nothing is hidden in it, and it is one line: nearly every text, in a tenth of the time
        return " ".join(normal.split())
    kept = [c for c in normal if c in NEEDED or c.isspace() or not _is_hidden(c)]
    return "\n".join(" ".join(line.split()) for line in "".join(kept).split("\n")).strip()


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in HIDDEN


def checked_name(text: str, kind: NameKind = "legal", *, given: str = "", family: str = "") -> NameOf:
    """A name as it may be kept.

    Raises:
        NotYet: PEOPLE-001 it is empty, of marks or blanks alone, or longer than 200 letters.
    """
    said = " ".join(cleaned(text).split())
    if not any(unicodedata.category(c)[0] in "LN" for c in said) or len(said) > LONGEST_NAME:
        raise NotYet(
            "PEOPLE-001",
            "A name needs letters, and at most 200 of them.",
            cure="Write the name as it is spoken or as it stands on a paper. Where no name is known, write what the "
            "person is called, as a nickname.",
        )
    return NameOf(said, kind, " ".join(cleaned(given).split()), " ".join(cleaned(family).split()), script_of(said))


SCRIPTS = (
    ("THAI", "Thai"), ("LAO", "Laoo"), ("KHMER", "Khmr"), ("MYANMAR", "Mymr"), ("CJK", "Hani"), ("LATIN", "Latn"),
)  # fmt: skip


def script_of(text: str) -> str:
    """The script of the first letter, by its code of ISO 15924; "" where it is another."""
    for sign in text:
        if sign.isalpha():
            name = unicodedata.name(sign, "")
            return next((code for word, code in SCRIPTS if name.startswith(word)), "")
    return ""


def to_values(tier: Tiered) -> dict[str, Any]:
    """A tier as plain values, to be sealed."""
    found: dict[str, Any] = msgspec.to_builtins(tier)
    return found


def read_names(values: Any) -> Names:
    """The tier of names from what was sealed. Raises: BadFile PEOPLE-002 it is of another shape."""
    return _read(values, Names)


def read_contact(values: Any) -> Contact:
    """The tier of contact. Raises: BadFile PEOPLE-002."""
    return _read(values, Contact)


def read_story(values: Any) -> Story:
    """The tier of her story. Raises: BadFile PEOPLE-002."""
    return _read(values, Story)


def _read[T](values: Any, shape: type[T]) -> T:
    try:
        return msgspec.convert(values, shape, strict=False)
    except msgspec.ValidationError as err:
        raise BadFile(
            "PEOPLE-002",
            "What was sealed of this person is not of the shape that this version knows.",
            cure="Tell the operator: it was sealed by a newer version, which has to be brought back.",
        ) from err


def initials(names: Names) -> str:
    """The first letters of the first name, to tell people on a list apart; "" where there is none."""
    if not names.names:
        return ""
    return " ".join(f"{_first(part)}." for part in names.names[0].text.split()[:3])


def _first(part: str) -> str:
    """The first sign with what is written above or below it; in Thai and Lao the vowel before it goes along."""
    leading = "เแโใไເແໂໃໄ"
    n = 2 if part[0] in leading and len(part) > 1 else 1
    while n < len(part) and unicodedata.combining(part[n]):
        n += 1
    return part[:n].upper()
