"""What is handed over, read as it stands at one moment: one agency by what the operator calls it, and its rows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection

from sarana.basics.errors import NotYet
from sarana.basics.privacy import Privacy
from sarana.ground.accounts.models import Agency
from sarana.ground.accounts.queries import agencies_called
from sarana.ground.owned import Owned

AT_A_TIME = 2_000
HELD_BACK = frozenset({Privacy.SECRET})
"""Grades of columns that are handed over to nobody."""


def get_agency_called(called: str) -> Agency:
    """The one agency that has this name or this reference.

    Raises:
        NotYet: EXCHANGE-001 there is none, or more than one of this name.
    """
    found = agencies_called(called)
    if len(found) != 1:
        raise NotYet(
            "EXCHANGE-001",
            "More than one agency has this name." if found else "There is no agency of this name or reference.",
            cure="Give its reference: the 32 letters and digits in the address of its page under Settings.",
        )
    return found[0]


def one_moment() -> None:
    """On PostgreSQL too, what this transaction reads is of one moment; call it first in a transaction."""
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def columns_of(kind: Owned) -> dict[str, str]:
    """The columns that are handed over, with the path to each; references stand for rows of other tables."""
    model = apps.get_model(kind.model)
    grades: Mapping[str, Privacy] = model.PRIVACY
    return {
        each.name: _path(each) for each in _fields(model) if grades[each.name] not in HELD_BACK and not each.primary_key
    }


def grade_of(kind: Owned, column: str) -> Privacy:
    """How closely a column is kept here."""
    found: Privacy = apps.get_model(kind.model).PRIVACY[column]
    return found


def rows_of(kind: Owned, agency: UUID) -> Iterator[dict[str, Any]]:
    """The rows of one kind that an agency owns, in the order in which they were made."""
    columns = columns_of(kind)
    rows = apps.get_model(kind.model).objects.filter(kind.rows(agency)).order_by("pk").distinct()
    for values in rows.values_list("pk", *columns.values()).iterator(chunk_size=AT_A_TIME):
        row = dict(zip(columns, values[1:], strict=True))
        yield row | {name: read(row) for name, read in kind.opened.items()}


def _fields(model: Any) -> Sequence[Any]:
    """The fields that are stored; Django documents `_meta` as open to all."""
    found: Sequence[Any] = model._meta.concrete_fields  # noqa: SLF001
    return found


def _path(field: Any) -> str:
    """How the value is reached that stands for a column: of a row elsewhere its reference, or its code."""
    if not field.is_relation:
        return str(field.name)
    names = {each.name for each in _fields(field.related_model)}
    key = next((name for name in ("ref", "code") if name in names), "pk")
    return f"{field.name}__{key}"
