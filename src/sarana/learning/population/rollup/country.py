"""The whole country: of each province what is here, how old it is, and which of them may be laid side by side."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sarana.basics.ordering import sort_key
from sarana.learning.population.changes.showing import off_by
from sarana.learning.population.models import Figure, Run
from sarana.learning.population.showing import BANDS, NONE
from sarana.methods.areas.classes import MapClasses, split_rates

MISSING, STALE, OTHERWISE, UNSAID = "missing", "stale", "otherwise", "unsaid"
INVENTED, FAILED, SOURCES = "invented", "failed", "sources"
WHY: Mapping[str, Any] = {
    MISSING: gettext_lazy("nothing was handed over"),
    STALE: gettext_lazy("stale"),
    OTHERWISE: gettext_lazy("measured with another indicator set, or by another method"),
    UNSAID: gettext_lazy("its rate is withheld"),
    INVENTED: gettext_lazy("all its people are invented"),
    FAILED: gettext_lazy("its back-test was not passed"),
    SOURCES: gettext_lazy("made from other sources, so it knows of other people"),
}
SUMMED = ("n_people", "n_scored", "n_red", "n_yellow", "n_green", "n_grey")
NUMBERED = re.compile(r"_[0-9]+$")
FEWEST = 2
"""Of one province alone there is no sum."""

FEWEST_CLASSED = 3
"""Two provinces are no classes: one of them would be high, however near they lie."""


@dataclass(frozen=True, slots=True)
class Province:
    """One province: what is here of it, and why it stands beside the others or does not."""

    code: str
    name: str
    run: Run | None = None
    figure: Figure | None = None
    age_days: int = 0
    marks: tuple[str, ...] = ()
    band: str = NONE

    @property
    def is_compared(self) -> bool:
        """True where it may be laid beside the others."""
        return not self.marks

    @property
    def why(self) -> list[str]:
        """Why it may not, in words."""
        return [str(WHY[mark]) for mark in self.marks]

    @property
    def band_words(self) -> str:
        """Its class in words."""
        return str(BANDS[self.band])

    @property
    def rate(self) -> float | None:
        """Its rate; None where it is withheld, or nothing is here."""
        return self.figure.rate if self.figure else None

    @property
    def told_rate(self) -> str:
        """The same as it is written everywhere."""
        return "" if self.rate is None else f"{self.rate:,.1f}"

    @property
    def told_interval(self) -> str:
        """Its interval, written alike."""
        figure = self.figure
        return (
            ""
            if figure is None or figure.low is None or figure.high is None
            else f"{figure.low:,.1f}–{figure.high:,.1f}"
        )

    @property
    def share_known(self) -> int | None:
        """Of how many of a hundred people enough is known."""
        figure = self.figure
        if figure is None or not figure.n_people or figure.n_scored is None:
            return None
        return round(100 * figure.n_scored / figure.n_people)


@dataclass(frozen=True, slots=True)
class Sums:
    """Figures of several provinces together: sums of what is published of each, and of nothing else."""

    n_provinces: int
    counts: Mapping[str, int]
    first_day: dt.date
    last_day: dt.date
    off_by: int

    @property
    def told_rate(self) -> str:
        """The rate of all of them together."""
        return f"{1000 * self.counts['n_red'] / self.counts['n_scored']:,.1f}"


@dataclass(frozen=True, slots=True)
class Asked:
    """From which day ages are counted, how many days old tables are stale, and the language of names."""

    today: dt.date
    stale_days: int
    language: str


@dataclass(frozen=True, slots=True)
class Country:
    """All provinces of a country."""

    compared: tuple[Province, ...]
    apart: tuple[Province, ...]
    missing: tuple[Province, ...]
    limits: MapClasses | None
    sums: Sums | None
    indicator_set: str
    is_listed: bool

    @property
    def n_provinces(self) -> int:
        """How many there are."""
        return len(self.compared) + len(self.apart) + len(self.missing)

    @property
    def n_stale(self) -> int:
        """Of how many the tables are stale."""
        return sum(STALE in one.marks for one in self.apart)

    @property
    def n_otherwise(self) -> int:
        """How many were measured otherwise."""
        return sum(OTHERWISE in one.marks for one in self.apart)

    def legend(self) -> list[dict[str, Any]]:
        """The classes with the rates that they begin with."""
        if self.limits is None:
            return []
        begins = {"high": self.limits.high_from, "mid": self.limits.mid_from}
        means = {band: _("from %(rate)s per 1,000") % {"rate": f"{rate:,.1f}"} for band, rate in begins.items() if rate}
        return [
            {"band": band, "words": words, "means": means.get(band, "")}
            for band, words in BANDS.items()
            if band != NONE
        ]


def whole(
    listed: Mapping[str, tuple[str, str]], runs: Sequence[Run], figures: Mapping[int, Figure], asked: Asked
) -> Country:
    """The country as its page shows it.

    Args:
        listed: by P-code, the local and the Latin name of every province; empty where the list was never loaded.
        runs: the newest of each province.
        figures: by the number of the run, the figures of all people of its province.
        asked: the day, and what is stale.
    """
    alike = _most(runs, asked)
    found = {run.area: _province(run, figures.get(run.pk), listed, alike, asked) for run in runs}
    compared = [one for one in found.values() if one.is_compared]
    limits = split_rates(one.rate for one in compared) if _can_be_classed(compared) else None
    ranked = sorted(compared, key=lambda one: (-(one.rate or 0), sort_key(one.name)))
    apart = sorted((one for one in found.values() if not one.is_compared), key=lambda one: sort_key(one.name))
    missing = [
        Province(code, _listed(names, asked.language), marks=(MISSING,))
        for code, names in listed.items()
        if code not in found
    ]
    known = next((run for run in runs if run.measured_by == alike.measured_by), None)
    return Country(
        tuple(replace(one, band=limits.of(one.rate)) if limits else one for one in ranked),
        tuple(apart),
        tuple(sorted(missing, key=lambda one: sort_key(one.name))),
        limits,
        _sums(ranked),
        known.indicator_set if known else "",
        bool(listed),
    )


@dataclass(frozen=True, slots=True)
class _Alike:
    """What provinces share that may be laid side by side: by what they are measured, from what, and real people."""

    measured_by: str = ""
    sources: frozenset[str] = frozenset()
    is_invented: bool = False


def _most(runs: Sequence[Run], asked: Asked) -> _Alike:
    """What most provinces that are not stale share; of two that are as many, that of the newest table.

    Invented people count only where there are no others: while people learn how it works.
    """
    is_invented = all(run.is_invented for run in runs)
    fresh = [
        run
        for run in runs
        if run.measured_by and run.is_invented == is_invented and (asked.today - run.as_of).days <= asked.stale_days
    ]
    keys = {run.pk: _Alike(run.measured_by, sources_of(run), is_invented) for run in fresh}
    counts, measures = Counter(keys.values()), Counter(run.measured_by for run in fresh)
    newest = {keys[run.pk]: run.as_of for run in sorted(fresh, key=lambda run: run.as_of)}
    return max(
        counts,
        key=lambda one: (measures[one.measured_by], counts[one], newest[one], one.measured_by, sorted(one.sources)),
        default=_Alike(is_invented=is_invented),
    )


def sources_of(run: Run) -> frozenset[str]:
    """Of which kinds its sources are: several of one kind, which differ by a number behind, are one."""
    return frozenset(NUMBERED.sub("", str(each["name"])) for each in run.sources)


def _can_be_classed(compared: Sequence[Province]) -> bool:
    """Three provinces or more, where chance alone does not explain the way from the lowest rate to the highest."""
    said = sorted((one.figure for one in compared if one.figure is not None), key=lambda figure: figure.rate or 0)
    if len(said) < FEWEST_CLASSED:
        return False
    lowest, highest = said[0].high, said[-1].low
    return lowest is not None and highest is not None and lowest < highest


def _province(
    run: Run, figure: Figure | None, listed: Mapping[str, tuple[str, str]], alike: _Alike, asked: Asked
) -> Province:
    age = (asked.today - run.as_of).days
    is_otherwise = run.measured_by == "" or run.measured_by != alike.measured_by
    is_marked = {
        INVENTED: run.is_invented != alike.is_invented,
        FAILED: run.status == Run.Status.NOT_PASSED,
        STALE: age > asked.stale_days,
        OTHERWISE: is_otherwise,
        SOURCES: not is_otherwise and sources_of(run) != alike.sources,
        UNSAID: figure is None or figure.rate is None,
    }
    own = figure.called(asked.language) if figure else run.area
    name = _listed(listed[run.area], asked.language) if run.area in listed else own
    return Province(run.area, name, run, figure, age, tuple(mark for mark, is_so in is_marked.items() if is_so))


def _listed(names: tuple[str, str], language: str) -> str:
    """How the list in force calls a province."""
    local, latin = names
    return local if language == "th" or not latin else latin


def _sums(compared: Sequence[Province]) -> Sums | None:
    """Sums over the provinces that are compared and of which every count is said.

    A sum of published figures can be reckoned by everybody who reads them, so it tells nothing of a figure that is
    withheld; there is no other table of the country from which to subtract.
    """
    said = [one for one in compared if one.figure and all(getattr(one.figure, name) is not None for name in SUMMED)]
    counts = {name: sum(getattr(one.figure, name) for one in said) for name in SUMMED}
    if len(said) < FEWEST or not counts["n_scored"]:
        return None
    runs = [one.run for one in said if one.run is not None]
    days = [run.as_of for run in runs]
    return Sums(len(said), counts, min(days), max(days), sum(off_by(run) for run in runs if run.rounded_to))
