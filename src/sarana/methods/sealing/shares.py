"""Recovery shares: a secret as three lists of words of which any two bring it back, and one tells nothing (SLIP-39)."""

import re
import secrets
from collections.abc import Sequence

import shamir_mnemonic
from shamir_mnemonic.wordlist import WORDLIST

from sarana.basics.errors import BadSetting

N_SHARES, N_NEEDED = 3, 2

PHRASE_WORDS = 7
"""Words of a passphrase that we make: 70 bits."""


def make_shares(secret: bytes) -> tuple[str, ...]:
    """Three lists of 33 words each: any two bring the secret back."""
    [group] = shamir_mnemonic.generate_mnemonics(1, [(N_NEEDED, N_SHARES)], secret)
    return tuple(group)


def join_shares(shares: Sequence[str]) -> bytes:
    """The secret that two shares bring back; spaces, numbers, line breaks and capitals do not count.

    Raises:
        BadSetting: VAULT-009 a word is misread, two are the same, they do not belong together, or are too few.
    """
    told = [" ".join(re.findall(r"[a-z]+", share.lower())) for share in shares]
    if len(set(told)) < N_NEEDED:
        raise BadSetting(
            "VAULT-009",
            f"{len(set(told))} of the {N_NEEDED} different shares were given.",
            cure="Give two different sheets of the same set.",
        )
    try:
        return bytes(shamir_mnemonic.combine_mnemonics(told[:N_NEEDED]))
    except shamir_mnemonic.MnemonicError as err:
        raise BadSetting(
            "VAULT-009",
            "The shares do not fit: a word was misread, or they are not of the same set.",
            cure="Read each word again; all sheets of a set carry the same first two words.",
        ) from err


def new_passphrase() -> str:
    """A passphrase of seven words drawn by chance."""
    return " ".join(secrets.choice(WORDLIST) for _ in range(PHRASE_WORDS))
