"""What an agency owns in each room: every model of a room is named there, as owned, as shared, or as nobody's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Owned:
    """Rows that an agency takes along when it leaves.

    Args:
        model: `room.Model`.
        file: how their table is called where they are handed over.
        says: what they are, in one sentence for somebody who knows nothing of Sarana.
        of: which rows are an agency's, by its reference; None where all are everybody's, and explain the others.
        opened: columns that are handed over as what they stand for, made from the row.
    """

    model: str
    file: str
    says: str
    of: Callable[[UUID], Q] | None
    opened: Mapping[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)

    def rows(self, agency: UUID) -> Q:
        """Which rows are handed over to an agency."""
        return self.of(agency) if self.of else Q()


def owned() -> tuple[Owned, ...]:
    """What agencies own in all rooms, in the order of the rooms."""
    return tuple(each for module in _rooms() for each in module.OWNED)


def not_owned() -> dict[str, str]:
    """The models whose rows are handed over to nobody, and why."""
    return {model: why for module in _rooms() for model, why in module.NOT_OWNED.items()}


def _rooms() -> list[Any]:
    names = [f"{each.name}.owned" for each in apps.get_app_configs() if each.name.startswith("sarana.")]
    return [import_module(name) for name in names if find_spec(name)]
