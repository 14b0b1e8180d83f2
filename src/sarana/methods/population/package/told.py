"""What a file tells beside the table of areas: answers, areas that do better, sectors; held to all that a run is."""

from collections.abc import Mapping, Sequence
from typing import Any

from sarana.methods.disclosure.answers import Told
from sarana.methods.disclosure.sectors import ToldSector
from sarana.methods.population.package.faults import code_of, not_of_the_form, not_protected
from sarana.methods.population.protected_answers import (
    Asked,
    Better,
    MoreTold,
    Sector,
    Table,
    answers_are_protected,
    better_is_protected,
    find_set,
    sectors_are_protected,
)

type Row = Mapping[str, Any]
type Tables = Mapping[str, Sequence[Row]]


def read_told(tables: Tables, country: str, set_id: str, beside: Table) -> MoreTold:
    """What is told beside the table of areas.

    Args:
        tables: as they were read, by the name of their member.
        country: the two letters with which P-codes begin.
        set_id: the indicator set.
        beside: what the table of areas shows.

    Raises:
        BadTable: POPULATION-075 a value is none that the form knows; POPULATION-076 it is not protected.
    """
    asked = tuple(
        Asked(r["indicator"], r["name"], r["sector"] or "", r["strength"] or "", r["strength_local"] or "")
        for r in tables["indicators.csv"]
    )
    answers = tuple(
        Told(r["level"], code_of(r["pcode"], country, "answers.csv"), r["indicator"], r["n_known"], r["n_need"])
        for r in tables["answers.csv"]
    )
    better = tuple(Better(code_of(r["pcode"], country, "better.csv"), r["is_better"]) for r in tables["better.csv"])
    if not answers_are_protected(answers, find_set(set_id), beside):
        raise not_protected("answers.csv")
    if not better_is_protected(better, beside):
        raise not_protected("better.csv")
    if {line.indicator for line in answers} - {one.key for one in asked}:
        raise not_of_the_form("indicators.csv")
    sectors = _sectors(tables["sectors.csv"])
    known_by = {one.key: one.known_by for one in sectors}
    if {row["sector"] for row in tables["sector-answers.csv"]} - set(known_by):
        raise not_of_the_form("sectors.csv")
    of_sectors = tuple(_line(row, country, known_by) for row in tables["sector-answers.csv"])
    if not sectors_are_protected(of_sectors, sectors, answers, beside):
        raise not_protected("sector-answers.csv")
    return MoreTold(asked, answers, better, sectors, of_sectors)


def _sectors(rows: Sequence[Row]) -> tuple[Sector, ...]:
    """The sectors in their order; each has one question by which people are known."""
    found = []
    for key in dict.fromkeys(row["sector"] for row in rows):
        own = [row for row in rows if row["sector"] == key]
        known_by = [row["question"] for row in own if row["is_known_by"]]
        if len(known_by) != 1:
            raise not_of_the_form("sectors.csv")
        questions = {row["question"]: row["question_name"] for row in own}
        found.append(Sector(key, own[0]["name"], known_by[0], questions))
    return tuple(found)


def _line(row: Row, country: str, known_by: Mapping[str, str]) -> ToldSector:
    code, sector = code_of(row["pcode"], country, "sector-answers.csv"), row["sector"]
    return ToldSector(row["level"], code, sector, known_by[sector], row["n_known"], row["n_gravest"])
