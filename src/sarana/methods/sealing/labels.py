"""Labels: what a sealed thing is, whose, under which name; bound into the seal, so that nothing takes its place."""

from dataclasses import dataclass

FORMAT = b"sarana 1"


@dataclass(frozen=True, slots=True)
class Label:
    """What a sealed thing is.

    Args:
        kind: `file`, `field`, `run key`, `keyset` …
        owner: the reference of the organisation, or of the run, that it belongs to.
        name: its name there: a file's name, or table, row and field.
        version: counts up where a thing is replaced, so that an older one cannot be put back.
    """

    kind: str
    owner: str
    name: str
    version: int = 1

    def data(self) -> bytes:
        """The associated data: every part with its length, so that no two labels have the same bytes."""
        return joined(FORMAT, self.kind.encode(), self.owner.encode(), self.name.encode(), str(self.version).encode())


def joined(*parts: bytes) -> bytes:
    """Parts put together so that they can be taken apart in one way only."""
    # A list, not a generator: a third less time, and a rotation does this two million times.
    return b"".join([len(part).to_bytes(8, "big") + part for part in parts])
