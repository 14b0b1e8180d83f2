"""Letters: one file sealed to an organisation by anyone who has its public half, and opened in memory only."""

from pathlib import Path

import msgspec

from sarana.basics.errors import BadFile
from sarana.methods.sealing.labels import Label
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys

MAGIC = b"SARANA SEALED LETTER 1\n"
MOST_BYTES = 64 * 1024 * 1024
"""What is opened in memory must fit there: a letter of known cases is far below."""

_MOST_HEAD = 4_096


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter says of itself in clear; all of it is bound into the seal.

    Attributes:
        organisation: whose keys open it.
        name: what they call themselves.
        about: what it is, such as `known cases`.
    """

    organisation: str
    name: str
    about: str


def is_letter(data: bytes) -> bool:
    """Whether bytes say of themselves that they are a letter."""
    return data.startswith(MAGIC)


def seal_letter(data: bytes, to: KeysetFile, *, about: str, where: str) -> bytes:
    """Seal some bytes to an organisation; no secret is needed.

    Raises:
        BadFile: VAULT-041 they are more than 64 MiB.
    """
    if len(data) > MOST_BYTES:
        raise BadFile(
            "VAULT-041",
            f"This file has {len(data):,} bytes, and a letter at most {MOST_BYTES:,}.",
            where=where,
            cure="Take out the columns and rows that are not needed.",
        )
    head = Head(organisation=to.organisation, name=to.name, about=about)
    return MAGIC + msgspec.json.encode(head) + b"\n" + to.backup_keys().seal(data, _label(head))


def open_letter(letter: bytes, keys: OrganisationKeys, *, about: str, where: str) -> bytes:
    """What a letter holds.

    Raises:
        BadFile: VAULT-040 it is no letter, is about something else, or is to another organisation.
        Refused: VAULT-001 it was changed or cut.
    """
    line, _, sealed = letter.removeprefix(MAGIC).partition(b"\n")
    try:
        head = msgspec.json.decode(line[:_MOST_HEAD], type=Head)
    except (msgspec.MsgspecError, UnicodeDecodeError) as err:
        raise _another("Its beginning was changed.", where) from err
    if head.about != about:
        raise _another(f"It holds {head.about}, not {about}.", where)
    if head.organisation != keys.organisation:
        raise _another(f"It is sealed to another organisation ({head.name}, {head.organisation}).", where)
    return keys.backup.open(sealed, _label(head))


def read_sealable(path: Path) -> bytes:
    """The bytes of a file that is to be sealed.

    Raises:
        BadFile: VAULT-042 it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as err:
        raise BadFile(
            "VAULT-042", "This file cannot be read.", where=str(path), cure="Name a file that is there."
        ) from err


def _label(head: Head) -> Label:
    """Bound to all that stands in clear."""
    return Label("letter", head.organisation, msgspec.json.encode(head).decode())


def _another(why: str, where: str) -> BadFile:
    return BadFile(
        "VAULT-040",
        f"This sealed file cannot be opened here. {why}",
        where=where,
        cure="Have it sealed anew with `sarana keys seal`, with the public half of these keys.",
    )
