"""Makes small registers, and scores them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from sarana.basics.progress import Silent
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine
from sarana.methods.risk.fields import standard_fields
from sarana.methods.risk.scoring import score_people
from sarana.methods.risk.settings import RiskSettings
from sarana.methods.risk.shapes import IndicatorSet

TODAY = date(2026, 6, 30)
_TEXTS = "source row_id sex birth_precision national_id id_state village subdistrict district province house household"
_TYPES = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "DOUBLE": pa.float64()}

Row = Mapping[str, Any]


def row(person: str, source: str = "health", **said: Any) -> dict[str, Any]:
    """One row of a person; `as_of` is today and the area one village unless said otherwise."""
    area = {"village": "50010101", "subdistrict": "500101", "district": "5001", "province": "50"}
    return {"person_id": person, "source": source, "as_of": TODAY, "birth_precision": "day", **area, **said}


def tables(rows: Sequence[Row]) -> tuple[pa.Table, pa.Table]:
    """`standardised` and `people` of some rows; row ids come from the place of a row unless it says one."""
    numbered = [{"row_id": f"r{n:04}", **said} for n, said in enumerate(rows)]
    facts = sorted(
        {name for said in numbered for name in said} & {n for n, f in standard_fields().items() if f.is_fact}
    )
    schema = [(name, pa.string()) for name in _TEXTS.split()] + [("birth", pa.date32()), ("as_of", pa.date32())]
    schema += [(name, _TYPES[standard_fields()[name].type]) for name in facts]
    kept = [{name: said.get(name) for name, _ in schema} for said in numbered]
    people = [{name: said[name] for name in ("source", "row_id", "person_id")} for said in numbered]
    ids = pa.schema([("source", pa.string()), ("row_id", pa.string()), ("person_id", pa.string())])
    return pa.Table.from_pylist(kept, pa.schema(schema)), pa.Table.from_pylist(people, ids)


@contextmanager
def scored(rows: Sequence[Row], of: IndicatorSet, folder: Path, **more: Any) -> Iterator[tuple[Engine, StepReport]]:
    """An engine in which the rows were scored by a set, and what the step reports."""
    standardised, people = tables(rows)
    sources = more.pop("sources", tuple(of.registers))
    settings = RiskSettings(set=of, as_of=TODAY, sources=sources, **more)
    with Engine(threads=more.pop("threads", 1), memory="500MB", temp=folder) as engine:
        engine.load("standardised", standardised)
        engine.load("people", people)
        yield engine, score_people(engine, settings, Silent())


def results(rows: Sequence[Row], of: IndicatorSet, folder: Path, **more: Any) -> dict[str, dict[str, Any]]:
    """The line of `scores` of each person."""
    with scored(rows, of, folder, **more) as (engine, _):
        return {line["person_id"]: line for line in engine.arrow("SELECT * FROM scores").to_pylist()}


def persons(rows: Sequence[Row], of: IndicatorSet, folder: Path, **more: Any) -> dict[str, dict[str, Any]]:
    """The line of `persons` of each person."""
    with scored(rows, of, folder, **more) as (engine, _):
        return {line["person_id"]: line for line in engine.arrow("SELECT * FROM persons").to_pylist()}
