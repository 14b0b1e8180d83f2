"""One look at a map: what is asked for of which run. Page, table, paper and every file come from the same one."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.learning.population import queries, showing
from sarana.learning.population.models import AreaLevel, Figure, Run
from sarana.learning.population.reasons.measures import Measure, find_measure
from sarana.learning.population.reasons.queries import codes_that_do_better, counts_told, with_counts
from sarana.learning.population.showing import Choice, Shown
from sarana.methods.areas.classes import MapClasses, split_rates


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody sees of a run: her choice, the districts by name, the groups there are, and the figures.

    Where an indicator or a sector is asked for, `measure` says it in words; where it cannot be told, `fault` says why,
    and there are no figures.
    """

    run: Run
    choice: Choice
    language: str
    districts: Mapping[str, str]
    groups: frozenset[str]
    figures: QuerySet[Any]
    measure: Measure | None = None
    fault: NotYet | None = None

    def limits(self) -> MapClasses:
        """The limits of the classes: from all people of the run, whichever part is shown."""
        if self.choice.is_index:
            return showing.limits_of(self.run, self.choice.level)
        told = counts_told(self.run, self.choice.level, self.choice.indicator, self.choice.sector)
        return split_rates(showing.per_1000(part, whole) for part, whole in told)

    def shown(self, rows: Iterable[Figure], limits: MapClasses | None = None) -> dict[int, Shown]:
        """Figures as the map, the table and the files show them, by the number of their row."""
        return showing.shown(rows, limits or self.limits(), self.choice, self.districts, self.language)

    def all_shown(self, figures: Iterable[Figure]) -> list[Shown]:
        """All of them, the highest rates first; where none is said, by code."""
        found = self.shown(figures).values()
        return sorted(found, key=lambda row: (-(row.rate if row.rate is not None else -1), row.figure.code))

    @staticmethod
    def hash_of(figures: Iterable[Figure]) -> str:
        """A hash of which figures these are, in whatever order; equally many others have another one."""
        return hash_of(each.pk for each in figures)


def hash_of(numbers: Iterable[int]) -> str:
    """A hash of the numbers of rows, in whatever order."""
    return hashlib.sha256(" ".join(map(str, sorted(numbers))).encode()).hexdigest()


def look(actor: Actor, run: Run, asked: Mapping[str, str], language: str) -> Look:
    """What an address asks for of a run that somebody was given.

    What it says wrongly is as usual; of an indicator or a sector that cannot be told the look says why.
    """
    districts = list(queries.figures_for(actor, run, AreaLevel.DISTRICT))
    names = {figure.code: figure.called(language) for figure in districts}
    own = showing.own_district(actor, run, districts)
    level = showing.level_asked(run, asked, own)
    groups = queries.groups_of(actor, run, level)
    choice = showing.choose(asked, level, own, names, groups)
    among = codes_that_do_better(run) if choice.is_better else None
    found = queries.figures_for(actor, run, choice.level, group=choice.group, within=choice.within, among=among)
    if choice.is_index:
        return Look(run, choice, language, names, groups, found)
    try:
        measure = find_measure(run, choice, language)
    except NotYet as fault:
        return Look(run, choice, language, names, groups, found.none(), fault=fault)
    counted = with_counts(found, run, choice.level, choice.indicator, choice.sector)
    return Look(run, choice, language, names, groups, counted, measure)
