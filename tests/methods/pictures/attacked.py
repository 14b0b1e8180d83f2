"""Reads each of some pictures in a process of its own; tells how it ended, what it took, and what it wrote.

    python -m methods.pictures.attacked < PICTURES

Takes pairs of name and bytes, gives pairs of name and what was told, as MessagePack. The interpreter and its libraries
are started once: each picture gets a fork.
"""

import os
import sys
import time
from pathlib import Path

import msgspec

from sarana.basics.errors import SaranaError
from sarana.methods.pictures.copies import Box, masked, shown, small
from sarana.methods.pictures.reading import read_picture

WRITTEN: list[str] = []


def watch(event: str, given: tuple[object, ...]) -> None:
    """Note whatever is opened for writing, and every folder or file for a time."""
    if event.startswith("tempfile.") or (event == "open" and _writes(given[1], given[2])):
        WRITTEN.append(event)


def _writes(mode: object, flags: object) -> bool:
    return (isinstance(mode, str) and bool(set(mode) & set("wax+"))) or (isinstance(flags, int) and bool(flags & 3))


def read_one(data: bytes) -> dict[str, object]:
    """How it ended, seconds of the processor, MiB more than before, and what was opened for writing."""
    before = _mib("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    WRITTEN.clear()
    began, ended = time.process_time(), "read"
    try:
        picture = read_picture(data)
        shown(picture), small(picture), masked(picture, [Box(0.1, 0.1, 0.9, 0.9)])
    except SaranaError as err:
        ended = err.code
    seconds = time.process_time() - began
    written = [*WRITTEN]
    return {"ended": ended, "seconds": seconds, "mib": _mib("VmHWM") - before, "written": written}


def _mib(which: str) -> float:
    """Memory that this process has (VmRSS), or had at most since it was last asked to forget (VmHWM)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(which)).split()[1]) / 1_024


def main() -> None:
    """All pictures of the standard input, one after the other."""
    sys.addaudithook(watch)
    told = {}
    for name, data in msgspec.msgpack.decode(sys.stdin.buffer.read(), type=dict[str, bytes]).items():
        out, into = os.pipe()
        if not os.fork():
            os.write(into, msgspec.msgpack.encode(read_one(data)))
            os._exit(0)
        os.close(into)
        with os.fdopen(out, "rb") as answer:
            told[name] = msgspec.msgpack.decode(answer.read())
        os.wait()
    sys.stdout.buffer.write(msgspec.msgpack.encode(told))


if __name__ == "__main__":
    main()
