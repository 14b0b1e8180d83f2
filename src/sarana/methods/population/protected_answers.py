"""What a finished run tells beside its table of areas, after a check: answers to indicators, areas that do better."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sarana.basics.errors import BadFile, BadTable
from sarana.methods.areas.answers import LEVELS, is_wide_only
from sarana.methods.areas.circumstances import SCHEMA as BETTER_SCHEMA
from sarana.methods.areas.strengths import find_strengths
from sarana.methods.disclosure.answers import SCHEMA as ANSWERS_SCHEMA
from sarana.methods.disclosure.answers import Told
from sarana.methods.doors import file_hash
from sarana.methods.risk.sets import list_sets, load_set
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.runs.receipts import Receipt

ANSWERS, BETTER = "area-answers.parquet", "area-better.parquet"


@dataclass(frozen=True, slots=True)
class Asked:
    """One indicator of which a run tells: its name, its sector, and the strength that its answer 1 is."""

    key: str
    name: str
    sector: str
    strength: str = ""
    strength_local: str = ""


@dataclass(frozen=True, slots=True)
class Better:
    """A published subdistrict held against its circumstances: whether it does better, and no figure."""

    code: str
    is_better: bool


@dataclass(frozen=True, slots=True)
class MoreTold:
    """What a run tells beside its table of areas; nothing for a run that was made before there was more."""

    asked: tuple[Asked, ...] = ()
    answers: tuple[Told, ...] = ()
    better: tuple[Better, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What the protected table of the same run says, so far as more may be told beside it.

    Args:
        open_areas: level and code of areas whose people and bands are shown.
        is_rounded: made beside a table that is out.
        threshold: the fewest people of whom the run says a number.
    """

    open_areas: frozenset[tuple[str, str]]
    is_rounded: bool
    threshold: int


def read_more(run: Path, receipt: Receipt, set_id: str, table: Table) -> MoreTold:
    """Read it, and make sure that it is what the run wrote and tells of nobody.

    Args:
        run: its folder.
        receipt: of the step that protects.
        set_id: its indicator set.
        table: what stands in its table of areas.

    Raises:
        BadFile: POPULATION-003 a file is missing or was changed.
        BadTable: POPULATION-004 a table is not protected.
    """
    if ANSWERS not in receipt.outputs:
        return MoreTold()
    of = load_set(set_id) if set_id in list_sets() else None
    answers = tuple(Told(**row) for row in _rows(run, receipt, ANSWERS, ANSWERS_SCHEMA))
    if (answers and table.is_rounded) or not all(_may_be_told(line, of, table) for line in answers):
        raise _not_protected(ANSWERS)
    better = tuple(Better(**row) for row in _rows(run, receipt, BETTER, BETTER_SCHEMA))
    if (better and table.is_rounded) or any(("subdistrict", line.code) not in table.open_areas for line in better):
        raise _not_protected(BETTER)
    return MoreTold(_asked(of, {line.indicator for line in answers}), answers, better)


def _may_be_told(line: Told, of: IndicatorSet | None, table: Table) -> bool:
    """Whether a line is of an area that is shown, tells of no few people, and of what is sensitive not too narrowly."""
    counts = (line.n_known, line.n_need, line.n_known - line.n_need)
    if line.level not in LEVELS or (line.level, line.code) not in table.open_areas:
        return False
    if any(n < 0 or 0 < n < table.threshold for n in counts):
        return False
    if of is None or line.indicator not in {each.id for each in of.indicators}:
        return of is None
    if line.indicator == of.legal_status and min(counts[1:]) < table.threshold:
        return False
    return line.level == "province" or not is_wide_only(of, line.indicator)


def _rows(run: Path, receipt: Receipt, name: str, schema: pa.Schema) -> Sequence[dict[str, Any]]:
    path = run / name
    if not path.is_file() or file_hash(path) != receipt.outputs.get(name):
        raise _changed(name)
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid):
        raise _changed(name) from None
    if not table.schema.equals(schema) or any(column.null_count for column in table.columns):
        raise _not_protected(name)
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def _asked(of: IndicatorSet | None, told: set[str]) -> tuple[Asked, ...]:
    """The indicators of which anything is told, in the order of the set; by their ids where the set is not here."""
    if of is None:
        return tuple(Asked(key, key, "") for key in sorted(told))
    strengths = {strength.indicator: strength for strength in find_strengths(of)}
    found = []
    for indicator in of.indicators:
        if indicator.id in told:
            strength = strengths.get(indicator.id)
            words = (strength.en, strength.th) if strength else ("", "")
            found.append(Asked(indicator.id, indicator.name, of.sectors.get(indicator.sector, ""), *words))
    return tuple(found)


def _changed(name: str) -> BadFile:
    return BadFile(
        "POPULATION-003",
        "A file of the run is missing, or it is not what the run wrote.",
        where=name,
        cure="Bring the folder back as the run left it, or do the run again.",
    )


def _not_protected(name: str) -> BadTable:
    return BadTable(
        "POPULATION-004",
        "This is not a protected table: a count in it is small, or its columns are others.",
        where=name,
        cure="Do the run again with this version, and take that one in.",
    )
