"""Passphrases: the one form in which they are compared, which will do, words drawn by lot, and how they are hashed.

They may be words of any script. Marks above and below letters do not make one longer, and blanks that nobody sees
(Khmer, Lao and Burmese are often typed with them) do not make it another one.
"""

import math
import re
import secrets
import threading
import unicodedata
from functools import cache
from itertools import pairwise
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sarana.methods.reference import read_reference

SHORTEST = 15
FEWEST_DIFFERENT = 6
LONGEST = 200
WANTED_BITS = 48

MOST_AT_ONCE = 2
"""No more hashes are reckoned at the same time on this machine (128 MiB): each process that serves has its part."""


class _Turns:
    """Who may reckon a hash now, in this process."""

    def __init__(self) -> None:
        """All of them, until it is said that other processes serve too."""
        self.free = threading.BoundedSemaphore(MOST_AT_ONCE)


TURNS = _Turns()


def share_among(n_processes: int) -> None:
    """Say, before the first sign-in, among how many processes the turns are shared; each has one at least."""
    TURNS.free = threading.BoundedSemaphore(max(1, MOST_AT_ONCE // n_processes))


class Hasher(Argon2PasswordHasher):
    """Argon2id: three passes over 64 MiB with one lane; about a third of a second on a two-core machine."""

    time_cost = 3
    memory_cost = 65_536
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash when it is our turn."""
        with TURNS.free:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> Any:
        """Compare when it is our turn."""
        with TURNS.free:
            return super().verify(password, encoded)


def one_form(text: str) -> str:
    """A passphrase in the form in which it is hashed: NFKC, single blanks, nothing invisible."""
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return " ".join(seen.split())


def letters(text: str) -> str:
    """The signs that make a passphrase longer: all but marks above and below other signs."""
    return "".join(sign for sign in one_form(text) if unicodedata.category(sign) not in ("Mn", "Me"))


class Passphrase:
    """Long enough, of enough different signs, not a pattern that repeats, not made of a known password."""

    def validate(self, password: str, user: Any = None) -> None:
        """Say what is wrong with a passphrase.

        Raises:
            ValidationError: it is too short, too long, too plain, or known to everybody.
        """
        signs = letters(password).casefold()
        if len(signs) < SHORTEST:
            raise ValidationError(
                _("This passphrase is too short: it needs at least %(shortest)s letters; three or four words will do.")
                % {"shortest": SHORTEST}
            )
        if len(password) > LONGEST:
            raise ValidationError(_("This passphrase is too long: %(longest)s signs at most.") % {"longest": LONGEST})
        bare = signs.replace(" ", "")
        if len(set(bare)) < FEWEST_DIFFERENT or _repeats(bare) or _runs(bare):
            raise ValidationError(_("This passphrase repeats itself or runs in a row. Take words that do not."))
        if _is_common(signs):
            raise ValidationError(_("This passphrase is made of a password that many people use. Take other words."))

    def get_help_text(self) -> str:
        """What a passphrase must be, in words."""
        return _("At least %(shortest)s letters: a few words in any language, which nobody would guess together.") % {
            "shortest": SHORTEST
        }


def suggest(language: str) -> str:
    """Words drawn by lot, enough of them that nobody guesses them; in Thai or in English."""
    words = _words("th" if language == "th" else "en")
    n_words = math.ceil(WANTED_BITS / math.log2(len(words)))
    return " ".join(secrets.choice(words) for _ in range(n_words))


def _repeats(bare: str) -> bool:
    """True where one piece, repeated, makes the whole, as in "abcdefabcdefabcdef"."""
    return len(bare) > 1 and bare in (bare + bare)[1:-1]


def _runs(bare: str) -> bool:
    """True where nearly every sign is the next or the one before in the alphabet, as in "123456789012345"."""
    steps = sum(abs(ord(after) - ord(before)) <= 1 for before, after in pairwise(bare))
    return steps >= 0.8 * (len(bare) - 1)


def _is_common(signs: str) -> bool:
    """True where the phrase is a password of the common list, or two at most of them with digits around."""
    pieces = {piece for piece in re.split(r"[\W\d_]+", signs) if piece}
    common = _common()
    return signs in common or signs.replace(" ", "") in common or (len(pieces) <= 2 and pieces <= common)


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


@cache
def _words(language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(read_reference("passphrases.toml")[language]["words"].split()))
