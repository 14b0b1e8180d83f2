"""Which words are near a word, and how near: letters left out find them, letters and sounds compared judge them."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import cdist

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

_LEAST_ALIKE = 0.65
"""Sounds less alike than this are no reason: `LEAST` by the rule of `_by_sound`, rounded down."""

_AS_ENDINGS = str.maketrans("csl", "ttn", "aiuhwy")
"""At the end of a syllable Thai says t for ch and s, n for r and l, and nothing for h, w and y; vowels go too."""

_DOUBLED = re.compile(r"([^\n])\1+")

FAINT = 0.5
"""What a word counts at most that is only faintly like one."""

_LEAST_FAINT = 0.35
"""Less alike is nothing."""


class Near(NamedTuple):
    """How near a word is (0 to 1), and why."""

    score: float
    reason: Reason | None
    """None where it only orders people whom another word found."""


def tokens_of(word: Heard) -> set[int]:
    """What a word is found by: its consonants, its spelling and its sound, the latter with any one letter left out too.

    Two words that differ by one letter more, less, other or exchanged have a token in common (symmetric deletes); those
    whose consonants differ are found by `sounds`.
    """
    found = {*_left_out("f", word.form, 3), *_left_out("e", word.ear, 3)}
    if word.key:
        found.add(_token("k", word.key))
    return found


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


def nearnesses(asked: Heard, known: Mapping[int, Heard]) -> dict[int, Near]:
    """The words that are near one, by number; most of many are put aside by comparing them all at once."""
    words, heard = list(known), list(known.values())
    if not words:
        return {}
    ears = [its.ear for its in heard]
    alike = _likenesses(asked.ear, ears)
    is_near = cdist([asked.form], [its.form for its in heard], scorer=OSA.distance, score_cutoff=2)[0] <= 2
    is_near |= alike >= _LEAST_ALIKE
    is_near |= cdist([asked.ear], ears, scorer=OSA.distance, score_cutoff=1)[0] <= 1
    found = {}
    for word, its, is_likely, likeness in zip(words, heard, is_near.tolist(), alike.tolist(), strict=True):
        if not is_likely and asked.key != its.key and not _begins(asked, its):
            continue
        near = _judged(asked, its, likeness)
        if near is not None:
            found[word] = near
    return found


def _begins(asked: Heard, known: Heard) -> bool:
    return known.form.startswith(asked.form) or (asked.ear != "" and known.ear.startswith(asked.ear))


def alike_ears(asked: str, ears: Sequence[str]) -> NDArray[np.bool_]:
    """Which of many sounds are so like one that the words may be near."""
    if not ears:
        return np.zeros(0, np.bool_)
    alike: NDArray[np.bool_] = _likenesses(asked, ears) >= _LEAST_ALIKE
    return alike


def _likenesses(asked: str, ears: Sequence[str]) -> NDArray[np.float32]:
    """How alike many sounds are to one (0 to 1): what they have in common in one order, the consonants counted again.

    The consonants are taken as they are where nobody sees where a syllable ends: each as if it closed one. Who writes
    a name letter by letter does so, and leaves out the vowels that are not written: *kritn* for *kritson*.
    """
    common: NDArray[np.float32] = cdist([asked], ears, scorer=Indel.normalized_similarity)[0]
    closing, *others = _DOUBLED.sub(r"\1", "\n".join([asked, *ears]).translate(_AS_ENDINGS)).split("\n")
    if not closing:
        return common
    closed: NDArray[np.float32] = cdist([closing], others, scorer=Indel.normalized_similarity)[0]
    return (2 * common + closed) / np.float32(3)


def faintly_near(asked: Heard, known: Mapping[int, Heard]) -> dict[int, Near]:
    """Words of people whom another word found, and how near they are: those that nothing found are judged alike.

    Words that are no match by themselves count for how much they sound like one: that only orders people, and is no
    reason.
    """
    if not known or not asked.ear:
        return {}
    found = {}
    alike = _likenesses(asked.ear, [its.ear for its in known.values()]).tolist()
    for (word, its), likeness in zip(known.items(), alike, strict=True):
        if likeness >= _LEAST_ALIKE and (near := _judged(asked, its, likeness)):
            found[word] = near
        elif likeness >= _LEAST_FAINT:
            found[word] = Near(FAINT * likeness, None)
    return found


def nearness(asked: Heard, known: Heard) -> Near | None:
    """How near two words are; None where they are other words."""
    return _judged(asked, known, float(_likenesses(asked.ear, [known.ear])[0]))


def _judged(asked: Heard, known: Heard, alike: float) -> Near | None:
    """The same, where it is known how alike their sounds are."""
    if asked.form == known.form:
        return Near(1.0, Reason.SAME_NAME)
    best, reason = 0.0, Reason.ALIKE
    if _is_latin(asked.form) == _is_latin(known.form):
        best, reason = _by_letters(asked.form, known.form)
    if asked.ear and known.ear:
        score, why = _by_sound(asked, known, alike)
        if score > best:
            best, reason = score, why
    return Near(best, reason) if best >= LEAST else None


def joined_nearness(asked: Heard, known: Heard) -> Near | None:
    """The same for several words taken as one: only where all sounds agree, or of many letters all but one."""
    most = int(len(asked.form) >= _LONG)
    has_key = len(asked.key) >= _MANY and asked.key == known.key
    if (
        not has_key
        and (not asked.ear or _loosely(asked.ear) != _loosely(known.ear))
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


def _by_sound(asked: Heard, known: Heard, alike: float) -> tuple[float, Reason]:
    if asked.ear == known.ear:
        return 0.96, Reason.SOUNDS_ALIKE
    if asked.key == known.key and (score := _with_these_consonants(asked, known, alike)):
        return score, Reason.SOUNDS_ALIKE
    off = OSA.distance(asked.ear, known.ear, score_cutoff=1)
    if off == 1:
        longest = max(len(asked.ear), len(known.ear))
        return max(1 - 0.6 / longest - 0.02, 0.88 * alike), Reason.ALIKE
    if len(asked.ear) >= 3 and known.ear.startswith(asked.ear):
        return 0.70 + 0.2 * len(asked.ear) / len(known.ear), Reason.BEGINS_SO
    return 0.20 + 0.76 * alike, Reason.ALIKE


def _with_these_consonants(asked: Heard, known: Heard, alike: float) -> float:
    """How near two words are whose consonants are the same; 0 where those alone are too few to say."""
    consonants = len(asked.key)
    if _loosely(asked.ear) == _loosely(known.ear):
        return 0.92 if consonants >= 2 else 0.88
    if consonants >= 2:
        return 0.78 + 0.15 * alike if consonants > 2 else 0.71 + 0.20 * alike
    return 0.70 + 0.12 * alike if consonants and max(len(asked.ear), len(known.ear)) <= 3 else 0.0


def _loosely(ear: str) -> str:
    """A sound in which *e* is *ay*, and *o* is *oe* and *aw*: every romanisation parts them elsewhere."""
    return ear.replace("w", "u").replace("ai", "i").replace("au", "u").replace("ui", "u")


def _is_latin(form: str) -> bool:
    return form.isascii()
