"""Records that may be of one person, in words: how much they are alike, why, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sarana.care.people.finding.words import LIKELY, how_well, why
from sarana.care.people.same.models import Likeness
from sarana.care.people.showing import facts
from sarana.care.people.values import Names
from sarana.methods.search.entry import Reason

NUMBERS = frozenset({Reason.ID_EXACT, Reason.PHONE_EXACT})
AGAINST = "against"


def is_alike(score: float, reasons: Sequence[Reason]) -> bool:
    """Whether two are so much alike that somebody should look: a likely name, or the same number."""
    return score >= LIKELY or bool(NUMBERS.intersection(reasons))


def line(row: Likeness) -> dict[str, Any]:
    """A line of the queue."""
    reasons = tuple(Reason(each) for each in row.reasons if each in set(Reason))
    return {"row": row, "how": how_well(row.per_cent / 100, reasons), "why": why(reasons)}


@dataclass(frozen=True, slots=True)
class Beside:
    """One thing that stands in the open of both records, and whether it is the same."""

    label: str
    first: str
    second: str

    @property
    def is_same(self) -> bool:
        """Whether both say the same."""
        return self.first == self.second


def beside(row: Likeness) -> list[Beside]:
    """What stands in the open of both records."""
    told = zip(facts(row.first), facts(row.second), strict=True)
    return [Beside(label, one, other) for (label, one), (_label, other) in told]


def differences(first: Names, second: Names) -> list[str]:
    """What of two people cannot be of one, in words; what is not known says nothing."""
    found = []
    if first.birth and second.birth:
        apart = abs(first.birth.year - second.birth.year)
        if apart > first.birth.give_or_take + second.birth.give_or_take:
            found.append(_("the years of birth are %(n)s apart") % {"n": apart})
    mine, theirs = ({(each.kind, each.country): each.number for each in names.documents} for names in (first, second))
    if any(mine[key] != theirs[key] for key in mine.keys() & theirs.keys()):
        found.append(_("a paper of the same kind has another number"))
    return found
