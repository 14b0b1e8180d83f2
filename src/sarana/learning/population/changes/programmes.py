"""Need beside effort: the rates of every district in two maps, the highest first, and what was done there meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from sarana.basics.actors import Actor
from sarana.learning.population.changes.showing import Line
from sarana.learning.population.models import AreaLevel, Run
from sarana.learning.population.year.doing.queries import NO_MORE, Sum, done_between, tells_number
from sarana.learning.population.year.models import Activity

THIRDS = 3

LISTED = 20
"""So many activities of one district are listed; the others are in its sums, and on the page of activities."""


@dataclass(frozen=True, slots=True)
class Programmes:
    """One district in both years, and its activities, of which there may be none; or those of no district."""

    name: str
    sum: Sum
    line: Line | None
    newest: tuple[tuple[Activity, bool], ...]
    """Each with whether its number of people may be told."""

    @property
    def n_more(self) -> int:
        """How many are not listed."""
        return self.sum.n - len(self.newest)


def programmes(actor: Actor, before: Run, run: Run, districts: Sequence[Line]) -> list[Programmes]:
    """Every district with its activities between the days from which two runs look: where the rate is highest first.

    Activities of no district stand last. Nothing where nothing was done at all.
    """
    lines: Mapping[str, Line] = {line.code: line for line in sorted(districts, key=_by_need)}
    found = done_between(actor, run.area, before.as_of, run.as_of, lines)
    said = {**{code: line.name for code, line in lines.items()}, NO_MORE: _("areas that are no more"), "": ""}
    of_none = [code for code in (NO_MORE, "") if code in found]
    return [
        Programmes(
            said[code],
            Sum.of(found.get(code, ())),
            lines.get(code),
            tuple((row, tells_number(actor, row)) for row in found.get(code, ())[:LISTED]),
        )
        for code in ([*lines, *of_none] if found else ())
    ]


@dataclass(frozen=True, slots=True)
class NeedMet:
    """How much of what was done went to the third of the districts where the rate is highest now.

    `share` is of a hundred people reached in districts; None where nobody was.
    """

    n_districts: int
    n_without: int
    share: int | None


def need_met(of: Sequence[Programmes]) -> NeedMet | None:
    """The same of some programmes; None where a rate is said of fewer than three districts."""
    said = [one for one in of if one.line is not None and one.line.now is not None]
    if len(said) < THIRDS:
        return None
    first = said[: -(-len(said) // THIRDS)]
    reached, there = (sum(one.sum.n_reached for one in some) for some in (said, first))
    share = (200 * there + reached) // (2 * reached) if reached else None
    return NeedMet(len(first), sum(not one.sum.n for one in first), share)


def _by_need(line: Line) -> tuple[float, str]:
    return (-line.now.rate if line.now is not None else 1.0, line.code)


def beside_the_others(of: Sequence[Programmes]) -> str:
    """What an address asks so that the districts in which something was done are set beside all others; "": nothing."""
    asked = QueryDict(mutable=True)
    asked["level"] = AreaLevel.DISTRICT.value
    codes = [one.line.code for one in of if one.line is not None and one.sum.n]
    asked.setlist("chosen", codes)
    return asked.urlencode() if codes else ""
