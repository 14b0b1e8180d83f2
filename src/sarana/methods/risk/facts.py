"""From the facts of a person's rows to one value each: the newest, and of two values of one day the more worrying one.

A value's day and its rank are packed into one whole number, so that one `max` finds it and no order of rows matters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.risk.coded import MISSING, Coded, Codes, most, ranked
from sarana.methods.risk.fields import Field, standard_fields
from sarana.methods.risk.rows import Rows

_EPOCH = date(1900, 1, 1)
_LAST_DAY = (1 << 16) - 1
_BITS = {"code": 8, "other": 42}
"""Below the day of a value: its rank among the codes of the field, or among all texts or numbers."""
_AHEAD = 1 << 28
"""Added to a code unless it gives way to all others; only fields of codes have such."""
_TOGETHER = 8
"""Facts read in one go: more take more memory, fewer more time."""
_MIDDLE = 1 << 41
"""Added to a number in thousandths, so that none is negative."""
_LARGEST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of each person or household: day and rank packed, -1 where not known; and what ranks mean.

    Numbers have no values: their rank is the number itself, in thousandths.
    """

    packed: Codes
    bits: int
    values: pa.Array | None


def gather_facts(engine: Engine, rows: Rows, names: Sequence[str]) -> dict[str, Fact]:
    """Each person's newest value of each fact, by name.

    Args:
        engine: holds the standardised rows.
        rows: whose they are.
        names: facts that `standardised` has.
    """
    day_sql = f"coalesce(greatest(0, least({_LAST_DAY}, as_of - DATE '{_EPOCH}')), -1)::INTEGER"
    day: Codes = engine.arrow(f"SELECT {day_sql} AS day FROM {rows.relation}")["day"].to_numpy()
    found: dict[str, Fact] = {}
    for at in range(0, len(names), _TOGETHER):
        some = [standard_fields()[name] for name in names[at : at + _TOGETHER]]
        columns = ", ".join(f"{_rank_sql(said)} AS {quoted(said.name)}" for said in some)
        said_of = engine.arrow(f"SELECT {columns} FROM {rows.relation}")
        found |= {said.name: _gather(rows, day, said, said_of[said.name]) for said in some}
    return found


def _gather(rows: Rows, day: Codes, said: Field, column: pa.ChunkedArray) -> Fact:
    """Each person's newest value of one fact; ranks and texts are given as `_rank_sql` tells them."""
    values, bits = None, _BITS["code" if said.codes else "other"]
    if said.kind == "text" and not said.codes:
        texts = ranked(column)
        rank, values = texts.codes, texts.values
    else:
        rank = column.to_numpy()
    if said.codes:
        values = pa.array(said.codes if said.kind == "text" else [int(code) for code in said.codes])
    seen = np.flatnonzero((rank >= 0) & (day >= 0))
    ranks = rank[seen]
    days: Codes = day[seen].astype(np.int32 if said.codes else np.int64)
    packed = (days << bits) + ranks
    if said.gives_way:
        leads = np.array([code not in said.gives_way for code in said.codes])
        packed[leads[ranks]] += _AHEAD
    return Fact(most(rows.n_people, rows.person[seen], packed), bits, values)


def _rank_sql(said: Field) -> str:
    """The place of a row's value in the order of worry, as SQL; -1 where not known; of texts the text itself."""
    column = quoted(said.name)
    if said.kind == "text" and not said.codes:
        return column
    if said.codes:
        if said.kind != "text" and [int(code) for code in said.codes] == list(range(len(said.codes))):
            return f"CASE WHEN {column} BETWEEN 0 AND {len(said.codes) - 1} THEN {column} ELSE -1 END::TINYINT"
        whens = " ".join(f"WHEN {_code(said, code)} THEN {at}" for at, code in enumerate(said.codes))
        return f"CASE {column} {whens} ELSE -1 END::SMALLINT"
    thousandths = f"{'-' if said.is_worse_when_low else ''}round({column} * 1000)::BIGINT"
    return f"CASE WHEN {column} BETWEEN -{_LARGEST} AND {_LARGEST} THEN {thousandths} + {_MIDDLE} ELSE -1 END"


def share_facts(facts: Mapping[str, Fact], home: Codes) -> dict[str, Fact]:
    """The same facts, those of households being the newest of all members.

    Args:
        facts: each person's own.
        home: shape (people,), the number of each person's household; -1 for none.
    """
    n_homes, lives = int(home.max(initial=MISSING)) + 1, np.flatnonzero(home >= 0)
    shared = dict(facts)
    for name, fact in facts.items():
        if standard_fields()[name].is_of_household:
            of_home = most(n_homes, home[lives], fact.packed[lives])
            packed = fact.packed.copy()
            packed[lives] = of_home[home[lives]]
            shared[name] = Fact(packed, fact.bits, fact.values)
    return shared


def known(name: str, fact: Fact, months: int, as_of: date) -> Coded:
    """The value of a fact, not known if it is older than so many months (0: never too old)."""
    oldest = (_months_before(as_of, months) - _EPOCH).days if months else 0
    is_known = fact.packed >= max(oldest, 0) << fact.bits
    if standard_fields()[name].gives_way:
        is_known = (fact.packed >= 0) & ((fact.packed & (_AHEAD - 1)) >= max(oldest, 0) << fact.bits)
    rank = fact.packed & ((1 << fact.bits) - 1)
    if fact.values is not None:
        return Coded(np.where(is_known, rank, MISSING), fact.values)
    seen, which = np.unique(rank[is_known], return_inverse=True)
    codes = np.full(len(rank), MISSING, np.int64)
    codes[is_known] = which
    sign = -1 if standard_fields()[name].is_worse_when_low else 1
    return Coded(codes, pa.array(sign * (seen - _MIDDLE) / 1000.0))


def unknown(name: str, n: int) -> Coded:
    """A fact that no source gives."""
    is_text = standard_fields()[name].kind == "text"
    return Coded(np.full(n, MISSING, np.int64), pa.array([], pa.string() if is_text else pa.float64()))


def _code(said: Field, code: str) -> str:
    """A code as SQL of the field's type."""
    return literal(code) if said.kind == "text" else str(int(code))


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
