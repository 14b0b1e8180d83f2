"""Questions that every request asks of the database: put into SQL once, and asked again with other values.

Django puts a query into SQL anew each time, which takes ten times as long as the answer from SQLite.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable


class Place(Expression):
    """Where a value will stand that is told when the question is asked."""

    def __init__(self, number: int, field: "Field[Any, Any]") -> None:
        """The value of this number, of the kind of this field."""
        super().__init__(output_field=field)
        self.number = number

    def as_sql(self, *_args: Any, **_kwargs: Any) -> tuple[str, Any]:
        """One value, which is this place itself until the question is asked."""
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class _Form:
    """A question as SQL of one connection, and how its answers are read."""

    sql: str
    values: tuple[Any, ...]
    read: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]
    model: type[Model] | None
    names: tuple[str, ...]


class Prepared[Row]:
    """A question of a fixed form about one kind of row: whole rows, or some of their values."""

    def __init__(self, make: Callable[..., QuerySet[Any, Row]], *kinds: "Field[Any, Any]") -> None:
        """Say what is asked.

        Args:
            make: gives the query, from a place for each value. A value that may be missing (`None`) has none: SQL asks
                for that otherwise.
            kinds: of which kind each value is.
        """
        self._make = make
        self._kinds = kinds

    def ask(self, *values: Any) -> list[Row]:
        """All rows, now, for these values."""
        connection = connections[DEFAULT_DB_ALIAS]
        # With the connection, for what reads its answers belongs to it; it is not shared between threads.
        forms: dict[Prepared[Any], _Form] = vars(connection).setdefault("sarana_prepared", {})
        form = forms.get(self) or forms.setdefault(self, self._form(connection))
        told = [kind.get_db_prep_value(value, connection) for kind, value in zip(self._kinds, values, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(form.sql, [told[each.number] if type(each) is Place else each for each in form.values])
            found = cursor.fetchall()
        return [self._read(form, list(row), connection) for row in found]

    def first(self, *values: Any) -> Row | None:
        """The first row, or None; for what there is one of at most, or whose order is told."""
        return next(iter(self.ask(*values)), None)

    def _form(self, connection: Any) -> _Form:
        rows = self._make(*(Place(number, kind) for number, kind in enumerate(self._kinds)))
        compiler: Any = rows.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        columns = [each[0] for each in compiler.select]
        read = compiler.get_converters(columns)
        is_whole = rows._iterable_class is ModelIterable  # noqa: SLF001
        if rows.query.annotations or rows.query.select_related or (is_whole and len(columns) != _width(rows)):
            raise TypeError("one kind of row, whole, or values")
        return _Form(
            sql,
            tuple(values),
            tuple((number, tuple(steps), column) for number, (steps, column) in read.items()),
            rows.model if is_whole else None,
            tuple(column.target.attname for column in columns) if is_whole else (),
        )

    @staticmethod
    def _read(form: _Form, row: list[Any], connection: Any) -> Any:
        for number, steps, column in form.read:
            for step in steps:
                row[number] = step(row[number], column, connection)
        return form.model.from_db(DEFAULT_DB_ALIAS, form.names, row) if form.model else tuple(row)


def _width(rows: QuerySet[Any, Any]) -> int:
    fields: Sequence[Any] = rows.model._meta.concrete_fields  # noqa: SLF001  # Django documents it
    return len(fields)
