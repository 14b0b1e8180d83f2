"""What was done between two maps, by district, with the rates of both beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from sarana.basics.actors import Actor
from sarana.learning.population.changes.showing import Line
from sarana.learning.population.models import AreaLevel, Run
from sarana.learning.population.year.doing.queries import NO_MORE, Sum, done_between, tells_number
from sarana.learning.population.year.models import Activity

LISTED = 20
"""So many activities of one district are listed; the others are in its sums, and on the page of activities."""


@dataclass(frozen=True, slots=True)
class Programmes:
    """The activities of one district, or of none: their sums, the newest of them, and the district in both years."""

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
    """Activities between the days from which two runs look, by district; those of no district stand last."""
    lines: Mapping[str, Line] = {line.code: line for line in districts}
    found = done_between(actor, run.area, before.as_of, run.as_of, lines)
    said = {**{code: line.name for code, line in lines.items()}, NO_MORE: _("areas that are no more"), "": ""}
    return [
        Programmes(
            said[code],
            Sum.of(found[code]),
            lines.get(code),
            tuple((row, tells_number(actor, row)) for row in found[code][:LISTED]),
        )
        for code in sorted(found, key=lambda code: (not code, code == NO_MORE, code))
    ]


def beside_the_others(of: Sequence[Programmes]) -> str:
    """What an address asks so that the districts in which something was done are set beside all others; "": nothing."""
    asked = QueryDict(mutable=True)
    asked["level"] = AreaLevel.DISTRICT.value
    codes = [one.line.code for one in of if one.line is not None]
    asked.setlist("chosen", codes)
    return asked.urlencode() if codes else ""
