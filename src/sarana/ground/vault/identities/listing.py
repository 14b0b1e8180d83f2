"""The list of who was erased as every door sees it: read again when its file or its key changed."""

from uuid import UUID

from sarana.ground.vault import places
from sarana.methods.sealing.erased import NOTHING, Listed, epoch_ref, key_files, list_path, read_erased

type Stamp = tuple[tuple[str, int, int, int], ...]

_READ: dict[Stamp, Listed] = {}


def listed() -> Listed:
    """The list in the key folder.

    Raises:
        BadFile: VAULT-066 its key is not here; VAULT-067 it may not be read.
    """
    store = places.store()
    stamp = _stamp()
    if not stamp or stamp[0][0] != str(list_path(store)):
        return NOTHING
    found = _READ.get(stamp)
    if found is None:
        found = read_erased(store)
        _READ.clear()
        _READ[stamp] = found
    return found


def is_listed(ref: UUID) -> bool:
    """Whether a person was erased, or a basis ended, whatever rows say.

    Raises:
        BadFile: VAULT-066, VAULT-067 as `listed`.
    """
    return listed().has(ref)


NUMBERS_AHEAD = 64
"""So many numbers are looked for after the last that is known: each is made after the one before."""


def newest_number_told(agency: UUID, after: int) -> int:
    """The highest number after one that keys of an agency ever had, as the list tells; else that one.

    Raises:
        BadFile: VAULT-066, VAULT-067 as `listed`.
    """
    found, newest = listed(), after
    number = after + 1
    while found.known and number <= newest + NUMBERS_AHEAD:
        if found.has(epoch_ref(str(agency), number)):
            newest = number
        number += 1
    return newest


def _stamp() -> Stamp:
    store, told = places.store(), []
    for path in (list_path(store), *key_files(store)):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        told.append((str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(told)
