"""What the page of changes shows, and what the page of an area says of the year before."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sarana.basics.actors import Actor
from sarana.learning.population.changes import queries
from sarana.learning.population.models import AreaLevel, Figure, Run
from sarana.methods.areas.changes import Beside, Change, Rate, change_between, set_beside
from sarana.methods.population.protected_tables import MAPPED

SHOWN = 50
"""Areas on one page; which ones are ticked goes along from page to page."""

DIGITS = 6
"""The number of a page has fewer."""

ROSE, FELL, UNSURE, UNSAID = "rose", "fell", "unsure", "unsaid"
WORDS: dict[str, Any] = {
    ROSE: gettext_lazy("rose, by more than chance and rounding explain"),
    FELL: gettext_lazy("fell, by more than chance and rounding explain"),
    UNSURE: gettext_lazy("chance or rounding could be all of it"),
    UNSAID: gettext_lazy("withheld in one of the two"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One area in two years."""

    code: str
    name: str
    before: Rate | None
    now: Rate | None
    change: Change | None
    address: str
    is_chosen: bool

    @property
    def kind(self) -> str:
        """What became of it."""
        if self.change is None:
            return UNSAID
        if not self.change.is_clear:
            return UNSURE
        return ROSE if self.change.rise > 0 else FELL

    @property
    def words(self) -> str:
        """The same in words."""
        return str(WORDS[self.kind])

    @property
    def told_before(self) -> str:
        """The earlier rate; "" where it is withheld."""
        return "" if self.before is None else f"{self.before.rate:,.1f}"

    @property
    def told_now(self) -> str:
        """The later rate."""
        return "" if self.now is None else f"{self.now.rate:,.1f}"

    @property
    def told_change(self) -> str:
        """The change with its sign."""
        return "" if self.change is None else signed(self.change.rise)


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the areas, with which page it is of how many, and the areas that are ticked on the others."""

    rows: Sequence[Line]
    number: int
    n_pages: int
    ticked_elsewhere: tuple[str, ...]

    @property
    def before(self) -> int:
        """The page before; 0 where this is the first."""
        return self.number - 1

    @property
    def after(self) -> int:
        """The next page; 0 where this is the last."""
        return self.number + 1 if self.number < self.n_pages else 0


def page_of(every: Sequence[Line], asked: str) -> Page:
    """The page that an address asks for; the nearest one where there is no such page."""
    n_pages = max(1, -(-len(every) // SHOWN))
    number = min(max(int(asked), 1), n_pages) if asked.isascii() and asked.isdigit() and len(asked) < DIGITS else 1
    rows = every[(number - 1) * SHOWN : number * SHOWN]
    here = {one.code for one in rows}
    return Page(rows, number, n_pages, tuple(one.code for one in every if one.is_chosen and one.code not in here))


def signed(figure: float) -> str:
    """A change as it is written everywhere, with a true minus."""
    return f"{figure:+,.1f}".replace("-", "−")


def rate_of(figure: Figure | None, off_by: int) -> Rate | None:
    """The rate of an area; None where it is withheld."""
    if figure is None or figure.rate is None or figure.n_red is None or figure.n_scored is None:
        return None
    if figure.low is None or figure.high is None:
        return None
    return Rate(figure.n_red, figure.n_scored, figure.low, figure.high, off_by, figure.rate)


def lines(
    pairs: Iterable[tuple[Figure | None, Figure]], off_by: tuple[int, int], chosen: Collection[str], language: str
) -> list[Line]:
    """Areas in two years, those that changed most first, and the withheld ones last."""
    found = []
    for old, new in pairs:
        before, now = rate_of(old, off_by[0]), rate_of(new, off_by[1])
        change = None if before is None or now is None else change_between(before, now)
        address = reverse("population:area", args=[new.ref])
        found.append(Line(new.code, new.called(language), before, now, change, address, new.code in chosen))
    order = (ROSE, FELL, UNSURE, UNSAID)
    return sorted(found, key=lambda one: (order.index(one.kind), -abs(one.change.rise) if one.change else 0, one.code))


def off_by(run: Run) -> int:
    """By how many people a count of an area of a run may be off."""
    return queries.n_rounded(run) * ((run.rounded_to or 1) - 1)


def level_of(asked: QueryDict) -> str:
    """Districts, unless an address asks for subdistricts."""
    level = asked.get("level", "")
    return level if level in MAPPED else AreaLevel.DISTRICT.value


def is_comparable(before: Run | None, now: Run) -> bool:
    """Whether both were measured alike: by one set, banding and parameters. If one does not say so: no."""
    return before is not None and now.measured_by != "" and before.measured_by == now.measured_by


def programme(of: Sequence[Line]) -> Beside | None:
    """The chosen areas beside all others of which both rates are said."""
    pairs = [(one.before, one.now, one.is_chosen) for one in of]
    said = [((old, new), is_chosen) for old, new, is_chosen in pairs if old is not None and new is not None]
    return set_beside([pair for pair, mine in said if mine], [pair for pair, mine in said if not mine])


def programme_says(found: Beside) -> str:
    """What the chosen areas beside the others tell."""
    told = {"more": signed(found.more), "low": signed(found.low), "high": signed(found.high)}
    if not found.is_clear:
        return (
            _(
                "Beside the others the rate changed by %(more)s per 1,000 (%(low)s to %(high)s): chance or rounding "
                "could be all of it."
            )
            % told
        )
    return (
        _(
            "Beside the others the rate changed by %(more)s per 1,000 (%(low)s to %(high)s), by more than chance and "
            "rounding explain."
        )
        % told
    )


def since_last_year(actor: Actor, area: Figure, language: str) -> dict[str, Any]:
    """What the page of an area says of the year before."""
    run = area.run
    before = queries.run_before(actor, run)
    if before is None:
        return {"before": None}
    reasons, may_have = None, run.rounded_to is not None and area.level != AreaLevel.VILLAGE
    if may_have and (told := queries.run_with_reasons(actor, run)):
        reasons = queries.same_area(actor, told, area)
    found: dict[str, Any] = {"before": before, "is_comparable": is_comparable(before, run), "reasons_before": reasons}
    if found["is_comparable"]:
        offs = (off_by(before), off_by(run))
        (found["since"],) = lines([(queries.same_area(actor, before, area), area)], offs, (), language)
    return found
