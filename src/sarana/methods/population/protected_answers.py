"""What a finished run tells beside its table of areas, after a check: answers, sectors, areas that do better."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from sarana.basics.errors import BadFile, BadTable
from sarana.methods.areas.answers import LEVELS, is_wide_only
from sarana.methods.areas.circumstances import SCHEMA as BETTER_SCHEMA
from sarana.methods.areas.sectors import questions_of_sectors
from sarana.methods.areas.strengths import find_strengths
from sarana.methods.disclosure.answers import SCHEMA as ANSWERS_SCHEMA
from sarana.methods.disclosure.answers import Told
from sarana.methods.disclosure.sectors import SCHEMA as SECTORS_SCHEMA
from sarana.methods.disclosure.sectors import ToldSector
from sarana.methods.doors import file_hash
from sarana.methods.risk.sets import COPY, OWN, find_used, list_sets, load_set
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.runs.receipts import Receipt

ANSWERS, SECTORS, BETTER = "area-answers.parquet", "area-sectors.parquet", "area-better.parquet"


@dataclass(frozen=True, slots=True)
class Asked:
    """One indicator of which a run tells: its name, its sector, and the strength that its answer 1 is."""

    key: str
    name: str
    sector: str
    strength: str = ""
    strength_local: str = ""


@dataclass(frozen=True, slots=True)
class Sector:
    """One sector of which a run tells: its name, the question by which people are known, and all questions by name."""

    key: str
    name: str
    known_by: str
    questions: Mapping[str, str]


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
    sectors: tuple[Sector, ...] = ()
    of_sectors: tuple[ToldSector, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What the protected table of the same run says, so far as more may be told beside it.

    Args:
        open_areas: level and code of areas whose people and bands are shown.
        rated: codes of subdistricts whose rate and number in the high band are shown.
        is_rounded: made beside a table that is out.
        threshold: the fewest people of whom the run says a number.
    """

    open_areas: frozenset[tuple[str, str]]
    rated: frozenset[str]
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
    of = _set_of(run, receipt, set_id)
    answers = tuple(Told(**row) for row in _rows(run, receipt, ANSWERS, ANSWERS_SCHEMA))
    if not answers_are_protected(answers, of, table):
        raise _not_protected(ANSWERS)
    better = tuple(Better(**row) for row in _rows(run, receipt, BETTER, BETTER_SCHEMA))
    if not better_is_protected(better, table):
        raise _not_protected(BETTER)
    sectors, of_sectors = _read_sectors(run, receipt, of, answers, table)
    return MoreTold(_asked(of, {line.indicator for line in answers}), answers, better, sectors, of_sectors)


def answers_are_protected(answers: Sequence[Told], of: IndicatorSet | None, table: Table) -> bool:
    """Whether lines of answers tell of nobody, held against the table of areas of the same run and the set."""
    return not (answers and table.is_rounded) and all(_may_be_told(line, of, table) for line in answers)


def sectors_are_protected(
    lines: Sequence[ToldSector], sectors: Sequence[Sector], answers: Sequence[Told], table: Table
) -> bool:
    """Whether lines of sectors tell of nobody, held against the table of areas and the answers of the same run."""
    known = {one.key: one for one in sectors}
    told = {(line.level, line.code, line.indicator): line for line in answers}
    return not (lines and table.is_rounded) and all(
        line.sector in known
        and line.level in LEVELS
        and (line.level, line.code) in table.open_areas
        and _is_known(line, known[line.sector], told)
        and not any(n < 0 or 0 < n < table.threshold for n in _counts_of(line, known[line.sector].questions, told))
        for line in lines
    )


def _is_known(line: ToldSector, of: Sector, told: Mapping[tuple[str, str, str], Told]) -> bool:
    """Whether the answers tell that so many are known by the one question of the sector."""
    answer = told.get((line.level, line.code, of.known_by))
    is_its_own = line.known_by == of.known_by and (not of.questions or of.known_by in of.questions)
    return is_its_own and answer is not None and answer.n_known == line.n_known


def _counts_of(
    line: ToldSector, questions: Collection[str], told: Mapping[tuple[str, str, str], Told]
) -> Iterator[int]:
    """What a line says, and what is left of it less the answers that are told of the same area."""
    yield from (line.n_known, line.n_gravest, line.n_known - line.n_gravest)
    beside = [told[place] for one in questions if (place := (line.level, line.code, one)) in told]
    if beside and len(beside) == len(questions):
        yield sum(each.n_need for each in beside) - line.n_gravest


def better_is_protected(better: Sequence[Better], table: Table) -> bool:
    """Whether every area that is held against its circumstances is one that the table shows."""
    is_shown = all(line.code in table.rated for line in better)
    return is_shown and not (better and table.is_rounded)


def find_set(set_id: str) -> IndicatorSet | None:
    """A set that comes with Sarana; None where it is another."""
    return load_set(set_id) if set_id in list_sets() else None


def _set_of(run: Path, receipt: Receipt, name: str) -> IndicatorSet | None:
    """The set that the run used; none where it is not here. An own one has to lie in the folder as it was."""
    path = find_used(run, name, receipt.inputs)
    if path is not None:
        return load_set(path)
    if f"{OWN}{name}.toml" in receipt.inputs:
        raise _changed(COPY)
    return find_set(name)


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


def _read_sectors(
    run: Path, receipt: Receipt, of: IndicatorSet | None, answers: Sequence[Told], table: Table
) -> tuple[tuple[Sector, ...], tuple[ToldSector, ...]]:
    """The sectors of which anything is told, and their lines; none of a run that an earlier version made."""
    if SECTORS not in receipt.outputs:
        return (), ()
    lines = tuple(ToldSector(**row) for row in _rows(run, receipt, SECTORS, SECTORS_SCHEMA))
    told = {line.sector: line.known_by for line in lines}
    if of is None:
        sectors = tuple(Sector(key, key, by, {}) for key, by in sorted(told.items()))
    else:
        every, names = questions_of_sectors(of, _off(of, receipt)), {each.id: each.name for each in of.indicators}
        sectors = tuple(
            Sector(key, of.sectors[key], told[key], {one: names[one] for one in asked})
            for key, asked in every.items()
            if key in told
        )
    if not sectors_are_protected(lines, sectors, answers, table):
        raise _not_protected(SECTORS)
    return sectors, lines


def _off(of: IndicatorSet, receipt: Receipt) -> set[str]:
    """The indicators that the run did not ask, as its receipt tells."""
    said = msgspec.json.decode(bytes(receipt.settings)).get("risk", {})
    decided = said.get("ethics_decisions") or {}
    return {each.id for each in of.indicators if each.status == "ethics" and each.id not in decided}


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
