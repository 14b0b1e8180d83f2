"""Where the search files of agencies lie, with which keys they open, and which of them answers."""

import logging
import threading
from collections import OrderedDict
from pathlib import Path
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.basics.errors import Busy, NotYet, SaranaError
from sarana.ground.vault import places
from sarana.ground.vault.identities.opening import search_keys
from sarana.methods.search.locking import putting
from sarana.methods.search.opening import remove
from sarana.methods.search.searchfile import SearchFile, open_search

FOLDER, ENDING = "search", ".sqlcipher"
"""Beside the data, never in a backup: a backup takes the database and nothing of this folder."""

MOST_OPEN = 4
"""So many files stay open in each of the two processes that may serve: each holds up to 64 MiB of what it read."""

log = logging.getLogger(__name__)
_OPEN: OrderedDict[Path, tuple[bytes, SearchFile]] = OrderedDict()
_LOCK = threading.Lock()


def path_of(agency: UUID, epoch: int) -> Path:
    """Where the file of an epoch of an agency lies."""
    return places.home() / FOLDER / f"{agency}-{epoch}{ENDING}"


def lying(agency: UUID) -> dict[int, Path]:
    """The files of an agency that are there, by epoch, the newest first."""
    found = {}
    for path in (places.home() / FOLDER).glob(f"{agency}-*{ENDING}"):
        epoch = path.name.removeprefix(f"{agency}-").removesuffix(ENDING)
        if epoch.isdecimal():
            found[int(epoch)] = path
    return dict(sorted(found.items(), reverse=True))


def open_files(actor: Actor, agency: UUID) -> list[SearchFile]:
    """Every file of an agency that is there and opens, the newest first; what does not is told in the log by its code.

    Raises:
        NotYet: VAULT-002, VAULT-031 the keys do not open: then nothing that was opened before stays open.
    """
    try:
        keys = search_keys(agency, today=actor.today)
    except SaranaError:
        forget(agency)
        raise
    found = []
    for epoch, path in lying(agency).items():
        if epoch in keys:
            try:
                found.append(_opened(path, keys[epoch], agency))
            except SaranaError as err:
                log.warning("%s A search file does not open; it is made anew by daily work.", err.code)
    return found


def answering(actor: Actor, agency: UUID) -> SearchFile:
    """The file that answers now: that of the newest keys, or the one of before while the new one is made.

    Raises:
        NotYet: PEOPLE-031 there is none that opens; VAULT-002, VAULT-031 the keys do not open.
    """
    found = open_files(actor, agency)
    if not found:
        raise NotYet(
            "PEOPLE-031",
            "What finds people is being made anew, so nobody can be found by name in this moment.",
            cure="Try again in a few minutes; nothing is lost by it. If it stays so, tell the operator: the page of "
            "work says what became of it (sarana people rebuild-search).",
        )
    return found[0]


def newest_path(actor: Actor, agency: UUID) -> tuple[Path, bytes]:
    """Where the file of the newest keys of an agency lies or is to lie, and its key.

    Raises:
        NotYet: VAULT-002, VAULT-031 the keys do not open.
    """
    epoch, key = list(search_keys(agency, today=actor.today).items())[-1]
    return path_of(agency, epoch), key


def is_being_built(path: Path) -> bool:
    """Whether somebody makes this file in this moment."""
    if not path.with_name(f"{path.name}.lock").is_file():
        return False
    try:
        with putting(path):
            return False
    except Busy:
        return True


def take_away(agency: UUID, *, but: Path | None = None) -> int:
    """Take away the files of an agency, but for one; gives how many there were."""
    forget(agency)
    going = [path for path in lying(agency).values() if path != but]
    for path in going:
        remove(path)
        remove(path.with_name(f"{path.name}.new"))
        path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
    return len(going)


def forget(agency: UUID | None = None) -> None:
    """Close the files of an agency, or all, and let go of their keys."""
    with _LOCK:
        for path in [path for path in _OPEN if agency is None or path.name.startswith(f"{agency}-")]:
            _OPEN.pop(path)[1].close()


def _opened(path: Path, key: bytes, agency: UUID) -> SearchFile:
    with _LOCK:
        held = _OPEN.pop(path, None)
        if held is not None and held[0] == key and path.is_file():
            _OPEN[path] = held
            return held[1]
        if held is not None:
            held[1].close()
        _OPEN[path] = key, open_search(path, key, str(agency))
        while len(_OPEN) > MOST_OPEN:
            _OPEN.popitem(last=False)[1][1].close()
        return _OPEN[path][1]
