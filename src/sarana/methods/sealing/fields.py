"""Sealed fields: a value of a row, bound to owner, table, row, field and version, its length hidden in steps."""

from sarana.basics.errors import Refused
from sarana.methods.sealing.keysets import SmallKeys
from sarana.methods.sealing.labels import Label

STEP = 64
"""Values are filled up to steps of so many bytes, so that the length of a name does not tell the name."""

LENGTH = 4


def field_label(owner: str, table: str, row: str, field: str, version: int) -> Label:
    """The label of a field's value; a version is never used twice."""
    return Label("field", owner, f"{table}\0{row}\0{field}", version)


def seal_field(value: str, keys: SmallKeys, label: Label) -> bytes:
    """Seal a value."""
    data = value.encode()
    framed = len(data).to_bytes(LENGTH, "big") + data
    return keys.seal(framed + bytes(-len(framed) % STEP), label)


def open_field(sealed: bytes, keys: SmallKeys, label: Label) -> str:
    """The value that was sealed under this very label.

    Raises:
        Refused: VAULT-001 it was changed, put in another's place, or sealed with another key.
    """
    framed = keys.open(sealed, label)
    length = int.from_bytes(framed[:LENGTH], "big")
    if len(framed) % STEP or length > len(framed) - LENGTH:
        raise Refused("VAULT-001", "A sealed field is not whole.", cure="Bring it back from a backup.")
    return framed[LENGTH : LENGTH + length].decode()
