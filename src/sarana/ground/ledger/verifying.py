"""Checks the whole ledger, row by row, and names every entry and seal that is not as it was sealed.

What is proved by what: the hashes, which anybody can reckon, hold entries and seals together; the heads that were
carried off the machine say that this is the same chain and not a new one; the verification key says that no seal of the
past was made later; the number in the sealing key says that nothing was cut off at the end.
"""

import contextlib
import dataclasses
import datetime as dt
import time
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from sarana.basics.errors import SaranaError
from sarana.basics.progress import Progress, Silent
from sarana.ground.ledger import keys, rows
from sarana.ground.ledger.findings import Kind, Verdict
from sarana.ground.ledger.keys import SealKey
from sarana.ground.ledger.rows import SealRow
from sarana.ground.ledger.seals import NO_HASH, Head, Mark, digest, hash_of, head_of, unpacked
from sarana.ground.ledger.writing import is_ours_row

AT_ONCE = 5_000
SEALS_AT_ONCE = 50
IDS_AT_ONCE = 100_000
HOUR = len("2026-11-29 09")
LATE = dt.timedelta(seconds=60)
BACKWARDS = dt.timedelta(hours=1)
"""Long work is written down with the time at which it began; more than this is a clock that was set back."""


@dataclasses.dataclass(frozen=True, slots=True)
class Means:
    """What a check has to go by, besides the database: each may be absent, and then less is proved."""

    first_keys: Sequence[SealKey] = ()
    heads: Sequence[Head] = ()
    keys: Path | None = None
    """The folder with the sealing key of the running system."""


def verify(means: Means, *, now: dt.datetime, progress: Progress | None = None) -> Verdict:
    """Check every seal and every entry, while the system may go on writing."""
    return _Check(means, now, progress or Silent()).run()


class _Check:
    """One check as it goes along."""

    def __init__(self, means: Means, now: dt.datetime, progress: Progress) -> None:
        self.means, self.now, self.progress = means, now, progress
        self.verdict = Verdict()
        self.claimed = array("q")
        self.heads = {head.number: head for head in means.heads}
        self.newest_at = self.bound = ""
        self.n_backwards, self.first_backwards = 0, 0

    def run(self) -> Verdict:
        began = time.perf_counter()
        before = self._sealing_key()
        last = rows.last_seal()
        upto = last.number if last else 0
        self._seals(upto)
        self._end(before, upto)
        self._others(upto)
        self._tail()
        self._proofs()
        self.verdict.head = head_of(last)
        self.verdict.seconds = time.perf_counter() - began
        return self.verdict

    def _sealing_key(self) -> SealKey | None:
        """The key of the running system; None where it is not to be had."""
        if self.means.keys is None:
            return None
        try:
            return keys.read_seal_key(self.means.keys)
        except SaranaError:
            return None

    def _seals(self, upto: int) -> None:
        """Every seal after the one before it, and the entries in them."""
        total = rows.n_seals(upto)
        previous: SealRow | None = None
        key: SealKey | None = None
        for batch in _batches(upto):
            for seal in batch:
                key = self._one_seal(seal, previous, key)
                previous = seal
            self._entries(batch)
            self.progress.report(self.verdict.n_seals, total, "seals")
        if total != self.verdict.n_seals:
            self.verdict.add(Kind.SEAL_ADDED)

    def _one_seal(self, seal: SealRow, previous: SealRow | None, key: SealKey | None) -> SealKey | None:
        """One seal by itself, against the one before it, under its key and against a head."""
        verdict, number = self.verdict, seal.number
        verdict.n_seals += 1
        if hash_of(seal) != seal.hash:
            verdict.add(Kind.SEAL_CHANGED, seal=number)
        follows = previous.number + 1 if previous else 1
        if number != follows:
            verdict.add(Kind.SEAL_MISSING, seal=number)
        if seal.previous_hash != (previous.hash if previous else NO_HASH):
            verdict.add(Kind.SEAL_UNCHAINED, seal=number)
        if previous and seal.sealed_at < previous.sealed_at:
            verdict.remarks.append(
                f"Seal {number} tells an earlier time than the one before it: the clock was set back. "
                "The order of the seals stands."
            )
        head = self.heads.pop(number, None)
        if head is not None and head.hash != seal.hash.hex():
            verdict.add(Kind.HEAD_DIFFERS, seal=number)
        return self._under_key(seal, key)

    def _under_key(self, seal: SealRow, key: SealKey | None) -> SealKey | None:
        """The seal under its key; gives the key as far as it was reckoned."""
        starts = [first for first in self.means.first_keys if first.number <= seal.number]
        if not starts:
            return None
        latest = max(starts, key=lambda first: first.number)
        nearest = key if key is not None and key.number >= latest.number else latest
        try:
            here = nearest.at(seal.number)
        except ValueError:
            self.verdict.add(Kind.SEAL_FORGED, seal=seal.number)
            return key
        if here.mac(seal.hash) != seal.mac:
            self.verdict.add(Kind.SEAL_FORGED, seal=seal.number)
        return here

    def _entries(self, batch: Sequence[SealRow]) -> None:
        """The entries of some seals against what was sealed of them."""
        wanted: dict[int, tuple[bytes, int]] = {}
        for seal in batch:
            for entry_id, mark, sealed in unpacked(seal.members):
                if entry_id in wanted:
                    self.verdict.add(Kind.ENTRY_TWICE, seal=seal.number, entry=entry_id)
                if mark != Mark.OURS:
                    self.verdict.add(Kind.ENTRY_NOT_OURS, seal=seal.number, entry=entry_id)
                if mark != Mark.GONE:
                    wanted[entry_id] = sealed, seal.number
                self.claimed.append(entry_id)
        self._compare(wanted)

    def _compare(self, wanted: dict[int, tuple[bytes, int]]) -> None:
        """Read the rows and compare; what is left over in `wanted` is gone."""
        take = wanted.pop
        for row in rows.entries(sorted(wanted)):
            sealed = take(row[0], None)  # type: ignore[arg-type]
            if sealed is None:
                continue
            self.verdict.n_entries += 1
            if digest(row) != sealed[0]:
                self.verdict.add(Kind.ENTRY_CHANGED, seal=sealed[1], entry=int(row[0] or 0))
            at = str(row[2])
            if at > self.newest_at:
                self._is_newest(at)
            elif at < self.bound:
                self.n_backwards += 1
                self.first_backwards = self.first_backwards or int(row[0] or 0)
        for entry_id, (_sealed, seal) in wanted.items():
            self.verdict.add(Kind.ENTRY_MISSING, seal=seal, entry=entry_id)

    def _is_newest(self, at: str) -> None:
        """Keep the newest time, and, by the hour, the time before which an entry is told to be out of time."""
        is_same_hour = at[:HOUR] == self.newest_at[:HOUR]
        self.newest_at = at
        if is_same_hour:
            return
        with contextlib.suppress(ValueError, OverflowError):
            self.bound = (dt.datetime.fromisoformat(at) - BACKWARDS).strftime("%Y-%m-%d %H:%M:%S.%f")

    def _end(self, before: SealKey | None, upto: int) -> None:
        """Does the ledger end where the sealing key and the heads say? The key was read before the last seal was."""
        if before is not None and before.number - 1 > upto:
            self.verdict.add(Kind.CUT_SHORT, seal=before.number - 1)
        after = self._sealing_key()
        if after is not None and after.number < upto:
            self.verdict.add(Kind.KEY_IS_OLD, seal=after.number)
        for number in sorted(self.heads):
            kind = Kind.CUT_SHORT if number > upto else Kind.HEAD_DIFFERS
            self.verdict.add(kind, seal=number)

    def _others(self, upto: int) -> None:
        """Entries that stand in no seal: they wait, were sealed meanwhile, or were slipped in."""
        claimed = np.unique(np.frombuffer(self.claimed, dtype=np.int64)) if self.claimed else np.empty(0, np.int64)
        if len(claimed) != len(self.claimed):
            self._twice()
        left = [number for ids in _id_batches() for number in _not_in(ids, claimed)]
        if not left:
            return
        meanwhile = {number for seal in _seals_after(upto) for number, _mark, _digest in unpacked(seal.members)}
        waiting = set(rows.waiting(len(left) + IDS_AT_ONCE))
        # Read again: an entry may have been sealed between the two readings above.
        meanwhile |= {number for seal in _seals_after(upto) for number, _mark, _digest in unpacked(seal.members)}
        self.verdict.add_all(Kind.ENTRY_ADDED, [each for each in left if each not in waiting and each not in meanwhile])

    def _twice(self) -> None:
        """Entries that stand in two seals far from each other."""
        ids, counts = np.unique(np.frombuffer(self.claimed, dtype=np.int64), return_counts=True)
        known = {finding.entry for finding in self.verdict.findings if finding.kind is Kind.ENTRY_TWICE}
        self.verdict.add_all(Kind.ENTRY_TWICE, [int(each) for each in ids[counts > 1] if int(each) not in known])

    def _tail(self) -> None:
        """What is not sealed yet: how much, since when, and whether it is ours."""
        ids = rows.waiting(AT_ONCE)
        if not ids:
            return
        self.verdict.n_unsealed = rows.n_waiting()[0]
        wanted = set(ids)
        tail = [row for row in rows.entries(ids) if row[0] in wanted]
        for row in tail:
            if self.means.keys is not None and not is_ours_row(row):
                self.verdict.add(Kind.ENTRY_NOT_OURS, entry=int(row[0] or 0))
        since = min((str(row[2]) for row in tail), default=None)
        self.verdict.unsealed_since = f"{since}Z" if since else None
        if since and since < (self.now.astimezone(dt.UTC) - LATE).strftime("%Y-%m-%d %H:%M:%S.%f"):
            self.verdict.add(Kind.UNSEALED, entry=ids[0])

    def _proofs(self) -> None:
        """What this check could not prove, in words, and what is worth a remark."""
        verdict, means = self.verdict, self.means
        if not any(first.number == 1 for first in means.first_keys):
            verdict.unproved.append(
                "Without the verification key nobody can say whether the past was sealed anew by somebody who can "
                "write to the database: give it with --key."
            )
        if self._sealing_key() is None:
            verdict.unproved.append(
                "Without the sealing key in the key folder nobody can say whether the newest seals were cut off."
            )
        if not means.heads:
            verdict.unproved.append(
                "No head that was kept elsewhere was given (--heads): whoever holds the whole machine could have begun "
                "a new ledger."
            )
        if self.n_backwards:
            verdict.remarks.append(
                f"{self.n_backwards} entries tell a time more than an hour before entries sealed earlier (the first is "
                f"entry {self.first_backwards}): the clock was set back. The order of the seals stands."
            )


def _batches(upto: int) -> Iterator[list[SealRow]]:
    """Seals by number, together as many as have some thousand entries."""
    batch: list[SealRow] = []
    n_members = 0
    for seal in _seals_between(None, upto):
        batch.append(seal)
        n_members += max(seal.n_entries, 1)
        if n_members >= AT_ONCE:
            yield batch
            batch, n_members = [], 0
    if batch:
        yield batch


def _seals_after(number: int) -> Iterator[SealRow]:
    last = rows.last_seal()
    return _seals_between(number, last.number if last else 0)


def _seals_between(after: int | None, upto: int) -> Iterator[SealRow]:
    reached = -(2**63) if after is None else after
    while found := rows.seals(reached, SEALS_AT_ONCE, upto=upto):
        yield from found
        reached = found[-1].number


def _id_batches() -> Iterator[list[int]]:
    reached = -(2**63)
    while found := rows.entry_ids(reached, IDS_AT_ONCE):
        yield found
        reached = found[-1]


def _not_in(ids: list[int], claimed: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> list[int]:
    """The ids that are not among the claimed ones, which are sorted."""
    wanted = np.array(ids, dtype=np.int64)
    if not len(claimed):
        return ids
    at = np.minimum(np.searchsorted(claimed, wanted), len(claimed) - 1)
    return [int(each) for each in wanted[claimed[at] != wanted]]
