"""What an agency owns of this room: its own access report, line by line."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.writing import open_list
from sarana.ground.owned import Owned


def _things(row: Mapping[str, Any]) -> list[str]:
    """The references of a sealed list."""
    return [str(ref) for ref in open_list(Entry(ref=row["ref"], things_sealed=row["things_sealed"]))]


OWNED = (
    Owned(
        "ledger.Entry",
        "ledger",
        "What its people did, and what anybody did to what is its: who, when, for which purpose, with what result.",
        lambda ref: Q(agency_ref=ref) | Q(owner_agency_ref=ref),
        {"things_sealed": _things},
    ),
)

NOT_OWNED = {
    "ledger.Waiting": "which lines are not sealed yet; a number",
    "ledger.Seal": "the chain over the lines of all agencies together; `sarana ledger head` gives its head",
}
