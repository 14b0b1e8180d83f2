"""One look at a map: what is asked for of which run. Page, table, paper and every file come from the same one."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.learning.population import queries, showing
from sarana.learning.population.models import AreaLevel, Figure, Run
from sarana.learning.population.reasons.queries import codes_that_do_better
from sarana.learning.population.showing import Choice, Shown


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody sees of a run: her choice, the districts by name, the groups there are, and the figures."""

    run: Run
    choice: Choice
    language: str
    districts: Mapping[str, str]
    groups: frozenset[str]
    figures: QuerySet[Figure]

    def shown(self, rows: Iterable[Figure]) -> dict[int, Shown]:
        """Figures as the map, the table and the files show them, by the number of their row."""
        return showing.shown(rows, self.run, self.choice, self.districts, self.language)

    def all_shown(self, figures: Iterable[Figure]) -> list[Shown]:
        """All of them, the highest rates first; where none is said, by code."""
        found = self.shown(figures).values()
        return sorted(found, key=lambda row: (-(row.rate if row.rate is not None else -1), row.figure.code))

    @staticmethod
    def hash_of(figures: Iterable[Figure]) -> str:
        """A hash of which figures these are, in whatever order; equally many others have another one."""
        return hashlib.sha256(" ".join(map(str, sorted(each.pk for each in figures))).encode()).hexdigest()


def look(actor: Actor, run: Run, asked: Mapping[str, str], language: str) -> Look:
    """What an address asks for of a run that somebody was given; what it says wrongly is as usual."""
    districts = list(queries.figures_for(actor, run, AreaLevel.DISTRICT))
    names = {figure.code: figure.called(language) for figure in districts}
    own = showing.own_district(actor, run, districts)
    level = showing.level_asked(run, asked, own)
    groups = queries.groups_of(actor, run, level)
    choice = showing.choose(asked, level, own, names, groups)
    among = codes_that_do_better(run) if choice.is_better else None
    found = queries.figures_for(actor, run, choice.level, group=choice.group, within=choice.within, among=among)
    return Look(run, choice, language, names, groups, found)
