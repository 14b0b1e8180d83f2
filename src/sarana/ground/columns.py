"""Lists that can be ordered by their columns: the choice stands in the address.

Whoever follows a link to the next page starts after the row she saw last, however many rows came or went meanwhile;
the value by which that row stands where it does is looked up here, so that no name ever stands in an address. Words
stand as in a dictionary: PostgreSQL has its root collation for that, SQLite is taught our own order of names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.signals import connection_created
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Collate
from django.http import QueryDict

from sarana.basics.ordering import sort_key

SHOWN = 50
MOST_ORDERED = 20_000
ORDER, AFTER = "order", "after"
SQLITE_COLLATION, POSTGRESQL_COLLATION = "sarana", "und-x-icu"
UP, DOWN, NONE = "ascending", "descending", "none"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by which a list can be ordered.

    `path` leads to a field of the rows, or says which of several. Where `words` are given (choices, countries), rows
    stand in the order of those words, not of the codes that are stored; a `natural` column keeps the order of its
    values (dates, ranks), and is never missing. A list whose first column is `falling` begins with its last rows. Where
    a list has columns that are `indexed`, it is ordered by these alone once it has more than `MOST_ORDERED` rows: for
    any other one all of them would be read for every page.
    """

    key: str
    label: Any
    path: str | Case
    words: Sequence[tuple[str, Any]] = ()
    natural: bool = False
    falling: bool = False
    indexed: bool = False

    def value(self) -> Any:
        """The expression by which rows are ordered; words that are missing stand last."""
        if self.words:
            ordered = sorted(self.words, key=lambda pair: sort_key(str(pair[1])))
            ranks = [When(**{str(self.path): code}, then=Value(rank)) for rank, (code, _label) in enumerate(ordered)]
            return Case(*ranks, default=Value(len(ordered)))
        field = F(self.path) if isinstance(self.path, str) else self.path
        if self.natural:
            return field
        collation = POSTGRESQL_COLLATION if connection.vendor == "postgresql" else SQLITE_COLLATION
        return Collate(Coalesce(field, Value("\U0010ffff")), collation)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its words, how the list is ordered by it now, and the address that orders it so or so.

    The address is empty where so long a list is not ordered by it.
    """

    key: str
    label: Any
    direction: str
    address: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of an ordered list: its rows, the heads of its columns, and the ways on and back to the beginning."""

    rows: list[Any]
    heads: list[Head]
    onward: str
    beginning: str
    n_rows: int
    is_cut: bool = False
    """Whether rows were counted to `n_rows` and no further."""

    @property
    def told(self) -> str:
        """How many there are, to be shown."""
        return f"{self.n_rows - 1:,}+" if self.is_cut else f"{self.n_rows:,}"

    @property
    def ordered(self) -> Head | None:
        """The head by which the list is ordered now."""
        return next((head for head in self.heads if head.direction != NONE), None)


def listing(rows: QuerySet[Any], columns: Sequence[Column], asked: QueryDict, *, shown: int = SHOWN) -> Listing:
    """The page that an address asks for; what it does not know, or no longer knows, begins at the beginning."""
    n_rows, indexed = _counted(rows, columns)
    column, is_down = _order(indexed or columns, asked.get(ORDER, ""))
    ordered = rows.annotate(_stands=column.value())
    sign = "-" if is_down else ""
    page = ordered.order_by(f"{sign}_stands", f"{sign}pk")
    last = _find(ordered, asked.get(AFTER, ""))
    if last is not None:
        beyond = "lt" if is_down else "gt"
        stands, pk = last
        page = page.filter(Q(**{f"_stands__{beyond}": stands}) | Q(**{"_stands": stands, f"pk__{beyond}": pk}))
    found = list(page[: shown + 1])
    heads = [_head(each, column, asked, is_down=is_down) for each in columns]
    if indexed:
        heads = [
            head if each in indexed else replace(head, address="") for each, head in zip(columns, heads, strict=True)
        ]
    onward = _address(asked, {AFTER: str(found[shown - 1].ref)}) if len(found) > shown else ""
    beginning = _address(asked, {AFTER: ""}) if last is not None else ""
    return Listing(found[:shown], heads, onward, beginning, n_rows, bool(indexed))


def _counted(rows: QuerySet[Any], columns: Sequence[Column]) -> tuple[int, list[Column]]:
    """How many rows there are, and the columns by which alone they are ordered, where these are very many.

    Rows of a list that has such columns are counted to one more than `MOST_ORDERED` and no further.
    """
    indexed = [column for column in columns if column.indexed]
    n_rows = rows.order_by()[: MOST_ORDERED + 1].count() if indexed else rows.count()
    return n_rows, indexed if n_rows > MOST_ORDERED else []


def _order(columns: Sequence[Column], asked: str) -> tuple[Column, bool]:
    found = {column.key: column for column in columns}
    key = asked.removeprefix("-")
    return (found[key], asked.startswith("-")) if key in found else (columns[0], columns[0].falling)


def _find(ordered: QuerySet[Any], after: str) -> tuple[Any, int] | None:
    """Where the last row that was seen stands, if it is one of these rows."""
    try:
        ref = UUID(after)
    except ValueError:
        return None
    found: tuple[Any, int] | None = ordered.filter(ref=ref).order_by().values_list("_stands", "pk").first()
    return found


def _head(column: Column, chosen: Column, asked: QueryDict, *, is_down: bool) -> Head:
    if column is not chosen:
        return Head(column.key, column.label, NONE, _address(asked, {ORDER: column.key, AFTER: ""}))
    other = column.key if is_down else f"-{column.key}"
    return Head(column.key, column.label, DOWN if is_down else UP, _address(asked, {ORDER: other, AFTER: ""}))


def _address(asked: QueryDict, changed: dict[str, str]) -> str:
    """The same address with something changed; what is empty goes."""
    words = asked.copy()
    for name, value in changed.items():
        if value:
            words[name] = value
        else:
            words.pop(name, None)
    return f"?{words.urlencode()}"


def compare(one: str, other: str) -> int:
    """The order of two names, as SQLite asks for it."""
    left, right = sort_key(one), sort_key(other)
    return (left > right) - (left < right)


def teach_order(connection: Any, **_more: Any) -> None:
    """Give a connection to SQLite the order of names."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(SQLITE_COLLATION, compare)


def begin() -> None:
    """Teach every connection from now on."""
    connection_created.connect(teach_order, dispatch_uid="sarana.columns")
