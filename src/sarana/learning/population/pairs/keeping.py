"""Which rows a judgement is of: sealed when it is written, opened only where the next run is made."""

import datetime as dt
import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from sarana.ground.vault import places
from sarana.learning.population.opened.objections.marks import mark_of
from sarana.learning.population.pairs.models import Verdict
from sarana.methods.doors import Door
from sarana.methods.linkage.judged import AREA, COLUMNS
from sarana.methods.sealing.handed import sealing_handed
from sarana.methods.sealing.labels import Label
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys
from sarana.methods.tablefiles import write_table

FILE = "judged.parquet"
"""Where the judgements lie that a run goes by, sealed with it."""

STEP, STEPS_OF_ONE = 64, 1024
"""Lengths are hidden in steps of so many bytes."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A judgement as the database has it: its reference, the pair's, the sealed rows, what counts, and of whom."""

    ref: UUID
    pair_ref: UUID
    sealed: bytes
    verdict: str
    is_asked: bool = False
    judged_by: frozenset[UUID] = frozenset()
    judged_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A judgement of two rows, as `source:row_id`, and the pair that it was of."""

    pair_ref: UUID
    rows: tuple[str, str]
    verdict: str
    is_asked: bool = False
    judged_by: frozenset[UUID] = frozenset()
    judged_at: dt.datetime | None = None

    def answers(self, claim: "Claim") -> bool:
        """Whether two others judged this since it was claimed: then nobody is asked once more."""
        is_since = self.judged_at is not None and self.judged_at >= claim.said_at
        return self.is_asked and is_since and not self.judged_by & claim.by


@dataclass(frozen=True, slots=True)
class Claim:
    """That rows are of somebody else: all who said so, and when the last one did."""

    by: frozenset[UUID]
    said_at: dt.datetime

    def and_of(self, other: "Claim") -> "Claim":
        """Two claims of the same rows."""
        return Claim(self.by | other.by, max(self.said_at, other.said_at))


@dataclass(frozen=True, slots=True)
class Corrected:
    """That a row of somebody is of somebody else, as the database has it: her sealed rows, and who wrote it down."""

    ref: UUID
    sealed: bytes
    by_ref: UUID
    said_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Met:
    """A pair as it stands in a queue: whether somebody asked for it, all who did, and who judged it."""

    is_asked: bool
    asked_by: frozenset[UUID]
    judged_by: frozenset[UUID]

    def holds_for(self, asking: frozenset[UUID]) -> bool:
        """Whether what was judged of it counts where these ask for it, too: nobody did, or only others once asked."""
        return not self.judged_by or (self.is_asked and not self.judged_by & (asking | self.asked_by))


@dataclass(frozen=True, slots=True)
class Before:
    """What was known before a queue is laid out.

    Args:
        own: the pairs of this run that were judged already; they keep their reference.
        others: pairs of other runs of the province that were judged; they are not asked for again.
        objected: marks of rows of people who objected: no pair of theirs is laid out.
        corrected: people of whom a row was said to be of somebody else: their pairs are laid out first.
        met: every pair of this run that stands in its rows; those that lie on its shelf keep their reference.
    """

    own: Sequence[Sealed]
    others: Sequence[Sealed]
    objected: frozenset[str]
    corrected: Sequence[Corrected] = ()
    met: Mapping[UUID, Met] = field(default_factory=dict)


def is_objected(rows: Iterable[str], objected: Collection[str]) -> bool:
    """Whether one of these rows is of somebody who objected."""
    parted = (row.partition(":") for row in rows)
    return bool(objected) and any(mark_of(source, row_id) in objected for source, _colon, row_id in parted)


def seal_rows(keyset: KeysetFile, ref: UUID, left: str, right: str) -> bytes:
    """Two rows, sealed with the public half of the organisation's keys: the web itself cannot open them again."""
    return _sealed(keyset, _label(keyset.organisation, ref), (left, right), STEP)


def seal_rows_of_one(keyset: KeysetFile, ref: UUID, rows: Sequence[str]) -> bytes:
    """All rows of somebody, sealed likewise; by its length nobody tells how many they are."""
    return _sealed(keyset, _of_one(keyset.organisation, ref), rows, STEPS_OF_ONE)


def open_rows_of_one(corrected: Iterable[Corrected]) -> dict[str, Claim]:
    """The rows of everybody of whom a row was said to be of somebody else, and what was said.

    Raises:
        As `open_rows`.
    """
    every = list(corrected)
    if not every:
        return {}
    keys, found = places.unlocked(), dict[str, Claim]()
    for each in every:
        data = keys.backup.open(each.sealed, _of_one(keys.organisation, each.ref))
        claim = Claim(frozenset({each.by_ref}), each.said_at)
        for row in msgspec.json.decode(data, type=list[str]):
            found[row] = found[row].and_of(claim) if row in found else claim
    return found


def open_rows(rows: Iterable[Sealed], keys_of: Callable[[], OrganisationKeys] = places.unlocked) -> list[Opened]:
    """What judgements are of.

    Args:
        rows: the judgements.
        keys_of: gives the organisation's keys; those that a key file opens unless said otherwise.

    Raises:
        NotYet: VAULT-002, VAULT-031 the keys cannot be opened here.
        Refused: VAULT-001 one was changed, or put in another's place.
    """
    every = list(rows)
    if not every:
        return []
    keys = keys_of()
    found = []
    for row in every:
        data = keys.backup.open(row.sealed, _label(keys.organisation, row.ref))
        left, right = msgspec.json.decode(data, type=tuple[str, str])
        found.append(Opened(row.pair_ref, (left, right), row.verdict, row.is_asked, row.judged_by, row.judged_at))
    return found


def write_judged(folder: Path, door: Door, judged: Sequence[Opened]) -> Path | None:
    """Lay the judgements beside the run that goes by them; None where there are none."""
    path = folder / FILE
    if not judged:
        path.unlink(missing_ok=True)
        return None
    with door.written(path) as part:
        write_table(_table(judged), part, rows=1 << 20, is_arrow=False)
    return path


def sealed_table(judged: Sequence[Opened], area: str, keyset: KeysetFile) -> bytes:
    """The table that a run of a province at the machine is given, sealed like a file that is handed over."""
    plain, sealed = io.BytesIO(), io.BytesIO()
    pq.write_table(_table(judged).replace_schema_metadata({AREA: area.encode()}), plain)
    with sealing_handed(sealed, keyset) as stream:
        stream.write(plain.getvalue())
    return sealed.getvalue()


def _table(judged: Sequence[Opened]) -> pa.Table:
    lines = sorted({(*each.rows, each.verdict) for each in _that_count(judged)})
    columns = [pa.array(column, pa.string()) for column in zip(*lines, strict=True)]
    return pa.table(dict(zip(COLUMNS, columns, strict=True)))


def _that_count(judged: Sequence[Opened]) -> list[Opened]:
    """Where rows were asked for, what two others said last goes before all that was said of them otherwise."""
    asked = {frozenset(each.rows): each for each in judged if each.is_asked}  # in their order: the last one stays
    return [each for each in judged if asked.get(frozenset(each.rows), each) is each]


def counted(verdicts: Sequence[str]) -> str:
    """What counts of the judgements of one pair: what all say; where two people differ, nobody can say."""
    return verdicts[0] if len(set(verdicts)) == 1 else Verdict.CANNOT_SAY.value


def _sealed(keyset: KeysetFile, label: Label, rows: Sequence[str], step: int) -> bytes:
    data = msgspec.json.encode(rows)
    return keyset.backup_keys().seal(data + b" " * (-len(data) % step), label)


def _label(organisation: str, ref: UUID) -> Label:
    return Label("judgement", organisation, str(ref))


def _of_one(organisation: str, ref: UUID) -> Label:
    return Label("rows of a person", organisation, str(ref))
