"""Backups of the key folder: apart from those of data, good for five weeks, and never bringing back what was destroyed.

The keyset and the keys of runs are sealed as they lie there. What lies open in the folder (the keys with which the
ledger is written and sealed, and that of sittings) is sealed to the organisation. The key file that opens all this, and
the key that proves the ledger, are never in it.
"""

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sarana.basics.errors import BadFile, Refused
from sarana.methods.sealing.agencies import AgencyFile, merged, open_agency_keys, rewrapped_agency
from sarana.methods.sealing.erased import is_mark_key, join_erased, list_path, make_mark_key, read_texts
from sarana.methods.sealing.files import write_whole
from sarana.methods.sealing.labels import Label
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys
from sarana.methods.sealing.runkeys import RunKey
from sarana.methods.sealing.spelling import spelled, unspelled
from sarana.methods.sealing.store import KeyStore

FORMAT, END = "sarana key backup 1", ".keys"
KEPT_DAYS = 35
"""So long a key that was destroyed may live on in a backup: then an erased person is unreadable there too."""

NEVER = frozenset({"ledger-verify.key"})
"""What the data-protection officer takes away is in no backup of the operator's."""


class KeyBackup(msgspec.Struct, frozen=True, kw_only=True):
    """What one file holds; all that stands in clear is bound into the seal.

    Attributes:
        organisation: whose keys these are.
        made_at: when.
        until: the last day on which it is good.
        keyset: the organisation's keys, sealed as they are.
        runs: the keys of runs, sealed as they are.
        destroyed: lines of the list of keys that were destroyed.
        agencies: the keys of agencies, sealed as they are.
        erased: lines of the list of people who were erased.
        sealed: the other files of the folder, sealed to the organisation.
    """

    format: str = FORMAT
    organisation: str
    made_at: dt.datetime
    until: dt.date
    keyset: KeysetFile
    runs: tuple[RunKey, ...]
    destroyed: tuple[str, ...]
    agencies: tuple[AgencyFile, ...] = ()
    erased: tuple[str, ...] = ()
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """What a restore of keys put in place, in counts."""

    n_files: int
    n_runs: int
    n_destroyed: int
    is_keyset: bool
    n_agencies: int = 0


def make_key_backup(keys: Path, store: KeyStore, target: Path, *, now: dt.datetime) -> tuple[Path, list[Path]]:
    """Write the key folder into one file, and destroy those in the target that are over; gives it and them.

    Raises:
        Refused: VAULT-039 the target holds backups of data.
        NotYet: VAULT-002 there are no keys.
    """
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(target.glob("*.backup")):
        raise Refused(
            "VAULT-039",
            "Backups of keys and backups of data never lie in one folder.",
            where=str(target),
            cure="Name another folder, on another stick.",
        )
    keyset = store.get_keyset()
    bare = KeyBackup(
        organisation=keyset.organisation,
        made_at=now,
        until=now.date() + dt.timedelta(days=KEPT_DAYS),
        keyset=keyset,
        runs=tuple(store.run_keys()),
        destroyed=tuple(store.destroyed_lines()),
        agencies=tuple(store.agency_files()),
        erased=tuple(read_texts(list_path(store))),
    )
    # No key of marks is drawn after a backup of keys that lacks it.
    make_mark_key(store)
    files = {path.name: path.read_bytes() for path in sorted(keys.glob("*.key")) if path.name not in NEVER}
    sealed = keyset.backup_keys().seal(msgspec.json.encode(files), _label(bare))
    path = target / f"sarana-{now:%Y%m%dT%H%M%SZ}{END}"
    whole = msgspec.structs.replace(bare, sealed=spelled(sealed))
    write_whole(path, msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n")
    return path, _destroy_old(target, now)


def read_key_backup(path: Path, *, now: dt.datetime) -> KeyBackup:
    """What a file holds, not proved yet.

    Raises:
        BadFile: VAULT-051 it is no backup of keys.
        Refused: VAULT-050 it is over.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=KeyBackup)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as err:
        raise _none(path) from err
    if found.format != FORMAT:
        raise _none(path)
    if now.date() > found.until:
        raise Refused(
            "VAULT-050",
            "This backup of keys is over: it could bring back keys that were destroyed since.",
            where=f"{path.name}, good until {found.until}",
            cure="Take a newer one. Without one, recovery shares and the key folder itself are all there is.",
        )
    return found


def bring_back(
    path: Path,
    keys: Path,
    store: KeyStore,
    opened: Callable[[KeysetFile], OrganisationKeys],
    *,
    now: dt.datetime,
) -> BroughtBack:
    """Put in place what is missing in the key folder; nothing that is there is replaced, nothing destroyed comes back.

    The keyset goes last: where this was stopped in between, it begins anew.

    Raises:
        Refused: VAULT-050 the backup is over; VAULT-001 it was changed.
        BadFile: VAULT-051 it is none; VAULT-023 it is of another organisation than the keys that are there.
        And what `opened` raises.
    """
    found = read_key_backup(path, now=now)
    there = store.find_keyset()
    if there is not None and there.organisation != found.organisation:
        raise BadFile(
            "VAULT-023",
            "This backup is of another organisation than the keys that are there.",
            where=path.name,
            cure="Set SARANA_KEYS to an empty folder to bring it back beside.",
        )
    theirs = opened(found.keyset)
    files = _opened_files(found, theirs, path)
    with store.changing():
        n_destroyed = store.take_over_destroyed(found.destroyed, now=now)
        marks = {name: content for name, content in files.items() if is_mark_key(name)}
        n_files = sum(_put(keys / name, content) for name, content in files.items())
        join_erased(store, found.erased, marks, gives_up=True)
        gone = set(store.destroyed())
        # Keys of runs are sealed with the epoch of their keyset: beside another one they would not open.
        fit = there is None or there.version == found.keyset.version
        runs = [key for key in found.runs if fit and key.run not in gone and store.find_run_key(key.run) is None]
        for key in runs:
            store.keep_run_key(key)
        ours = theirs if fit or there is None or not found.agencies else opened(there)
        n_agencies = _merge_agencies(found, theirs, store, ours, now.date())
        if there is None:
            store.keep_keyset(found.keyset)
    return BroughtBack(n_files, len(runs), n_destroyed, there is None, n_agencies)


def _merge_agencies(
    found: KeyBackup, theirs: OrganisationKeys, store: KeyStore, ours: OrganisationKeys, today: dt.date
) -> int:
    """Keys of agencies that are not here, and epochs that those here lack; gives of how many agencies that were."""
    n_changed = 0
    for file in found.agencies:
        here, other = store.find_agency_file(file.agency), open_agency_keys(file, theirs, file.agency)
        if here is None:
            store.keep_agency_file(file if ours is theirs else rewrapped_agency(file, theirs, ours))
        elif more := merged(open_agency_keys(here, ours, file.agency), other, ours, today=today):
            store.keep_agency_file(more.file)
        else:
            continue
        n_changed += 1
    return n_changed


def _opened_files(found: KeyBackup, keys: OrganisationKeys, path: Path) -> Mapping[str, bytes]:
    bare = msgspec.structs.replace(found, sealed="")
    try:
        files = msgspec.json.decode(keys.backup.open(unspelled(found.sealed), _label(bare)), type=dict[str, bytes])
    except (ValueError, msgspec.MsgspecError) as err:
        raise _none(path) from err
    if any(Path(name).name != name or not name.endswith(".key") for name in files):
        raise _none(path)
    return files


def _put(path: Path, content: bytes) -> bool:
    if path.exists():
        return False
    write_whole(path, content)
    return True


def _destroy_old(target: Path, now: dt.datetime) -> list[Path]:
    """Overwrite and remove those that are over; overwriting is a courtesy, removing counts."""
    over = []
    for path in sorted(target.glob(f"sarana-*{END}")):
        try:
            read_key_backup(path, now=now)
        except Refused:
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            over.append(path)
        except BadFile:
            continue
    return over


def _label(bare: KeyBackup) -> Label:
    """All that stands in clear; a backup from before there were keys of agencies is read as it was made."""
    later = ("agencies", "erased")
    said = {name: value for name, value in msgspec.structs.asdict(bare).items() if name not in later or value}
    return Label("key backup", bare.organisation, hashlib.sha256(msgspec.json.encode(said)).hexdigest())


def _none(path: Path) -> BadFile:
    return BadFile(
        "VAULT-051",
        "This is no backup of keys, or it was changed.",
        where=path.name,
        cure="Name a file that sarana backup --keys wrote.",
    )
