"""What was done, page by page, and one's own.

Lists go from the newest downwards, by the number of the row, and never by counting pages: ten million rows cost what
fifty cost. What an index cannot answer alone is looked for among the newest rows of that index, a stretch at a time;
where the stretch ends before the page is full, the page says so and goes on from there.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import F, Lookup, Q

from sarana.basics.actors import Actor
from sarana.ground.ledger import policy
from sarana.ground.ledger.models import Entry

PAGE = 50
STRETCH = 20_000
"""Rows of one index that a page looks through, at most, for what the index does not hold."""

LOWEST, HIGHEST = -(2**63), 2**63 - 1
AT_THE_EDGE = 200
"""Rows at the edge of a span of time of which the lowest or highest number is taken: they come nearly in order."""

SLACK = dt.timedelta(days=1)
"""Acts are written down when they end with the time at which they began: no request lasts longer."""


class EndedBadly(Lookup):
    """The condition of the index on refusals and failures, with the word in it, so that SQLite uses that index."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The column is not "done"."""
        column, known = self.process_lhs(compiler, connection)
        return f"NOT ({column} = 'done')", tuple(known)


ENDED_BADLY = EndedBadly(F("result"), "done")


@dataclass(frozen=True, slots=True)
class Looks:
    """What somebody looks for in the list; everything is optional."""

    agency_ref: UUID | None = None
    person_ref: UUID | None = None
    act: str = ""
    thing_ref: UUID | None = None
    purpose: str = ""
    only_bad_ends: bool = False
    from_on: dt.datetime | None = None
    until_on: dt.datetime | None = None

    @property
    def is_empty(self) -> bool:
        """True where everything is looked at."""
        return self == Looks()


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first, and where the next page begins."""

    entries: Sequence[Entry] = field(default_factory=tuple)
    older: UUID | None = None
    """The entry after which the next page begins; None where nothing older is there."""

    is_cut: bool = False
    """True where the page ended because a stretch was looked through, not because it was full."""


def entries_for(actor: Actor, looks: Looks, *, after: UUID | None = None, size: int = PAGE) -> Page:
    """The entries that an actor may read and looks for, newest first, below the entry `after`."""
    return _page(policy.branches(actor), looks, after, size)


def own_entries(actor: Actor, *, after: UUID | None = None, size: int = PAGE) -> Page:
    """What an actor did herself, newest first."""
    return _page([("actor_ref", actor.account_ref)], Looks(), after, size)


def get_entry(actor: Actor, ref: UUID) -> Entry:
    """One entry that an actor may read.

    Raises:
        Entry.DoesNotExist: there is none, or she may not read it.
    """
    return Entry.objects.filter(policy.openable_by(actor)).get(ref=ref)


def _page(branches: Iterable[tuple[str, UUID]], looks: Looks, after: UUID | None, size: int) -> Page:
    """Each branch gives its newest rows by its own index; the newest of all of them are the page."""
    start, bottom = _start(looks, after), _bottom(looks)
    found: dict[int, Entry] = {}
    reached = 0
    for branch in branches:
        rows, floor = _branch(branch, looks, (bottom, start), size)
        reached = max(reached, floor)
        found |= {entry.id: entry for entry in rows}
    newest = sorted((number for number in found if number >= reached), reverse=True)
    shown = [found[number] for number in newest[:size]]
    if len(newest) > size:
        return Page(shown, older=shown[-1].ref)
    return Page(shown, older=_ref_of(reached), is_cut=True) if reached else Page(shown)


def _branch(branch: tuple[str, UUID], looks: Looks, span: tuple[int, int], size: int) -> tuple[list[Entry], int]:
    """The newest rows of one branch within a span, and the row down to which it looked (0: to the end)."""
    bottom, start = span
    lead, rest = _led_by(branch, looks)
    rows = Entry.objects.filter(lead, id__gte=bottom, id__lt=start).order_by("-id")
    floor = 0
    if rest:
        floor = rows.values_list("id", flat=True)[STRETCH : STRETCH + 1].first() or 0
        rows = rows.filter(rest, id__gte=floor)
    return list(rows[: size + 1]), floor


def _led_by(branch: tuple[str, UUID], looks: Looks) -> tuple[Q, Q]:
    """What an index answers, and what has to be looked for among its rows: the narrowest index goes first."""
    rest = _times(looks)
    parts = {
        "thing": Q(thing_ref=looks.thing_ref) if looks.thing_ref else Q(),
        "person": Q(actor_ref=looks.person_ref) if looks.person_ref else Q(),
        "act": Q(action=looks.act) if looks.act else Q(),
        "bad": Q(ENDED_BADLY) if looks.only_bad_ends else Q(),
        "agency": Q(agency_ref=looks.agency_ref) if looks.agency_ref else Q(),
        "purpose": Q(purpose=looks.purpose) if looks.purpose else Q(),
    }
    lead = Q(branch)
    for name in ("thing", "person"):
        if parts[name]:
            lead, rest = parts.pop(name), rest & Q(branch)
            break
    else:
        for name in ("bad", "act") if branch[0] == "agency_ref" else ():
            if parts[name]:
                lead &= parts.pop(name)
                break
    for part in parts.values():
        rest &= part
    return lead, rest


def _times(looks: Looks) -> Q:
    """The times themselves; the numbers of rows between which they lie are in `_start` and `_bottom`."""
    found = Q()
    if looks.from_on:
        found &= Q(at__gte=looks.from_on)
    if looks.until_on:
        found &= Q(at__lt=looks.until_on)
    return found


def _start(looks: Looks, after: UUID | None) -> int:
    """The row below which to look."""
    start = HIGHEST
    if looks.until_on:
        late = Entry.objects.filter(at__lt=looks.until_on + SLACK).order_by("-at").values_list("id", flat=True)
        start = max(late[:AT_THE_EDGE], default=0) + 1
    if after is not None:
        start = min(start, Entry.objects.filter(ref=after).values_list("id", flat=True).first() or 0)
    return start


def _bottom(looks: Looks) -> int:
    """The row down to which to look."""
    if not looks.from_on:
        return LOWEST
    early = Entry.objects.filter(at__gte=looks.from_on - SLACK).order_by("at").values_list("id", flat=True)
    return min(early[:AT_THE_EDGE], default=HIGHEST)


def _ref_of(number: int) -> UUID | None:
    return Entry.objects.filter(id=number).values_list("ref", flat=True).first()
