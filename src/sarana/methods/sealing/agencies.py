"""The keys of one agency: epochs of ninety days, in each a key for its own and a pair for what others give it.

The file lies in the key store, sealed under the installation's keys. It tells which epochs there are; with the keys of
one agency nothing of another opens.
"""

import datetime as dt
import hashlib
import os
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from sarana.basics.errors import BadFile, Refused
from sarana.methods.sealing.identities import KEY_BYTES, Place, not_open, open_bytes, seal_bytes
from sarana.methods.sealing.keysets import PairKeys, PublicKeys
from sarana.methods.sealing.labels import Label, joined
from sarana.methods.sealing.organisation import OrganisationKeys
from sarana.methods.sealing.spelling import spelled, unspelled

FORMAT = "sarana agency keys 1"

KEPT_DAYS = 35
"""So long an epoch that seals nothing any more is kept, as long as a backup of keys is good: then it is destroyed. When
the last backup of keys that holds it is over too, whoever was erased before is unreadable in every backup of data."""


class AgencyEpoch(msgspec.Struct, frozen=True, kw_only=True):
    """The time in which one key seals: in clear only its number, its days, and the half that others may know."""

    number: int
    began_on: dt.date
    public: str
    retired_on: dt.date | None = None


class AgencyFile(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of an agency as they stand on the disk; `key_id` is the installation's key that seals them."""

    format: str = FORMAT
    organisation: str
    agency: str
    version: int
    key_id: int
    epochs: tuple[AgencyEpoch, ...]
    sealed: str = ""

    def to_json(self) -> bytes:
        """Readable JSON."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"

    @property
    def newest(self) -> int:
        """The number of the epoch that seals."""
        return self.epochs[-1].number

    def over(self, today: dt.date) -> dict[int, dt.date]:
        """The epochs that sealed nothing for more than 35 days, and since when."""
        last = today - dt.timedelta(KEPT_DAYS)
        return {each.number: each.retired_on for each in self.epochs[:-1] if each.retired_on and each.retired_on < last}

    def public(self) -> PublicKeys:
        """To what others seal for this agency."""
        return PublicKeys.from_words(self.epochs[-1].public)


class _Epoch(msgspec.Struct, frozen=True):
    own: str
    pair: str


class _Inside(msgspec.Struct, frozen=True):
    epochs: dict[int, _Epoch]


@dataclass(frozen=True, slots=True, repr=False)
class AgencyKeys:
    """The keys of an agency, opened.

    Attributes:
        file: as it stood on the disk.
        inside: the keys of each epoch in words.
        own: for each epoch the key that seals the keys of the agency's people.
        pairs: the pairs of epochs that were used; to parse one takes longer than to open with it.
    """

    file: AgencyFile
    inside: "_Inside"
    own: dict[int, AESGCM]
    pairs: dict[int, PairKeys] = field(default_factory=dict, compare=False)

    def seal_own(self, data: bytes, place: Place) -> bytes:
        """Seal with the newest epoch; the place's version is that of the row, its epoch is bound in."""
        return seal_bytes(data, self.own[self.file.newest], _in_epoch(place, self.file.newest))

    def open_own(self, sealed: bytes, epoch: int, place: Place) -> bytes:
        """What was sealed so in an epoch.

        Raises:
            Refused: VAULT-001 it was changed, or is another's, or its epoch is gone.
        """
        if epoch not in self.own:
            raise not_open(place.what)
        return open_bytes(sealed, self.own[epoch], _in_epoch(place, epoch))

    def open_given(self, sealed: bytes, epoch: int, place: Place) -> bytes:
        """What another agency sealed for this one in an epoch.

        Raises:
            Refused: VAULT-001 as `open_own`.
        """
        if epoch not in self.inside.epochs:
            raise not_open(place.what)
        if epoch not in self.pairs:
            self.pairs[epoch] = PairKeys.from_words(self.inside.epochs[epoch].pair)
        try:
            return self.pairs[epoch].open(sealed, place.label())
        except Refused as err:
            raise not_open(place.what) from err


def derived_keys(agency: AgencyKeys, purpose: str) -> dict[int, bytes]:
    """A key of 32 bytes for one purpose from each epoch, the oldest first; from it no other key is found."""
    said = (FORMAT.encode(), agency.file.agency.encode(), purpose.encode())
    return {
        number: HKDFExpand(SHA256(), KEY_BYTES, joined(*said, str(number).encode())).derive(unspelled(epoch.own))
        for number, epoch in sorted(agency.inside.epochs.items())
    }


def make_agency_keys(keys: OrganisationKeys, agency: str, *, today: dt.date, after: int = 0) -> AgencyKeys:
    """Fresh keys for an agency, with a number after one that was used before."""
    bare = AgencyFile(organisation=keys.organisation, agency=agency, version=0, key_id=0, epochs=())
    return _with_fresh(bare, _Inside({}), keys, today, after)


def open_agency_keys(file: AgencyFile, keys: OrganisationKeys, where: str = "") -> AgencyKeys:
    """The keys of an agency.

    Raises:
        BadFile: VAULT-007 the file was changed, or is of another installation or another agency.
    """
    try:
        inside = msgspec.json.decode(keys.small.open(unspelled(file.sealed), _label(file)), type=_Inside)
        own = _ciphers(inside)
    except (ValueError, Refused, msgspec.MsgspecError) as err:
        raise _changed(where) from err
    return AgencyKeys(file, inside, own)


def read_agency_file(data: bytes, where: str, agency: str) -> AgencyFile:
    """The file that these bytes are, of this agency.

    Raises:
        BadFile: VAULT-007 they are none.
    """
    try:
        found = msgspec.json.decode(data, type=AgencyFile)
        uuid.UUID(found.agency)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as err:
        raise _changed(where) from err
    if found.format != FORMAT or found.agency != agency or not found.epochs:
        raise _changed(where)
    return found


def with_new_epoch(agency: AgencyKeys, keys: OrganisationKeys, *, today: dt.date, after: int = 0) -> AgencyKeys:
    """The same with a fresh epoch, which seals from now on; all others still open.

    Its number comes after all that are here, and after one that was used before keys were lost or brought back.
    """
    return _with_fresh(agency.file, agency.inside, keys, today, after)


def retired(agency: AgencyKeys, keys: OrganisationKeys, *, today: dt.date, needed: Collection[int] = ()) -> AgencyKeys:
    """The same, where all but the newest epoch seal nothing any more, but for those that something still needs.

    None rests before the newest one began, whatever the clock says; and a later day, which a clock that was ahead wrote
    down, is told anew: else a key would be kept for years.
    """
    *old, newest = agency.file.epochs
    since = max(today, newest.began_on)
    told = (
        epoch
        if epoch.number in needed or (epoch.retired_on and epoch.retired_on <= since)
        else msgspec.structs.replace(epoch, retired_on=since)
        for epoch in old
    )
    return _sealed(msgspec.structs.replace(agency.file, epochs=(*told, newest)), agency.inside, keys)


def without_agency_epochs(agency: AgencyKeys, keys: OrganisationKeys, going: Collection[int]) -> AgencyKeys:
    """The same without older epochs: what they sealed opens nowhere any more."""
    newest = agency.file.newest
    kept = tuple(epoch for epoch in agency.file.epochs if epoch.number == newest or epoch.number not in going)
    inside = _Inside({epoch.number: agency.inside.epochs[epoch.number] for epoch in kept})
    return _sealed(msgspec.structs.replace(agency.file, epochs=kept), inside, keys)


def merged(here: AgencyKeys, other: AgencyKeys, keys: OrganisationKeys, *, today: dt.date) -> AgencyKeys | None:
    """The keys that are here with the epochs of another file of theirs that they lack; None where they lack none.

    Nothing that is here is replaced, and nothing that is over comes back: it was destroyed here.
    """
    known = {epoch.number for epoch in here.file.epochs} | other.file.over(today).keys()
    fresh = [epoch for epoch in other.file.epochs if epoch.number not in known]
    if not fresh:
        return None
    epochs = tuple(sorted((*here.file.epochs, *fresh), key=lambda epoch: epoch.number))
    last = msgspec.structs.replace(epochs[-1], retired_on=None)
    more = {epoch.number: other.inside.epochs[epoch.number] for epoch in fresh}
    file = msgspec.structs.replace(here.file, epochs=(*epochs[:-1], last))
    return _sealed(file, _Inside({**more, **here.inside.epochs}), keys)


def rewrapped_agency(file: AgencyFile, keys: OrganisationKeys, to: OrganisationKeys | None = None) -> AgencyFile:
    """The same file, sealed with the installation's key that seals now; or with that of others which it has since.

    Raises:
        BadFile: VAULT-007 it was changed.
    """
    opened = open_agency_keys(file, keys, file.agency)
    return _sealed(opened.file, opened.inside, to or keys).file


def _with_fresh(file: AgencyFile, inside: _Inside, keys: OrganisationKeys, today: dt.date, after: int) -> AgencyKeys:
    number = max(file.newest if file.epochs else 0, after) + 1
    pair = PairKeys.new()
    fresh = _Epoch(spelled(os.urandom(KEY_BYTES)), pair.words())
    epoch = AgencyEpoch(number=number, began_on=today, public=pair.public().words())
    inside = _Inside({**inside.epochs, number: fresh})
    return _sealed(msgspec.structs.replace(file, epochs=(*file.epochs, epoch)), inside, keys)


def _sealed(file: AgencyFile, inside: _Inside, keys: OrganisationKeys) -> AgencyKeys:
    key_id = keys.small.key_ids()[-1]
    head = msgspec.structs.replace(file, version=file.version + 1, key_id=key_id, sealed="")
    sealed = spelled(keys.small.seal(msgspec.json.encode(inside), _label(head)))
    return AgencyKeys(msgspec.structs.replace(head, sealed=sealed), inside, _ciphers(inside))


def _ciphers(inside: _Inside) -> dict[int, AESGCM]:
    return {number: AESGCM(unspelled(epoch.own)) for number, epoch in inside.epochs.items()}


def _in_epoch(place: Place, epoch: int) -> Place:
    return Place(place.table, place.ref, place.agency, f"{place.what}\0epoch {epoch}", place.version)


def _label(file: AgencyFile) -> Label:
    """All that stands in clear is bound into the seal."""
    head = msgspec.json.encode(msgspec.structs.replace(file, sealed=""))
    return Label("agency keys", file.organisation, hashlib.sha256(head).hexdigest(), file.version)


def _changed(where: str) -> BadFile:
    return BadFile(
        "VAULT-007",
        "The keys of an agency are not whole, or were changed by something that is not Sarana.",
        where=where,
        cure="Bring the key folder back from its own backup.",
    )
