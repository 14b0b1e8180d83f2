"""The door to files that were handed over: sealed to the organisation, and opened in memory for whoever reads them."""

import os
from collections.abc import Callable
from pathlib import Path

from sarana.methods.doors import MEMORY
from sarana.methods.runs.sealed import RunSeal, SealedDoor, memory_file, writer_of
from sarana.methods.sealing.handed import is_handed, open_handed
from sarana.methods.sealing.keysets import StreamKeys
from sarana.methods.sealing.organisation import OrganisationKeys


class HandedDoor(SealedDoor):
    """A sealed door that also opens what was handed over; what it opened lies in memory files.

    Args:
        keys: gives the key of a run by its seal.
        organisation: gives the organisation's keys; asked when the first file is opened.
        is_sealing: as of a sealed door.
    """

    def __init__(
        self,
        keys: Callable[[RunSeal, Path], StreamKeys],
        organisation: Callable[[], OrganisationKeys],
        *,
        is_sealing: bool = True,
    ) -> None:
        """Nothing is asked for before the first sealed file."""
        super().__init__(keys, is_sealing=is_sealing)
        self._organisation = organisation
        self._sums: dict[Path, str] = {}

    def opened(self, path: Path) -> Path:
        """Where the plain content can be read until `release`.

        Raises:
            Refused: VAULT-001 the file was changed or is another's.
        """
        if not is_handed(path):
            return super().opened(path)
        with self._turn:
            if path not in self._open:
                handle = memory_file(path.name)
                try:
                    with writer_of(handle) as target:
                        self._sums[path] = open_handed(path, target, self._organisation())
                except BaseException:
                    os.close(handle)  # half of a file must not be read as if it were all of it
                    raise
                self._open[path] = handle
            return Path(f"{MEMORY}{self._open[path]}")

    def hash(self, path: Path) -> str:
        """The sha256 of the plain content, in hex.

        Raises:
            Refused: VAULT-001 the file was changed or is another's.
        """
        if not is_handed(path):
            return super().hash(path)
        if path not in self._sums:
            with Path(os.devnull).open("wb") as nowhere:
                self._sums[path] = open_handed(path, nowhere, self._organisation())
        return self._sums[path]
