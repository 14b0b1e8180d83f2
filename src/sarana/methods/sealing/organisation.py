"""The keys of one organisation: made, opened by one of their locks, rotated, and locked anew."""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from sarana.basics.errors import BadFile, NotYet, Refused
from sarana.methods.sealing.keysets import PairKeys, PublicKeys, SmallKeys
from sarana.methods.sealing.labels import Label
from sarana.methods.sealing.locks import SECRET_BYTES, WAYS, Lock, wrap_root
from sarana.methods.sealing.spelling import spelled, unspelled

FORMAT = "sarana keyset 1"

EPOCH_DAYS = 90
"""After so many days new keys should seal: `sarana keys show` says when it is time."""


class Epoch(msgspec.Struct, frozen=True):
    """The time in which one key seals."""

    number: int
    began_on: dt.date
    key_id: int


class KeysetFile(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of an organisation as they stand on the disk: sealed, with the locks that open them."""

    format: str = FORMAT
    organisation: str
    name: str
    version: int
    epochs: tuple[Epoch, ...]
    locks: tuple[Lock, ...]
    backup: str
    sealed: str = ""

    def backup_keys(self) -> PublicKeys:
        """What backups are sealed to: the server that makes them cannot open them."""
        return PublicKeys.from_words(self.backup)

    def to_json(self) -> bytes:
        """Readable JSON."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"

    @classmethod
    def from_json(cls, data: bytes, where: str) -> "KeysetFile":
        """The file that these bytes are.

        Raises:
            BadFile: VAULT-007 they are none.
        """
        try:
            found = msgspec.json.decode(data, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError) as err:
            raise _changed(where) from err
        if found.format != FORMAT or not all(set(lock.needs) <= set(WAYS) for lock in found.locks):
            raise _changed(where)
        return found


class _Inside(msgspec.Struct, frozen=True):
    """What is sealed in the file."""

    small: str
    backup: str


@dataclass(frozen=True, slots=True, repr=False)
class OrganisationKeys:
    """The keys of an organisation, opened.

    Attributes:
        file: as it stood on the disk.
        small: seals fields, and the keys of runs.
        backup: opens backups.
        root: seals both; only those who change the file need it.
    """

    file: KeysetFile
    small: SmallKeys
    backup: PairKeys
    root: bytes

    @property
    def organisation(self) -> str:
        """The reference of the organisation."""
        return self.file.organisation


def make_keys(name: str, locks: Sequence[Lock], *, organisation: str, today: dt.date) -> OrganisationKeys:
    """Fresh keys under the locks given, at least one.

    Raises:
        NotYet: VAULT-015 there is no lock.
    """
    small, backup = SmallKeys.new(), PairKeys.new()
    head = KeysetFile(
        organisation=organisation,
        name=name,
        version=0,
        epochs=(Epoch(1, today, small.key_ids()[-1]),),
        locks=tuple(locks),
        backup=backup.public().words(),
    )
    return _sealed_anew(head, small, backup)


def new_organisation() -> str:
    """A reference for an organisation."""
    return str(uuid.uuid4())


def open_keys(file: KeysetFile, root: bytes, where: str = "") -> OrganisationKeys:
    """The keys, with the root key that a lock gave.

    Raises:
        BadFile: VAULT-007 the file was changed since it was written: a lock added, an epoch taken out, anything.
    """
    try:
        sealed = unspelled(file.sealed)
        inside = msgspec.json.decode(SmallKeys.from_words(root.decode()).open(sealed, _label(file)), type=_Inside)
        return OrganisationKeys(file, SmallKeys.from_words(inside.small), PairKeys.from_words(inside.backup), root)
    except (ValueError, Refused, msgspec.MsgspecError) as err:
        raise _changed(where) from err


def rotated(keys: OrganisationKeys, *, today: dt.date) -> OrganisationKeys:
    """The same keys with a new epoch: new keys seal from now on, under a new root; what was sealed still opens."""
    small, backup = keys.small.rotated(), keys.backup.rotated()
    epochs = (*keys.file.epochs, Epoch(keys.file.epochs[-1].number + 1, today, small.key_ids()[-1]))
    head = msgspec.structs.replace(keys.file, epochs=epochs, backup=backup.public().words())
    return _sealed_anew(head, small, backup)


def without_epochs(keys: OrganisationKeys, used: frozenset[int]) -> OrganisationKeys:
    """The same keys without the epochs whose key seals nothing any more (`used`: the key ids that still do)."""
    small, kept = keys.small, []
    for epoch in keys.file.epochs:
        if epoch is keys.file.epochs[-1] or epoch.key_id in used:
            kept.append(epoch)
        else:
            small = small.without(epoch.key_id)
    return _sealed_anew(msgspec.structs.replace(keys.file, epochs=tuple(kept)), small, keys.backup)


def with_lock(keys: OrganisationKeys, lock: Lock) -> OrganisationKeys:
    """The same keys, which one more lock opens.

    Raises:
        NotYet: VAULT-015 a lock has this name already.
    """
    if lock.name in {other.name for other in keys.file.locks}:
        raise NotYet("VAULT-015", "A lock has this name already.", where=lock.name, cure="Choose another name.")
    head = msgspec.structs.replace(keys.file, locks=(*keys.file.locks, lock))
    return _sealed_anew(head, keys.small, keys.backup)


def with_lock_instead(keys: OrganisationKeys, lock: Lock, *, today: dt.date) -> OrganisationKeys:
    """The same keys with a lock in the place of the one of its name, which opens nothing of the new epoch."""
    kept = tuple(other for other in keys.file.locks if other.name != lock.name)
    if len(kept) == len(keys.file.locks):
        return with_lock(keys, lock)
    head = msgspec.structs.replace(keys.file, locks=(*kept, lock))
    return rotated(_sealed_anew(head, keys.small, keys.backup), today=today)


def without_lock(keys: OrganisationKeys, name: str, *, today: dt.date) -> OrganisationKeys:
    """The same keys in a new epoch, to which a lock gives no way any more.

    Raises:
        NotYet: VAULT-015 there is no such lock, or it is the last one.
    """
    kept = tuple(lock for lock in keys.file.locks if lock.name != name)
    if len(kept) == len(keys.file.locks):
        named = ", ".join(lock.name for lock in keys.file.locks)
        raise NotYet("VAULT-015", "There is no lock of this name.", where=name, cure=f"There are: {named}.")
    head = msgspec.structs.replace(keys.file, locks=kept)
    return rotated(_sealed_anew(head, keys.small, keys.backup), today=today)


def _sealed_anew(head: KeysetFile, small: SmallKeys, backup: PairKeys) -> OrganisationKeys:
    """Seal the keys under a fresh root key, and the root key to every lock."""
    if not head.locks:
        raise NotYet("VAULT-015", "Keys need at least one lock.", cure="Add another lock before you take this one out.")
    root = SmallKeys.new().words().encode()
    locks = tuple(wrap_root(lock, root, head.organisation) for lock in head.locks)
    head = msgspec.structs.replace(head, locks=locks, version=head.version + 1, sealed="")
    inside = msgspec.json.encode(_Inside(small.words(), backup.words()))
    sealed = SmallKeys.from_words(root.decode()).seal(inside, _label(head))
    file = msgspec.structs.replace(head, sealed=spelled(sealed))
    return OrganisationKeys(file, small, backup, root)


def new_secret() -> bytes:
    """A secret drawn by chance, for a key ring or for shares."""
    return secrets.token_bytes(SECRET_BYTES)


def _label(file: KeysetFile) -> Label:
    """Everything that stands in the file in clear is bound into the seal."""
    head = msgspec.json.encode(msgspec.structs.replace(file, sealed=""))
    return Label("keyset", file.organisation, hashlib.sha256(head).hexdigest(), file.version)


def _changed(where: str) -> BadFile:
    return BadFile(
        "VAULT-007",
        "The keyset is not whole, or was changed by something that is not Sarana.",
        where=where,
        cure="Bring the key folder back from its own backup.",
    )
