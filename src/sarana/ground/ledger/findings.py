"""What a check of the ledger can find, in the words in which it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sarana.ground.ledger.seals import Head

KEPT = 1_000
"""Findings told one by one; the rest are counted."""


class Kind(StrEnum):
    """What is wrong."""

    ENTRY_CHANGED = "entry-changed"
    ENTRY_MISSING = "entry-missing"
    ENTRY_ADDED = "entry-added"
    ENTRY_NOT_OURS = "entry-not-ours"
    ENTRY_TWICE = "entry-twice"
    SEAL_MISSING = "seal-missing"
    SEAL_CHANGED = "seal-changed"
    SEAL_UNCHAINED = "seal-unchained"
    SEAL_FORGED = "seal-forged"
    SEAL_ADDED = "seal-added"
    CUT_SHORT = "cut-short"
    HEAD_DIFFERS = "head-differs"
    KEY_IS_OLD = "key-is-old"
    UNSEALED = "unsealed"


SAYS = {
    Kind.ENTRY_CHANGED: "The entry is not what was sealed: it was changed.",
    Kind.ENTRY_MISSING: "The entry was sealed and is gone.",
    Kind.ENTRY_ADDED: "The entry stands in no seal and does not wait for one: it was slipped in.",
    Kind.ENTRY_NOT_OURS: "The entry was not written by this program, or was changed before it could be sealed.",
    Kind.ENTRY_TWICE: "The entry stands in two seals.",
    Kind.SEAL_MISSING: "Seals are missing before this one.",
    Kind.SEAL_CHANGED: "The seal does not have the hash of what is in it: it was changed.",
    Kind.SEAL_UNCHAINED: "The seal does not follow the one before it: one of them was changed or put there by another.",
    Kind.SEAL_FORGED: "The seal was not made with the key of its number.",
    Kind.SEAL_ADDED: "There are more seals than numbers: one stands there twice.",
    Kind.CUT_SHORT: "The ledger ends earlier than it did: its newest seals are gone.",
    Kind.HEAD_DIFFERS: "The ledger is not the one of which this head was taken: it was rewritten.",
    Kind.KEY_IS_OLD: "The sealing key is older than the ledger: an old copy of the key folder was put back.",
    Kind.UNSEALED: "Entries have waited for more than a minute to be sealed: the sealer does not run.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    kind: Kind
    seal: int | None = None
    entry: int | None = None

    @property
    def says(self) -> str:
        """The finding as a sentence with its place."""
        place = [f"seal {self.seal}"] if self.seal is not None else []
        place += [f"entry {self.entry}"] if self.entry is not None else []
        return f"{', '.join(place)}: {SAYS[self.kind]}" if place else SAYS[self.kind]


@dataclass(slots=True)
class Verdict:
    """What a check of the whole ledger came to."""

    n_entries: int = 0
    n_seals: int = 0
    n_findings: int = 0
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)
    n_unsealed: int = 0
    unsealed_since: str | None = None
    head: Head | None = None
    seconds: float = 0.0

    @property
    def is_whole(self) -> bool:
        """True where nothing is wrong; what could not be proved is told apart."""
        return self.n_findings == 0

    def add(self, kind: Kind, *, seal: int | None = None, entry: int | None = None) -> None:
        """Note a finding; beyond a thousand they are only counted."""
        self.n_findings += 1
        if len(self.findings) < KEPT:
            self.findings.append(Finding(kind, seal, entry))

    def add_all(self, kind: Kind, entries: Sequence[int]) -> None:
        """Note the same of many entries."""
        for entry in entries:
            self.add(kind, entry=entry)
