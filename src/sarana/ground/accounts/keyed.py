"""What is made with the key of the key folder: marks that only this program can make, and small sealed values.

The key lies outside the database, so whoever takes the database alone can neither make such a mark nor open a value.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


def mark(purpose: str, *parts: str) -> str:
    """A mark of these parts for one purpose: the same for the same parts, and nothing can be read from it."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(_key(f"mark {purpose}"), text.encode(), hashlib.sha256).hexdigest()


def seal(purpose: str, text: str, *, bound_to: str = "") -> bytes:
    """A text that only this program can open again, and only for the same purpose and the same thing."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(f"seal {purpose}")).encrypt(nonce, text.encode(), bound_to.encode())


def open_sealed(purpose: str, sealed: bytes, *, bound_to: str = "") -> str | None:
    """The text of a sealed value; None where it was changed, or sealed with another key."""
    try:
        opened = AESGCM(_key(f"seal {purpose}")).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError):
        return None
    return opened.decode()


def _key(purpose: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"sarana accounts {purpose}".encode(), hashlib.sha256)
