"""The key of each run: sealed under the organisation's keys, good until a day, and destroyed before its files."""

import datetime as dt
import uuid

import msgspec

from sarana.basics.errors import BadFile, Refused
from sarana.methods.sealing.keysets import StreamKeys
from sarana.methods.sealing.labels import Label
from sarana.methods.sealing.organisation import OrganisationKeys
from sarana.methods.sealing.spelling import spelled, unspelled

FORMAT = "sarana run key 1"


class RunKey(msgspec.Struct, frozen=True, kw_only=True):
    """The key of one run as it stands in the key store.

    Attributes:
        run: the reference of the run, as in its folder.
        organisation: whose keys open it.
        made_on: the day it was made.
        until: the last day on which it opens.
        folder: where the run folder was made; only a hint for erasing.
        key_id: which key of the organisation it is sealed with.
    """

    format: str = FORMAT
    run: str
    organisation: str
    made_on: dt.date
    until: dt.date
    folder: str
    key_id: int
    sealed: str

    def to_json(self) -> bytes:
        """Readable JSON."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def read_run_key(data: bytes, where: str) -> RunKey:
    """The run key that these bytes are.

    Raises:
        BadFile: VAULT-007 they are none.
    """
    try:
        found = msgspec.json.decode(data, type=RunKey)
    except (msgspec.MsgspecError, UnicodeDecodeError) as err:
        raise BadFile("VAULT-007", "The key of a run is not whole.", where=where, cure=_CURE) from err
    if found.format != FORMAT:
        raise BadFile("VAULT-007", "The key of a run is of a form not known.", where=where, cure=_CURE)
    return found


def make_run_key(keys: OrganisationKeys, *, folder: str, made_on: dt.date, until: dt.date) -> RunKey:
    """A fresh key for a run."""
    run = str(uuid.uuid4())
    stream = StreamKeys.new().words().encode()
    return _wrapped(keys, stream, run=run, folder=folder, made_on=made_on, until=until)


def open_run_key(key: RunKey, keys: OrganisationKeys, *, today: dt.date) -> StreamKeys:
    """What seals and opens the files of the run.

    Raises:
        Refused: VAULT-001 the key was changed, or is another organisation's; VAULT-012 its last day is over.
    """
    stream = keys.small.open(_sealed(key), _label(key))
    if today > key.until:
        raise Refused(
            "VAULT-012",
            f"This run was to be kept until {key.until}, which is over: its person-level files open no more.",
            where=key.folder,
            cure="Erase it: sarana keys sweep, or sarana population erase. Make a new run where one is still needed.",
        )
    return StreamKeys.from_words(stream.decode())


def rewrapped(key: RunKey, keys: OrganisationKeys) -> RunKey:
    """The same key, sealed with the key of the organisation that seals now.

    Raises:
        Refused: VAULT-001 the key was changed, or is another organisation's.
    """
    stream = keys.small.open(_sealed(key), _label(key))
    return _wrapped(keys, stream, run=key.run, folder=key.folder, made_on=key.made_on, until=key.until)


def file_label(run: str, name: str) -> Label:
    """The label of a file of a run: its name in the folder, such as `work/links.parquet`."""
    return Label("run file", run, name)


_CURE = "Bring the key folder back from its own backup."


def _wrapped(
    keys: OrganisationKeys, stream: bytes, *, run: str, folder: str, made_on: dt.date, until: dt.date
) -> RunKey:
    bare = RunKey(
        run=run,
        organisation=keys.organisation,
        made_on=made_on,
        until=until,
        folder=folder,
        key_id=keys.small.key_ids()[-1],
        sealed="",
    )
    sealed = keys.small.seal(stream, _label(bare))
    return msgspec.structs.replace(bare, sealed=spelled(sealed))


def _label(key: RunKey) -> Label:
    """Bound to run, owner and both days, so that nobody lengthens the life of a run by editing its file."""
    return Label("run key", key.organisation, f"{key.run}\0{key.made_on}\0{key.until}")


def _sealed(key: RunKey) -> bytes:
    try:
        return unspelled(key.sealed)
    except ValueError as err:
        raise BadFile("VAULT-007", "The key of a run is not whole.", where=key.run, cure=_CURE) from err
