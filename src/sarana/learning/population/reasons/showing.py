"""What the page of an area says of why: what drives the index there, its strengths, and whether it does better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sarana.ground.accounts.models.agencies import called
from sarana.learning.population.models import AreaLevel, Figure
from sarana.learning.population.reasons import queries
from sarana.learning.population.reasons.models import Answer, Better, Indicator
from sarana.methods.questions.intervals import score_interval

BARS: tuple[tuple[float, Any], ...] = (
    (0.0, gettext_lazy("nobody")),
    (0.03, gettext_lazy("hardly anybody")),
    (0.07, gettext_lazy("about one in twenty")),
    (0.15, gettext_lazy("about one in ten")),
    (0.22, gettext_lazy("about one in five")),
    (0.29, gettext_lazy("about a quarter")),
    (0.4, gettext_lazy("about a third")),
    (0.6, gettext_lazy("about half")),
    (0.71, gettext_lazy("about two in three")),
    (0.85, gettext_lazy("about three in four")),
    (0.95, gettext_lazy("about nine in ten")),
    (1.0, gettext_lazy("nearly everybody")),
)
"""Bars in words: up to which share each of them is said."""


@dataclass(frozen=True, slots=True)
class Part:
    """One indicator in one area: of those of whom the answer is known, the share that has it, beside a wider area.

    Args:
        words: the indicator, or the strength.
        n_known: of how many the answer is known.
        n_having: how many of these are in need, or have the strength.
        beside: the same of the wider area, if it is told.
        sector: whose knowledge it is.
    """

    words: str
    n_known: int
    n_having: int
    beside: tuple[int, int] | None
    sector: str = ""

    @property
    def share(self) -> float:
        """The share (0-1) of those known."""
        return self.n_having / self.n_known

    @property
    def told(self) -> str:
        """The share of a hundred, with one decimal."""
        return f"{100 * self.share:.1f}"

    @property
    def told_beside(self) -> str:
        """The same of the wider area; "" where it is not told."""
        return "" if self.beside is None else f"{100 * self.beside[1] / self.beside[0]:.1f}"

    @property
    def bar(self) -> str:
        """The share in words."""
        return str(next(words for upto, words in BARS if self.share <= upto))

    @property
    def says(self) -> str:
        """Whether it differs from the wider area by more than chance explains."""
        if self.beside is None or self.beside[0] == self.n_known:
            return ""
        low, high = score_interval(self.n_having, self.n_known)
        wider = self.beside[1] / self.beside[0]
        if low > wider:
            return _("more than in the area around it")
        return _("less than in the area around it") if high < wider else _("as in the area around it")


def why(area: Figure, wider: Sequence[Figure], language: str) -> dict[str, Any]:
    """What the page of an area needs to say why.

    Args:
        area: the area, which an actor was given.
        wider: those in which it lies, the widest first.
        language: of the reader.
    """
    indicators = queries.indicators_of(area.run)
    answers = queries.answers_in(area, wider[:1])
    around = wider[0] if wider else None
    better = queries.find_better(area)
    drivers = [_need(each, answers, area, around) for each in indicators]
    strengths = [_strength(each, answers, area, around, language) for each in indicators if each.strength]
    return {
        "has_reasons": bool(indicators) and area.level != AreaLevel.VILLAGE,
        "drivers": sorted(filter(None, drivers), key=lambda part: (-part.share, part.words)),
        "strengths": [part for part in strengths if part is not None],
        "around": around.called(language) if around else "",
        "is_wide": area.level == AreaLevel.PROVINCE,
        "better": better,
        "better_says": _better_says(better),
    }


def _answer(key: str, answers: Mapping[tuple[str, str, str], Answer], area: Figure | None) -> Answer | None:
    return None if area is None else answers.get((area.level, area.code, key))


def _need(
    of: Indicator, answers: Mapping[tuple[str, str, str], Answer], area: Figure, around: Figure | None
) -> Part | None:
    here, there = _answer(of.key, answers, area), _answer(of.key, answers, around)
    if here is None or not here.n_known:
        return None
    return Part(of.name, here.n_known, here.n_need, (there.n_known, there.n_need) if there else None, of.sector)


def _strength(
    of: Indicator, answers: Mapping[tuple[str, str, str], Answer], area: Figure, around: Figure | None, language: str
) -> Part | None:
    need = _need(of, answers, area, around)
    if need is None:
        return None
    words = called(of.strength, of.strength_local, area.run.area[:2], language)
    beside = None if need.beside is None else (need.beside[0], need.beside[0] - need.beside[1])
    return Part(words, need.n_known, need.n_known - need.n_having, beside, need.sector)


def _better_says(better: Better | None) -> str:
    """What is said of an area held against its circumstances."""
    if better is None:
        return ""
    if not better.is_better:
        return _("The rate is not lower than the circumstances of this area predict, beyond what chance explains.")
    return _(
        "This area does better than its circumstances predict, by more than chance explains. It is a reason to go and "
        "learn there, not a proof of a cause."
    )
