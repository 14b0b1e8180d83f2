"""Which words are near a word, and how near: letters left out find them, letters and sounds compared judge them."""

from typing import NamedTuple
from zlib import crc32

from rapidfuzz.distance import OSA, JaroWinkler

from sarana.methods.search.entry import Reason
from sarana.methods.search.heard import Heard

LEAST = 0.70
"""Words less near than this are other words."""

_LONG = 8
"""From so many letters on one may be wrong in words taken as one."""

_MANY = 5
"""So many consonants that agree are enough for words taken as one."""

_JOINED = 0.02
"""What is taken off where words are written apart by one and together by the other."""

_TO_LETTER = 24
"""Letters behind this one are not left out."""


class Near(NamedTuple):
    """How near a word is (0 to 1), and why."""

    score: float
    reason: Reason


def tokens_of(word: Heard) -> set[int]:
    """What a word is found by: its spelling, its sound and its consonants, whole and with any one letter left out.

    Two words that differ by one letter more, less, other or exchanged have a token in common (symmetric deletes).
    """
    found = set(_left_out("f", word.form, 3))
    found.update(_left_out("e", word.ear, 3))
    found.update(_left_out("k", word.key, 4))
    return found


def joined_tokens_of(word: Heard) -> set[int]:
    """What several words taken as one are found by: their consonants would find too much."""
    return {*_left_out("f", word.form, 3), *_left_out("e", word.ear, 3), _token("k", word.key)}


def _left_out(kind: str, text: str, least: int) -> list[int]:
    if not text:
        return []
    found = [_token(kind, text)]
    if len(text) >= least:  # without a call for each: a million words have tens of millions of tokens
        places = range(min(len(text), _TO_LETTER))
        found += [crc32(f"{kind}{text[:at]}{text[at + 1 :]}".encode()) for at in places]
    return found


def _token(kind: str, text: str) -> int:
    return crc32(f"{kind}{text}".encode())


def nearness(asked: Heard, known: Heard) -> Near | None:
    """How near two words are; None where they are other words."""
    if asked.form == known.form:
        return Near(1.0, Reason.SAME_NAME)
    best, reason = 0.0, Reason.ALIKE
    if _is_latin(asked.form) == _is_latin(known.form):
        best, reason = _by_letters(asked.form, known.form)
    if asked.ear and known.ear:
        score, why = _by_sound(asked, known)
        if score > best:
            best, reason = score, why
    return Near(best, reason) if best >= LEAST else None


def joined_nearness(asked: Heard, known: Heard) -> Near | None:
    """The same for several words taken as one: only where all sounds agree, or of many letters all but one."""
    most = int(len(asked.form) >= _LONG)
    has_key = len(asked.key) >= _MANY and asked.key == known.key
    if (
        not has_key
        and OSA.distance(asked.form, known.form, score_cutoff=1) > most
        and (not asked.ear or not known.ear or OSA.distance(asked.ear, known.ear, score_cutoff=1) > most)
    ):
        return None
    near = nearness(asked, known)
    return near and Near(near.score - _JOINED, near.reason)


def _by_letters(asked: str, known: str) -> tuple[float, Reason]:
    longest = max(len(asked), len(known))
    off = OSA.distance(asked, known, score_cutoff=2)
    if off <= 2:
        return 1 - (0.55 if off == 1 else 0.62) * off / longest, Reason.ONE_LETTER_OFF if off == 1 else Reason.ALIKE
    if len(asked) >= 3 and known.startswith(asked):
        return 0.74 + 0.2 * len(asked) / len(known), Reason.BEGINS_SO
    return 0.0, Reason.ALIKE


def _by_sound(asked: Heard, known: Heard) -> tuple[float, Reason]:
    if asked.ear == known.ear:
        return 0.96, Reason.SOUNDS_ALIKE
    alike = JaroWinkler.similarity(asked.ear, known.ear)
    if asked.key == known.key and (consonants := len(asked.key)) >= 2:
        return (0.78 + 0.15 * alike if consonants > 2 else 0.70 + 0.20 * alike), Reason.SOUNDS_ALIKE
    if asked.key == known.key and asked.key and max(len(asked.ear), len(known.ear)) <= 3:
        return 0.70 + 0.12 * alike, Reason.SOUNDS_ALIKE
    off = OSA.distance(asked.ear, known.ear, score_cutoff=1)
    if off == 1:
        longest = max(len(asked.ear), len(known.ear))
        return max(1 - 0.6 / longest - 0.02, 0.88 * alike), Reason.ALIKE
    if len(asked.ear) >= 3 and known.ear.startswith(asked.ear):
        return 0.70 + 0.2 * len(asked.ear) / len(known.ear), Reason.BEGINS_SO
    return 0.92 * alike - 0.02, Reason.ALIKE


def _is_latin(form: str) -> bool:
    return form.isascii()
