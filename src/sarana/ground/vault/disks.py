"""What the system says of disks, in our words."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from sarana.basics.errors import BadFile
from sarana.methods.tablefiles import disk_is_full

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextlib.contextmanager
def said_plainly(place: Path) -> Iterator[None]:
    """Turn what the system says of a disk into our errors."""
    try:
        yield
    except OSError as err:
        if err.errno in FULL:
            raise disk_is_full() from err
        raise BadFile(
            "VAULT-030",
            "This place cannot be written or read.",
            where=str(place),
            cure="See that the disk is there, and that the account of the service may write to it.",
        ) from err
