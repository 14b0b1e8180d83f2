"""Known cases as they are given for a back-test: source, row_id and known_on; held in memory only."""

import datetime as dt
import io
import stat
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import csv

from sarana.basics.errors import BadFile, BadTable, Refused
from sarana.methods.engine import Engine
from sarana.methods.sealing.letters import is_letter

COLUMNS = ("source", "row_id", "known_on")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
KNOWN_CASES = "known cases"
"""What a sealed letter of them says that it holds."""


@dataclass(frozen=True, slots=True)
class Known:
    """The rows that known cases stand on.

    Attributes:
        source, row_id: text, never missing.
        known_on: dates; missing where the day is not known.
    """

    source: pa.Array
    row_id: pa.Array
    known_on: pa.Array


@dataclass(frozen=True, slots=True)
class Joined:
    """The people that known cases lead to; all arrays have one element a person known, each person once.

    Attributes:
        person: places among the people of `scores`; -1 for people the set leaves out.
        day: the earliest day of each in days since 1970; -1 where no day is given.
    """

    person: NDArray[np.int64]
    day: NDArray[np.int64]


def closed_bytes(file: Path, *, is_invented: bool) -> bytes:
    """The bytes of a file of known cases; for real people only if it is sealed, or nobody but its owner may read it.

    Raises:
        BadFile: VALIDATE-001 it cannot be read.
        Refused: VALIDATE-002 others may read it.
    """
    try:
        is_open = bool(file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
        data = file.read_bytes()
    except OSError as err:
        raise _unreadable(str(file)) from err
    if is_open and not is_invented and not is_letter(data):
        raise Refused(
            "VALIDATE-002",
            "The file of known cases may be read by others.",
            where=str(file),
            cure="Seal it (sarana keys seal), close it (chmod 600), or give the cases on standard input: --known -.",
        )
    return data


def read_known(data: bytes, where: str, today: dt.date) -> Known:
    """Known cases out of the bytes of a CSV or Parquet file.

    Raises:
        BadFile: VALIDATE-001 it is neither, or cannot be read.
        BadTable: VALIDATE-003 a column is missing, or no case stands in it; VALIDATE-004 a source or row_id is empty;
            VALIDATE-005 a day is no day, or lies after today.
    """
    table = _table(data, where)
    missing = [name for name in COLUMNS if name not in table.column_names]
    if missing or not table.num_rows:
        what = f"The known cases lack {', '.join(missing)}." if missing else "There is no known case."
        raise BadTable("VALIDATE-003", what, where=where, cure="Give the columns source, row_id and known_on.")
    source, row_id = (_text(table[name]) for name in COLUMNS[:2])
    n_empty = int(pc.sum(pc.or_(pc.equal(source, ""), pc.equal(row_id, ""))).as_py())
    if n_empty:
        raise BadTable(
            "VALIDATE-004",
            f"{n_empty:,} of {len(source):,} known cases have no source or no row_id.",
            where=where,
            cure="Fill both; known_on may be empty.",
        )
    return Known(source, row_id, _days(table["known_on"], where, today))


def join_known(engine: Engine, known: Known, ids: pa.Array, sources: tuple[str, ...], where: str) -> Joined:
    """The people that known cases lead to, by the rows that the run has of them.

    Args:
        engine: reads `people`.
        known: the cases.
        ids: the person_id of each line of `scores`.
        sources: the sources of the run.
        where: what the cases are called in an error.

    Raises:
        BadTable: VALIDATE-006 cases name sources or rows that the run does not have.
    """
    people = engine.read("people", ["source", "row_id", "person_id"], ["source"])
    source = people["source"]
    person = np.full(len(known.source), -1, np.int64)
    found = pa.nulls(len(known.source), pa.string())
    for name in sources:
        asked = np.flatnonzero(pc.equal(known.source, name).to_numpy(zero_copy_only=False))
        if not len(asked):
            continue
        rows = people.filter(pc.equal(source, name))
        at = pc.index_in(known.row_id.take(pa.array(asked)), value_set=_whole(rows["row_id"]))
        person[asked] = pc.fill_null(at, -1).to_numpy()
        is_own = np.zeros(len(known.source), bool)
        is_own[asked] = True
        ids_found = _whole(rows["person_id"]).take(at)
        found = pc.replace_with_mask(found, pa.array(is_own), ids_found)
    n_unknown = int((person < 0).sum())
    if n_unknown:
        raise BadTable(
            "VALIDATE-006",
            f"{n_unknown:,} of {len(person):,} known cases name rows that this run does not have.",
            where=where,
            cure=f"Name rows by source ({', '.join(sources)}) and row_id as they stand in the run's files.",
        )
    days = pc.fill_null(known.known_on.cast(pa.int32()), -1)
    each = pa.table({"person": found, "day": days}).group_by("person", use_threads=False)
    once = each.aggregate([("day", "min")])
    place = pc.fill_null(pc.index_in(once["person"].combine_chunks(), value_set=ids), -1)
    return Joined(_whole(place).to_numpy().astype(np.int64), _whole(once["day_min"]).to_numpy().astype(np.int64))


def _table(data: bytes, where: str) -> pa.Table:
    try:
        if data[:4] == b"PAR1":
            return pq.read_table(io.BytesIO(data))
        text = data.removeprefix(BYTE_ORDER_MARK)
        text.decode()  # headers that are not UTF-8 would be found out only when they are named
        kinds = csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()))
        return csv.read_csv(io.BytesIO(text), convert_options=kinds)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as err:
        raise _unreadable(where) from err


def _unreadable(where: str) -> BadFile:
    return BadFile(
        "VALIDATE-001",
        "The known cases cannot be read.",
        where=where,
        cure="Give a CSV in UTF-8 or a Parquet file with the columns source, row_id and known_on.",
    )


def _text(column: pa.ChunkedArray) -> pa.Array:
    """Values as trimmed text, empty where missing."""
    return pc.utf8_trim_whitespace(pc.fill_null(_whole(column).cast(pa.string()), ""))


def _days(column: pa.ChunkedArray, where: str, today: dt.date) -> pa.Array:
    """Days; missing where empty."""
    text = pc.utf8_slice_codeunits(_text(column), 0, 10) if pa.types.is_temporal(column.type) else _text(column)
    is_said = pc.not_equal(text, "")
    has_shape = pc.match_substring_regex(text, r"^\d{4}-\d{2}-\d{2}$")
    days = pc.strptime(
        pc.if_else(has_shape, text, pa.scalar(None, pa.string())), format="%Y-%m-%d", unit="s", error_is_null=True
    ).cast(pa.date32())
    is_same = pc.fill_null(pc.equal(days.cast(pa.string()), text), fill_value=False)  # 30 February would become 2 March
    is_past = pc.fill_null(pc.less_equal(days, pa.scalar(today)), fill_value=False)
    is_bad = pc.and_(is_said, pc.invert(pc.and_(is_same, is_past)))
    n_bad = int(pc.sum(is_bad).as_py())
    if n_bad:
        raise BadTable(
            "VALIDATE-005",
            f"{n_bad:,} of {len(text):,} known cases have a known_on that is no day, or lies after today.",
            where=where,
            cure="Write days as 2026-07-31, in the common era; leave out what is not known.",
        )
    return days


def _whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    if isinstance(column, pa.Array):
        return column
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
