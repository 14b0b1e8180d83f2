"""What an act leaves behind: rows of all tables, and lines of the ledger."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

from sarana.ground.ledger.models import Entry

NOT_COMPARED = frozenset({"Entry", "Seal", "Waiting", "Sitting", "Session"})
"""What is only added to, and the sittings themselves, which say when they were last seen."""


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables as they lie, but of those that are not compared.

    They are asked for by hand: it is done after every page of every walk, and what builds the questions anew each time
    took longer than the answers.
    """
    with connection.cursor() as cursor:
        return {name: _rows(cursor, sql) for name, sql in _questions()}


def _rows(cursor: Any, sql: str) -> list[tuple[Any, ...]]:
    cursor.execute(sql)
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@cache
def _questions() -> tuple[tuple[str, str], ...]:
    """The name of each model that is compared, and the question for its rows."""
    quoted = connection.ops.quote_name
    return tuple(
        (model.__name__, f"SELECT * FROM {quoted(model._meta.db_table)} ORDER BY {quoted(model._meta.pk.column)}")
        for model in apps.get_models()
        if model.__name__ not in NOT_COMPARED
    )


@dataclass(slots=True)
class Lines:
    """Lines of the ledger that came since one looked last."""

    seen: int = 0

    def __post_init__(self) -> None:
        """Begin now."""
        self.seen = _last()

    def new(self) -> list[Entry]:
        """What came since."""
        found = list(Entry.objects.filter(pk__gt=self.seen).order_by("pk"))
        self.seen = max([self.seen, *(entry.pk for entry in found)])
        return found


def _last() -> int:
    return int(Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
