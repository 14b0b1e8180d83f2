"""One look at a map: what is asked for of which run. Page, table, paper and every file come from the same one."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.learning.population import queries, showing
from sarana.learning.population.models import AreaLevel, Figure, Run
from sarana.learning.population.queries import ALL
from sarana.learning.population.reasons.measures import Measure, find_measure
from sarana.learning.population.reasons.queries import codes_that_do_better, counts_told, with_counts
from sarana.learning.population.showing import Choice, Shown
from sarana.methods.areas.classes import MapClasses, split_rates


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody sees of a run: her choice, the districts by name, the groups there are, and the figures.

    Of villages `district` is the one in which they lie, and `below` names its subdistricts; all of them where it is "".

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
    district: str = ""
    below: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> Mapping[str, str]:
        """The areas in which those lie that are shown, by name."""
        return {**self.districts, **self.below}

    def limits(self) -> MapClasses:
        """The limits of the classes: from all people of the run, whichever part is shown."""
        if self.choice.is_index:
            return showing.limits_of(self.run, self.choice.level)
        told = counts_told(self.run, self.choice.level, self.choice.indicator, self.choice.sector)
        return split_rates(showing.per_1000(part, whole) for part, whole in told)

    def shown(self, rows: Iterable[Figure], limits: MapClasses | None = None) -> dict[int, Shown]:
        """Figures as the map, the table and the files show them, by the number of their row."""
        return showing.shown(rows, limits or self.limits(), self.choice, self.names, self.language)

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
    inside = list(queries.figures_for(actor, run, AreaLevel.SUBDISTRICT)) if level == AreaLevel.VILLAGE else []
    first = own or (_where_to_begin(actor, run, districts) if inside else "")
    if level == AreaLevel.SUBDISTRICT and asked.get("within", ALL) not in {ALL, *names}:
        asked = _in_its_district(actor, run, asked)
    choice = showing.choose(asked, level, first, {*names, *(row.code for row in inside)}, groups)
    among = codes_that_do_better(run) if choice.is_better else None
    found = queries.figures_for(actor, run, choice.level, group=choice.group, within=choice.within, among=among)
    district = next((row.parent for row in inside if row.code == choice.within), choice.within if inside else "")
    below = {row.code: row.called(language) for row in inside if district in ("", row.parent)}
    seen = Look(run, choice, language, names, groups, found, district=district, below=below)
    if choice.is_index:
        return seen
    try:
        measure = find_measure(run, choice, language)
    except NotYet as fault:
        return replace(seen, figures=found.none(), fault=fault)
    counted = with_counts(found, run, choice.level, choice.indicator, choice.sector)
    return replace(seen, figures=counted, measure=measure)


def _in_its_district(actor: Actor, run: Run, asked: Mapping[str, str]) -> Mapping[str, str]:
    """Whoever comes from the villages of one subdistrict to all subdistricts stays in its district."""
    found = queries.figures_for(actor, run, AreaLevel.SUBDISTRICT).filter(code=asked["within"])
    return {**{key: asked[key] for key in asked}, "within": found.values_list("parent", flat=True).first() or ALL}


def _where_to_begin(actor: Actor, run: Run, districts: Iterable[Figure]) -> str:
    """The district with the highest rate, of those in which she sees a rate of a village; else of all."""
    said = queries.districts_with_villages(actor, run)
    among = [figure for figure in districts if figure.code in said] or list(districts)
    first = min(
        among, key=lambda figure: (-(figure.rate if figure.rate is not None else -1), figure.code), default=None
    )
    return first.code if first else ""
