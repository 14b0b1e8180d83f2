"""Bytes as text (base64), with one spelling for each: a file that was changed anywhere reads as changed."""

import base64


def spelled(data: bytes) -> str:
    """The one text for these bytes."""
    return base64.b64encode(data).decode()


def unspelled(text: str) -> bytes:
    """The bytes of a text.

    Raises:
        ValueError: it is no base64, or another spelling of the same bytes: bits that stand for nothing were changed.
    """
    found = base64.b64decode(text, validate=True)
    if spelled(found) != text:
        raise ValueError(text)
    return found
