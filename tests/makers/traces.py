"""What an act leaves behind: rows of all tables, and lines of the ledger."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from sarana.ground.ledger.models import Entry

NOT_COMPARED = frozenset({"Entry", "Seal", "Waiting", "Sitting", "Session"})
"""What is only added to, and the sittings themselves, which say when they were last seen."""


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables as values, but of those that are not compared."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model.__name__ not in NOT_COMPARED
    }


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
