"""Columns made of several of a file: put together as text (`A & B`), or added up (`A + B`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.cleaning import ROW_FLAG
from sarana.methods.population.numbers import number_sql
from sarana.methods.population.sources import File
from sarana.methods.population.tables import Column, Wanted, load_columns
from sarana.methods.population.values import FLAG_SCIENTIFIC, SCIENTIFIC

TOGETHER = " & "
SUM = " + "
NUMBER = r"^\d{1,12}(\.\d{1,6})?$"


@dataclass(frozen=True, slots=True)
class Made:
    """What a column is made of: the names under which its parts are loaded, and whether they are added up."""

    parts: tuple[str, ...]
    is_sum: bool


def load_made_columns(
    engine: Engine, data: Path, file: File, wanted: Wanted, *, into: str, part: str, flags: str
) -> pa.Table:
    """Load the wanted columns of a file as `load_columns` does, those that are made of several among them.

    Put together, values stand with `-` between them, and the whole is missing where a part is; a part that a
    spreadsheet turned into 1.5E+12 is missing, with the flag READ-022. A sum is missing where a part is, and stays
    text, to be flagged as no number, where a part is no number.

    Raises:
        BadFile, BadTable: as `load_columns`.
    """
    plain, made = _taken_apart(wanted)
    table = load_columns(engine, data, file, plain, into=into, part=part, flags=flags)
    if not made:
        return table
    columns = {}
    for name in (*wanted, ROW_FLAG):
        if name in made:
            columns[name] = _put_together(engine, table, name, made[name], flags)
        elif name in table.column_names:
            columns[name] = table.column(name)
    return pa.table(columns)


def _taken_apart(wanted: Wanted) -> tuple[dict[str, Column], Mapping[str, Made]]:
    """The columns to load, and what is to be made of them."""
    plain: dict[str, Column] = {}
    made: dict[str, Made] = {}
    for name, column in wanted.items():
        header = column.headers[0]
        sign = next((sign for sign in (TOGETHER, SUM) if sign in header), "")
        if len(column.headers) > 1 or not sign:
            plain[name] = column
            continue
        headers = [part.strip() for part in header.split(sign)]
        parts = {f"{name} part {n}": Column((part,)) for n, part in enumerate(headers, 1)}
        plain |= parts
        made[name] = Made(tuple(parts), sign == SUM)
    return plain, made


def _put_together(engine: Engine, table: pa.Table, name: str, made: Made, flags: str) -> pa.Array:
    """One made column; the flags of its parts become its own."""
    names = ", ".join(literal(part) for part in made.parts)
    engine.run(f"UPDATE {quoted(flags)} SET field = {literal(name)} WHERE field IN ({names})")
    parts = [_trimmed(table.column(part)) for part in made.parts]
    if made.is_sum:
        return _sum([_plain(engine, part) for part in parts], parts)
    return pc.binary_join_element_wise(*(_whole(engine, part, name, flags) for part in parts), "-")


def _trimmed(column: pa.ChunkedArray) -> pa.Array:
    """A column as plain text without blanks at its ends; what is empty is missing."""
    text = column.cast(pa.string()).combine_chunks()
    text = text if isinstance(text, pa.Array) else pa.concat_arrays(text.chunks)
    bare = pc.utf8_trim(text, " ")
    return pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare)


def _whole(engine: Engine, part: pa.Array, name: str, flags: str) -> pa.Array:
    """The part without numbers that a spreadsheet cut short; each is flagged."""
    is_cut = pc.fill_null(pc.match_substring_regex(part, f"^(?:{SCIENTIFIC})$"), fill_value=False)
    rows = np.flatnonzero(is_cut.to_numpy(zero_copy_only=False))
    if len(rows) == 0:
        return part
    noted = f"{flags}_cut"
    engine.lend(noted, pa.table({"rec": pa.array(rows)}))
    engine.run(
        f"INSERT INTO {quoted(flags)} SELECT rec, {literal(name)}, {literal(FLAG_SCIENTIFIC)} FROM {quoted(noted)}"
    )
    engine.give_back(noted)
    return pc.if_else(is_cut, pa.scalar(None, pa.string()), part)


def _plain(engine: Engine, part: pa.Array) -> pa.Array:
    """The part with its numbers as they can be read: digits of the region, commas between thousands."""
    engine.lend("parts_of_sum", pa.table({"part": part}))
    found = engine.arrow(f"SELECT {number_sql('part')} AS part FROM parts_of_sum").column("part").combine_chunks()
    engine.give_back("parts_of_sum")
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)


def _sum(plain: list[pa.Array], parts: list[pa.Array]) -> pa.Array:
    """The sum as text; where a part is no number, the parts as they stand."""
    are_numbers = [pc.match_substring_regex(part, NUMBER) for part in plain]
    is_number = are_numbers[0]
    for each in are_numbers[1:]:
        is_number = pc.and_(is_number, each)
    zero = pa.scalar("0", pa.string())
    kind = pa.decimal128(30, 6)
    total = pa.array(np.zeros(len(plain[0]), np.int64)).cast(kind)
    for part in plain:
        total = pc.add(total, pc.if_else(is_number, part, zero).cast(kind)).cast(kind)
    text = pc.replace_substring_regex(total.cast(pa.string()), r"(\.\d*?)0+$", r"\1")
    text = pc.replace_substring_regex(text, r"\.$", "")
    return pc.if_else(is_number, text, pc.binary_join_element_wise(*parts, SUM))
