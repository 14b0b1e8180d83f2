"""Signing: what leaves an installation under its name, and how others know that it came from there and was not changed.

Ed25519, as any tool knows it. The public half is also forty digits that two people can read to each other over a
telephone.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

N_GROUPS, GROUP_BYTES, GROUP_DIGITS = 8, 5, 5
BETWEEN: Final = "-–.,"
"""What people write between digits."""


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private half, opened; it never shows what it holds."""

    private: Ed25519PrivateKey

    @classmethod
    def new(cls) -> "SigningKey":
        """A fresh one."""
        return cls(Ed25519PrivateKey.generate())

    @property
    def public(self) -> str:
        """The half that others may know, in hex."""
        return self.private.public_key().public_bytes_raw().hex()

    def sign(self, data: bytes) -> bytes:
        """The signature under some bytes: 64 bytes, as any tool for Ed25519 reads them."""
        return self.private.sign(data)


def is_signed(data: bytes, signature: bytes, public: str) -> bool:
    """Whether a signature under some bytes is that of this public half."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def digits_of(public: str) -> str:
    """A public half as eight groups of five digits, to be read out and compared: about 132 bits."""
    told = hashlib.sha512(b"sarana station key\0" + bytes.fromhex(public)).digest()
    groups = (told[at * GROUP_BYTES : (at + 1) * GROUP_BYTES] for at in range(N_GROUPS))
    return " ".join(f"{int.from_bytes(group) % 10**GROUP_DIGITS:0{GROUP_DIGITS}}" for group in groups)


def same_digits(public: str, heard: str) -> bool:
    """Whether what somebody heard and typed are the digits of a public half; spaces and dashes do not count."""
    typed = "".join(sign for sign in heard if not sign.isspace() and sign not in BETWEEN)
    # Digits of Thai, Khmer, Lao and Burmese keyboards are digits too.
    is_all = typed.isdecimal()
    return is_all and "".join(str(int(sign)) for sign in typed) == digits_of(public).replace(" ", "")
