"""Looks a boundary file through: it comes in on standard input, what was found goes out. Runs in its own process.

Somebody else's lines may cost any time and memory: the process that does it is bounded, and can be ended at once. It
touches no row, no key and no other file. It tells how far it is, one line each time, and at last what it found.
"""

import gzip
import resource
import sys
from typing import Any

import msgspec
import shapely

from sarana.basics.errors import BadFile
from sarana.basics.progress import Progress
from sarana.learning.population.boundaries.reading import Box, Told, read_boundaries, shapes_of
from sarana.learning.population.boundaries.sketching import Sketch, sketch_of

SECONDS = 120
"""So long a processor may be at work on one file; 24 MiB of fine lines take six seconds."""

MEMORY_BYTES = 2**30
"""So much memory may be asked for; 24 MiB of fine lines need 420 MiB."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A packed file, and against what it is held."""

    content: bytes
    country: str
    known: tuple[str, ...]
    within: str
    box: Box


class Found(msgspec.Struct, frozen=True):
    """What was found in a file: what is told of it, its outlines packed, and its small map."""

    told: Told
    outlines: bytes
    sketch: Sketch | None


class Fault(msgspec.Struct, frozen=True):
    """Why a file is of no use, as `BadFile` says it."""

    code: str
    what: str
    where: str
    cure: str

    @classmethod
    def of(cls, err: BadFile) -> "Fault":
        """What an error says."""
        return cls(err.code, err.what, err.where, err.cure)

    def error(self) -> BadFile:
        """The error that says it."""
        return BadFile(self.code, self.what, where=self.where, cure=self.cure)


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One word of the process: how far it is, or the last one."""

    done: int = 0
    total: int = 0
    found: Found | None = None
    fault: Fault | None = None


def look(asked: Asked, progress: Progress) -> Found:
    """Look a file through, and draw its small map where its areas lie in the country.

    Raises:
        BadFile: as `read_boundaries`.
    """
    brought = read_boundaries(
        gzip.decompress(asked.content),
        country=asked.country,
        known=asked.known,
        within=asked.within,
        box=asked.box,
        progress=progress,
    )
    sketch = None if brought.told.wrong else sketch_of(shapes_of(brought.content))
    return Found(brought.told, brought.content, sketch)


def short_of_memory() -> BadFile:
    """What is said where the memory did not suffice."""
    return BadFile(
        "POPULATION-061",
        "Looking this file through needs more memory than is given to it.",
        where=f"{MEMORY_BYTES // 2**20:,} MiB",
        cure="Have its lines simplified, leave out other provinces, and bring it again.",
    )


class _Out:
    """Progress that is said on standard output."""

    def report(self, done: int, total: int, what: str) -> None:
        """Say it; whoever does not listen any more wants nothing more."""
        del what
        _say(Line(done, total))


def _say(line: Line) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def _limit(kind: int, most: int) -> None:
    _now, hardest = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hardest == resource.RLIM_INFINITY else min(most, hardest), hardest))


def main() -> None:
    """Look through what is asked on standard input."""
    _limit(resource.RLIMIT_CPU, SECONDS)
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    last: dict[str, Any] = {}
    try:
        asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
        last["found"] = look(asked, _Out())
    except BadFile as err:
        last["fault"] = Fault.of(err)
    except (MemoryError, shapely.errors.ShapelyError):
        # The library of lines says in its own way that it was given no memory.
        last["fault"] = Fault.of(short_of_memory())
    _say(Line(**last))


if __name__ == "__main__":
    main()
