"""What two agencies compare when one asks whether the other knows a person: keyed marks of exact papers and names.

A paper gives a mark of its kind, country and number. A name gives one of the consonants of its words, in no order, with
the exact year of birth: a spelling in another script gives the same where it sounds the same. Nothing weaker is
compared: a first name, a telephone, a year alone match too many.
"""

import hashlib
import hmac
from collections.abc import Iterable

from sarana.methods.search.entry import Identifier
from sarana.methods.search.heard import hear, units_of
from sarana.methods.search.numbers import normal_number

LEAST_FIGURES, LEAST_WORDS, LEAST_CONSONANTS = 5, 2, 3
"""A shorter number, a name of one word, or one with fewer consonants in all, is of too many people."""


def marks(
    key: bytes, *, names: Iterable[str] = (), papers: Iterable[tuple[Identifier, str]] = (), year: int | None = None
) -> frozenset[bytes]:
    """The marks of a person under the key of an agreement.

    Args:
        key: 32 bytes, of that agreement alone.
        names: whole names as they were written, in any script.
        papers: papers, each with the country that gave it.
        year: the exact year of birth, where it is known; without it names give no mark.

    Returns:
        32 bytes each. None where there is neither a number of five signs nor a name of two words with a year.
    """
    found = {
        _mark(key, "paper", paper.kind, land.upper(), number) for paper, land in papers if (number := _number(paper))
    }
    if year is not None:
        found |= {_mark(key, "name", said, str(year)) for name in names if (said := skeleton(name))}
    return frozenset(found)


def skeleton(name: str) -> str:
    """The consonants of the words of a name, in no order; "" where they would be of too many people."""
    words = hear(units_of(name))
    keys = sorted(word.key for word in words if word.key)
    if len(keys) < LEAST_WORDS or sum(map(len, keys)) < LEAST_CONSONANTS:
        return ""
    return " ".join(keys)


def _number(paper: Identifier) -> str:
    number = normal_number(paper.value)
    return number if len(number) >= LEAST_FIGURES else ""


def _mark(key: bytes, *parts: str) -> bytes:
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
