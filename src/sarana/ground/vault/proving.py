"""Proves the ledger in a restored copy, in a process of its own that works with that copy as the system would."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable

import msgspec

from sarana.basics.errors import BadFile
from sarana.ground.vault.databases import Shown

PROGRAM = "sarana.config.web.proving"
"""The program that does it: settings of the web are read once in a process, and here they must be the copy's own."""


class Said(msgspec.Struct, frozen=True):
    """What came of it."""

    n_entries: int
    n_findings: int


def prove_ledger(shown: Shown, beat: Callable[[], None] = lambda: None) -> None:
    """Verify the ledger of a database that was opened.

    Raises:
        BadFile: VAULT-026 its ledger is not whole, or could not be read.
    """
    try:
        said = msgspec.json.decode(_watched(shown, beat), type=Said)
    except msgspec.MsgspecError as err:
        raise _not_whole("it could not be read") from err
    if said.n_findings:
        raise _not_whole(f"{said.n_findings} findings in {said.n_entries:,} entries")


def _watched(shown: Shown, beat: Callable[[], None]) -> bytes:
    """What the program says in the end; it is ended where nobody wants it any more."""
    handles = [] if shown.handle is None else [shown.handle]
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", PROGRAM, *map(str, handles)],
        env={**os.environ, **shown.environment},
        pass_fds=handles,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            while True:
                beat()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return process.communicate(timeout=1)[0]
        except BaseException:
            process.kill()
            raise


def _not_whole(why: str) -> BadFile:
    return BadFile(
        "VAULT-026",
        "The ledger of this backup is not whole.",
        where=why,
        cure="Keep it, tell the data-protection officer, and take an earlier backup.",
    )
