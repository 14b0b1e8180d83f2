"""From the facts of a person's rows to one value each: the newest, and of two values of one day the more worrying one.

A value's day and its rank are packed into one whole number, so that one `max` finds it and no order of rows matters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.engine import Engine
from sarana.methods.risk.coded import MISSING, Coded, Codes, coded, fitting, most, ranked
from sarana.methods.risk.fields import Field, standard_fields
from sarana.methods.risk.rows import Rows

_EPOCH = date(1900, 1, 1)
_LAST_DAY = (1 << 16) - 1
_BITS = {"code": 8, "other": 42}
"""Below the day of a value: its rank among the codes of the field, or among all texts or numbers."""
_AHEAD = 1 << 28
"""Added to a code unless it gives way to all others; only fields of codes have such."""
_MIDDLE = 1 << 41
"""Added to a number in thousandths, so that none is negative."""
_LARGEST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact of each person or household: day and rank packed, -1 where not known; and what ranks mean.

    Numbers have no values: their rank is the number itself, in thousandths.
    """

    packed: Codes
    bits: int
    values: pa.Array | None


@dataclass(frozen=True, slots=True)
class Older:
    """A source whose values count as older than they are: its place among the sources, and by how many months."""

    position: int
    months: int


def gather_facts(
    engine: Engine,
    rows: Rows,
    home: Codes,
    columns: Mapping[str, tuple[str, int]],
    as_of: date,
    *,
    older: Older | None = None,
) -> dict[str, Coded]:
    """Each person's newest value of facts, by the name of the column asked for.

    Args:
        engine: holds the standardised rows.
        rows: whose they are.
        home: shape (people,), the number of each person's household, -1 for none; facts of households are the newest
            of all members.
        columns: for each column a fact that `standardised` has, and after how many months it is too old (0: never).
        as_of: the day from which months are counted.
        older: a source whose values count as older, to ask what that would change.
    """
    of_fact: dict[str, list[tuple[str, int]]] = {}
    for column, (name, months) in columns.items():
        of_fact.setdefault(name, []).append((column, months))
    day = _days(engine.read(rows.relation, ["as_of"])["as_of"])
    if older is not None:
        day = _pushed_back(day, rows.position == older.position, older.months)
    found = dict[str, Coded]()
    for name, asked in sorted(of_fact.items()):
        said = standard_fields()[name]
        fact = _gather(rows, day, said, engine.read(rows.relation, [name], [name] if said.kind == "text" else [])[name])
        if said.is_of_household:
            fact = _shared(fact, home)
        found |= {column: _known(name, fact, months, as_of) for column, months in asked}
    return found


def _days(as_of: pa.ChunkedArray) -> Codes:
    """The day of each row, counted from 1900; -1 where it has no date."""
    days = as_of.cast(pa.date32()).cast(pa.int32())
    found: Codes = pc.fill_null(days, 0).to_numpy() - np.int32((_EPOCH - date(1970, 1, 1)).days)
    return np.where(days.is_valid().to_numpy(), found.clip(0, _LAST_DAY), np.int32(MISSING))


def _pushed_back(day: Codes, is_older: NDArray[np.bool_], months: int) -> Codes:
    """The days of rows, some of them so many months earlier."""
    found, which = np.unique(day[is_older], return_inverse=True)
    moved = [(_months_before(_EPOCH + timedelta(days=int(d)), months) - _EPOCH).days if d >= 0 else d for d in found]
    pushed = day.copy()
    pushed[is_older] = np.array(moved, day.dtype)[which].clip(MISSING)
    return pushed


def _gather(rows: Rows, day: Codes, said: Field, column: pa.ChunkedArray) -> _Fact:
    """Each person's newest value of one fact."""
    if said.codes:
        return _gather_codes(rows, day, said, column)
    values: pa.Array | None = None
    if said.kind == "text":
        texts = ranked(column)
        seen, values = np.flatnonzero(texts.codes >= 0), texts.values
        ranks = texts.codes[seen]
    else:
        seen, ranks = _thousandths(column, is_turned=said.is_worse_when_low)
    is_dated = day[seen] >= 0
    if not is_dated.all():
        seen, ranks = seen[is_dated], ranks[is_dated]
    packed = (day[seen].astype(np.int64) << _BITS["other"]) + ranks
    return _Fact(most(rows.n_people, rows.person[seen], packed), _BITS["other"], values)


def _gather_codes(rows: Rows, day: Codes, said: Field, column: pa.ChunkedArray) -> _Fact:
    """The same of a fact of codes; where most rows give it, all rows are reckoned with, which is quicker."""
    values = pa.array(said.codes if said.kind == "text" else [int(code) for code in said.codes])
    rank = _ranks_of_codes(column, values)
    rank[day < 0] = MISSING
    leads = np.array([_AHEAD if said.gives_way and code not in said.gives_way else 0 for code in said.codes], np.int32)
    seen = np.flatnonzero(rank >= 0)
    if 2 * len(seen) < len(rank):
        ranks = rank[seen]
        packed = (day[seen] << _BITS["code"]) + ranks + leads[ranks]
        return _Fact(most(rows.n_people, rows.person[seen], packed), _BITS["code"], values)
    packed = (day << _BITS["code"]) + rank
    if said.gives_way:
        packed += np.append(leads, np.int32(0))[rank]
    packed = np.where(rank >= 0, packed, np.int32(MISSING))
    return _Fact(rows.most(packed), _BITS["code"], values)


def _ranks_of_codes(column: pa.ChunkedArray, codes: pa.Array) -> Codes:
    """For each row the place of its code in the order of worry; -1 where there is none."""
    if pa.types.is_dictionary(column.type):
        said = coded(column)
        place = pc.fill_null(pc.index_in(said.values, value_set=codes), MISSING).to_numpy()
        return np.append(place, MISSING).astype(fitting(len(codes)))[said.codes]
    found, start = np.full(len(column), MISSING, fitting(len(codes))), 0
    order = pc.array_sort_indices(codes).to_numpy()
    in_order, ranks = codes.to_numpy()[order], order.astype(found.dtype)
    is_plain = np.array_equal(codes.to_numpy(), np.arange(len(codes)))
    for chunk in column.chunks:
        if chunk.null_count < len(chunk):
            numbers = pc.fill_null(chunk, int(in_order[0]) - 1).to_numpy()
            if is_plain and numbers.min() >= MISSING and numbers.max() < len(codes):
                found[start : start + len(chunk)] = numbers
            else:
                place = np.searchsorted(in_order, numbers).clip(max=len(codes) - 1)
                rank = np.where(in_order[place] == numbers, ranks[place], MISSING)
                found[start : start + len(chunk)] = rank
        start += len(chunk)
    return found


def _thousandths(column: pa.ChunkedArray, *, is_turned: bool) -> tuple[Codes, Codes]:
    """The rows that give a number, and it in thousandths, halves away from 0, raised so that none is negative."""
    seen, numbers = _numbers(column)
    fits = (numbers >= -_LARGEST) & (numbers <= _LARGEST)
    exact = 1000.0 * numbers[fits]
    cut = np.trunc(exact)
    rest = exact - cut
    thousandths = (cut + (rest >= 0.5) - (rest <= -0.5)).astype(np.int64)
    return seen[fits], _MIDDLE + (-thousandths if is_turned else thousandths)


def _numbers(column: pa.ChunkedArray) -> tuple[Codes, NDArray[Any]]:
    """The rows of a column that are known, and their numbers."""
    start, rows, numbers = 0, [np.zeros(0, np.int64)], []
    for chunk in column.chunks:
        if chunk.null_count < len(chunk):
            rows.append(start + np.flatnonzero(chunk.is_valid().to_numpy(zero_copy_only=False)))
            numbers.append(chunk.drop_null().to_numpy())
        start += len(chunk)
    return np.concatenate(rows), np.concatenate(numbers) if numbers else np.zeros(0, np.int64)


def _shared(fact: _Fact, home: Codes) -> _Fact:
    """The same fact, the newest of all members of a household."""
    seen = np.flatnonzero((fact.packed >= 0) & (home >= 0))
    of_home = most(int(home.max(initial=MISSING)) + 2, home[seen], fact.packed[seen])  # the last is no household's
    return _Fact(np.where(home >= 0, of_home[home], fact.packed), fact.bits, fact.values)


def _known(name: str, fact: _Fact, months: int, as_of: date) -> Coded:
    """The value of a fact, not known if it is older than so many months (0: never too old)."""
    oldest = (_months_before(as_of, months) - _EPOCH).days if months else 0
    is_known = fact.packed >= max(oldest, 0) << fact.bits
    if standard_fields()[name].gives_way:
        is_known = (fact.packed >= 0) & ((fact.packed & (_AHEAD - 1)) >= max(oldest, 0) << fact.bits)
    below = (1 << fact.bits) - 1
    if fact.values is not None:
        kind = fitting(len(fact.values))
        return Coded(np.where(is_known, (fact.packed & below).astype(kind), kind(MISSING)), fact.values)
    said = coded(pa.array(fact.packed[is_known] & below))
    codes = np.full(len(is_known), MISSING, said.codes.dtype)
    codes[is_known] = said.codes
    sign = -1 if standard_fields()[name].is_worse_when_low else 1
    return Coded(codes, pa.array(sign * (said.values.to_numpy() - _MIDDLE) / 1000.0))


def unknown(name: str, n: int) -> Coded:
    """A fact that no source gives."""
    is_text = standard_fields()[name].kind == "text"
    return Coded(np.full(n, MISSING, np.int8), pa.array([], pa.string() if is_text else pa.float64()))


def _months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last day of that month."""
    at = day.year * 12 + day.month - 1 - months
    year, month = divmod(at, 12)
    for of_month in range(day.day, 27, -1):
        try:
            return date(year, month + 1, of_month)
        except ValueError:
            continue
    return date(year, month + 1, day.day)
