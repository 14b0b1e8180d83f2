"""The key pair of an installation as files: sealed where it lies, and the public half as it is given away.

The private half is sealed to the organisation's own keys, like a file that was handed over: a process that cannot open
those keys can make the pair, and only one that can signs.
"""

import datetime as dt
import uuid
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sarana.basics.errors import BadFile, Refused
from sarana.methods.sealing.labels import Label
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys
from sarana.methods.sealing.signing import SigningKey, digits_of
from sarana.methods.sealing.spelling import spelled, unspelled

FORMAT, PUBLIC_FORMAT = "sarana signing key 1", "sarana station key 1"
KIND: Final = "signing key"
MOST_PUBLIC_BYTES: Final = 2_000


class SigningFile(msgspec.Struct, frozen=True, kw_only=True):
    """The key pair as it lies in the key folder: all that stands in clear is bound into the seal.

    Attributes:
        id: its reference.
        organisation: whose keys open it.
        made_on: when it was made.
        public: the public half, in hex.
        sealed: the private half, sealed.
    """

    format: str = FORMAT
    id: str
    organisation: str
    made_on: dt.date
    public: str
    sealed: str = ""

    def to_json(self) -> bytes:
        """Readable JSON."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


class PublicFile(msgspec.Struct, frozen=True, kw_only=True):
    """The public half as it is given to whoever has to know it.

    Attributes:
        made_on: when the pair was made.
        public: the public half, in hex.
        digits: how it is read out; whoever takes it in reckons them anew.
    """

    format: str = PUBLIC_FORMAT
    made_on: dt.date
    public: str
    digits: str


def make_signing_file(to: KeysetFile, *, today: dt.date) -> SigningFile:
    """A fresh pair, its private half sealed to the organisation; no secret is needed for it."""
    key = SigningKey.new()
    bare = SigningFile(id=str(uuid.uuid4()), organisation=to.organisation, made_on=today, public=key.public)
    sealed = to.backup_keys().seal(key.private.private_bytes_raw(), _label(bare))
    return msgspec.structs.replace(bare, sealed=spelled(sealed))


def read_signing_file(content: bytes, where: str) -> SigningFile:
    """The pair that lies in the key folder, not opened.

    Raises:
        BadFile: POPULATION-081 it is none.
    """
    try:
        found = msgspec.json.decode(content, type=SigningFile)
    except (msgspec.MsgspecError, UnicodeDecodeError) as err:
        raise _no_pair(where) from err
    if found.format != FORMAT:
        raise _no_pair(where)
    return found


def open_signing_file(file: SigningFile, keys: OrganisationKeys, where: str) -> SigningKey:
    """The private half, opened with the organisation's keys.

    Raises:
        BadFile: POPULATION-081 it was changed, or belongs to another organisation.
    """
    try:
        bare = msgspec.structs.replace(file, sealed="")
        key = SigningKey(Ed25519PrivateKey.from_private_bytes(keys.backup.open(unspelled(file.sealed), _label(bare))))
    except (ValueError, Refused) as err:
        raise _no_pair(where) from err
    if key.public != file.public:
        raise _no_pair(where)
    return key


def public_file(file: SigningFile) -> bytes:
    """The public half as the file that is given away."""
    given = PublicFile(made_on=file.made_on, public=file.public, digits=digits_of(file.public))
    return msgspec.json.format(msgspec.json.encode(given), indent=1) + b"\n"


def read_public_file(content: bytes) -> str:
    """The public half that a file holds, in hex.

    Raises:
        BadFile: POPULATION-085 it is no such file.
    """
    try:
        found = msgspec.json.decode(content[:MOST_PUBLIC_BYTES], type=PublicFile)
        raw = bytes.fromhex(found.public)
        Ed25519PublicKey.from_public_bytes(raw)
        is_ours = found.format == PUBLIC_FORMAT and raw.hex() == found.public
    except (msgspec.MsgspecError, ValueError):
        is_ours = False
    if not is_ours:
        raise BadFile(
            "POPULATION-085",
            "This is no file with the key of a station.",
            cure="Ask the province for the file that its page for handing over gives.",
        )
    return found.public


def _label(bare: SigningFile) -> Label:
    return Label(KIND, bare.organisation, msgspec.json.encode(bare).decode())


def _no_pair(where: str) -> BadFile:
    return BadFile(
        "POPULATION-081",
        "The key with which this installation signs was changed, or belongs to another organisation.",
        where=where,
        cure="Bring hand-over.key back from a backup of the key folder. Without one, move it away: a new key is made, "
        "and the nation has to be told of it.",
    )
