"""Why somebody did what the officer for data protection has to understand, in her own words: sealed, and read again.

The key lies in the key folder, outside the database. The keys of people would not do: the officer has none of them.
"""

from uuid import UUID

from sarana.basics.errors import NotYet
from sarana.ground.accounts import keyed

FEWEST, MOST_LETTERS = 10, 1_000
SEALED_FOR = "people reason"


def seal_reason(words: str, ref: UUID) -> bytes:
    """The words sealed, for the row with this reference.

    Raises:
        NotYet: PEOPLE-081 they are too few to understand anything, or too many.
    """
    if not FEWEST <= len(words.strip()) <= MOST_LETTERS:
        raise NotYet(
            "PEOPLE-081",
            "Why is not said, or in more than 1,000 letters.",
            cure="Say in a sentence or two what happens, so that somebody else understands it tomorrow.",
        )
    return keyed.seal(SEALED_FOR, words.strip(), bound_to=str(ref))


def read_reason(sealed: bytes | memoryview, ref: UUID) -> str:
    """The words; "" where they were sealed with another key folder."""
    return keyed.open_sealed(SEALED_FOR, bytes(sealed), bound_to=str(ref)) or ""
