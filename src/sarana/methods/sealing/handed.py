"""Files handed over: sealed while they come with a public half, and opened only with the organisation's keys."""

import contextlib
import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from sarana.basics.errors import BadFile, Refused
from sarana.methods.sealing.keysets import StreamKeys
from sarana.methods.sealing.labels import Label
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys
from sarana.methods.sealing.spelling import spelled, unspelled

MAGIC = b"SARANA HANDED FILE 1\n"
MOST_HEAD = 16_384


class HandedHead(msgspec.Struct, frozen=True, kw_only=True):
    """What such a file says of itself in clear; all of it is bound into the seals.

    Attributes:
        id: its reference.
        organisation: whose keys open it.
        key: the key of its stream, sealed to the public half of the organisation's pair.
    """

    id: str
    organisation: str
    key: str = ""


def is_handed(path: Path) -> bool:
    """Whether a file says of itself that it was handed over and is sealed."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


@contextlib.contextmanager
def sealing_handed(target: BinaryIO, to: KeysetFile) -> Iterator[BinaryIO]:
    """A stream to write to, which is sealed into the target; no secret is needed for it.

    Cost: about 3 ms a MiB.
    """
    keys = StreamKeys.new()
    bare = HandedHead(id=str(uuid.uuid4()), organisation=to.organisation)
    sealed = to.backup_keys().seal(keys.words().encode(), _label(bare, "key"))
    head = msgspec.structs.replace(bare, key=spelled(sealed))
    target.write(MAGIC + msgspec.json.encode(head) + b"\n")
    with keys.sealing(target, _label(head, "stream")) as stream:
        yield stream


def open_handed(path: Path, target: BinaryIO, keys: OrganisationKeys) -> str:
    """Open all of a file into a target, which must be thrown away where this fails.

    Returns:
        The sha256 of what was handed over, in hex.

    Raises:
        BadFile: VAULT-044 it is no such file.
        Refused: VAULT-001 it was changed or cut, or is sealed to another organisation.
    """
    with path.open("rb") as source:
        head = _read_head(source, path)
        if head.organisation != keys.organisation:
            raise Refused(
                "VAULT-001",
                "This file is sealed to another organisation.",
                where=path.name,
                cure="Open it with the keys of the organisation that it was handed to.",
            )
        bare = msgspec.structs.replace(head, key="")
        stream = StreamKeys.from_words(keys.backup.open(unspelled(head.key), _label(bare, "key")).decode())
        seen = hashlib.sha256()
        for piece in stream.opened(source, _label(head, "stream")):
            seen.update(piece)
            target.write(piece)
    return seen.hexdigest()


def _read_head(file: BinaryIO, path: Path) -> HandedHead:
    if file.read(len(MAGIC)) != MAGIC:
        raise _none_of_ours(path)
    try:
        head = msgspec.json.decode(file.readline(MOST_HEAD), type=HandedHead)
        unspelled(head.key)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as err:
        raise _none_of_ours(path) from err
    return head


def _label(head: HandedHead, what: str) -> Label:
    return Label(f"handed {what}", head.organisation, msgspec.json.encode(head).decode())


def _none_of_ours(path: Path) -> BadFile:
    return BadFile(
        "VAULT-044",
        "This is no file that was handed over here, or its beginning was changed.",
        where=path.name,
        cure="Have the file handed over once more.",
    )
