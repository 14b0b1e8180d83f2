"""What a finished run tells beside its table of areas, after a check: answers to indicators, areas that do better."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from sarana.basics.errors import BadFile, BadTable
from sarana.methods.areas.circumstances import SCHEMA as BETTER_SCHEMA
from sarana.methods.areas.strengths import find_strengths
from sarana.methods.disclosure.answers import SCHEMA as ANSWERS_SCHEMA
from sarana.methods.disclosure.answers import Told
from sarana.methods.doors import file_hash
from sarana.methods.risk.sets import list_sets, load_set
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.runs.receipts import Receipt

ANSWERS, BETTER = "area-answers.parquet", "area-better.parquet"
LEVELS: Final = ("province", "district", "subdistrict")


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
    """A published subdistrict held against its circumstances: figures only where it does better."""

    code: str
    is_better: bool
    expected: float | None
    below: float | None
    below_low: float | None
    below_high: float | None


@dataclass(frozen=True, slots=True)
class MoreTold:
    """What a run tells beside its table of areas; nothing for a run that was made before there was more."""

    asked: tuple[Asked, ...] = ()
    answers: tuple[Told, ...] = ()
    better: tuple[Better, ...] = ()


def read_more(run: Path, receipt: Receipt, set_id: str, threshold: int) -> MoreTold:
    """Read it, and make sure that it is what the run wrote and tells of nobody.

    Args:
        run: its folder.
        receipt: of the step that protects.
        set_id: its indicator set.
        threshold: the fewest people of whom the run says a number.

    Raises:
        BadFile: POPULATION-003 a file is missing or was changed.
        BadTable: POPULATION-004 a table is not protected.
    """
    if ANSWERS not in receipt.outputs:
        return MoreTold()
    answers = tuple(Told(**row) for row in _rows(run, receipt, ANSWERS, ANSWERS_SCHEMA))
    for line in answers:
        counts = (line.n_known, line.n_need, line.n_known - line.n_need)
        if line.level not in LEVELS or any(n < 0 or 0 < n < threshold for n in counts):
            raise _not_protected(ANSWERS)
    better = tuple(Better(**row) for row in _rows(run, receipt, BETTER, BETTER_SCHEMA))
    return MoreTold(_asked(set_id, {line.indicator for line in answers}), answers, better)


def _rows(run: Path, receipt: Receipt, name: str, schema: pa.Schema) -> Sequence[dict[str, Any]]:
    path = run / name
    if not path.is_file() or file_hash(path) != receipt.outputs.get(name):
        raise _changed(name)
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid):
        raise _changed(name) from None
    if table.schema.names != schema.names:
        raise _not_protected(name)
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def _asked(set_id: str, told: set[str]) -> tuple[Asked, ...]:
    """The indicators of which anything is told, in the order of the set; by their ids where the set is not here."""
    if set_id not in list_sets():
        return tuple(Asked(key, key, "") for key in sorted(told))
    of: IndicatorSet = load_set(set_id)
    strengths = {strength.indicator: strength for strength in find_strengths(of)}
    found = []
    for indicator in of.indicators:
        if indicator.id in told:
            strength = strengths.get(indicator.id)
            words = (strength.en, strength.th) if strength else ("", "")
            found.append(Asked(indicator.id, indicator.name, of.sectors.get(indicator.sector, ""), *words))
    known = {one.key for one in found}
    return (*found, *(Asked(key, key, "") for key in sorted(told - known)))


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
