"""Beside each area's needs its strengths, and the areas that do better than their circumstances predict."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sarana.basics.progress import Progress
from sarana.methods.areas.answers import read_tree
from sarana.methods.areas.better_than_expected import Line
from sarana.methods.areas.circumstances import CIRCUMSTANCES, Predicted, predict_rates
from sarana.methods.areas.strengths import Strength, strengths_of
from sarana.methods.disclosure.answers import protect_answers
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.engine import Engine
from sarana.methods.questions.asked_run import AskedRun
from sarana.methods.questions.ranks import read_published
from sarana.methods.questions.reckoned import LEVELS
from sarana.methods.risk.scoring import indicators_off

_SURE = 1.959964
"""The two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """Of how many people of an area the answer is known, and how many of these have the strength."""

    n_known: int
    n_good: int

    @property
    def share(self) -> float:
        """The share (0-1) of those known."""
        return self.n_good / self.n_known if self.n_known else 0.0


@dataclass(frozen=True, slots=True)
class AreaStrengths:
    """A published area: its need, and the shares of people known to have each strength.

    Args:
        level, code, name: which area.
        rate: people in the highest band per 1,000 scored.
        shares: by key of the strength; None where withheld or known of nobody.
        is_better: whether the area does better than its circumstances predict, beyond what chance explains; None where
            no line could be fitted, and for districts.
    """

    level: str
    code: str
    name: str
    rate: float
    shares: dict[str, Share | None]
    is_better: bool | None


@dataclass(frozen=True, slots=True)
class Effect:
    """By how much the rate per 1,000 rises with one standard deviation of a circumstance, with its 95 % ends."""

    circumstance: str
    rise: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Strengths:
    """The answer.

    Args:
        strengths: what was looked for.
        areas: published districts and subdistricts, by code.
        effects: the line of circumstances; empty where there are too few published subdistricts for one.
        better: codes of the subdistricts that do better than predicted.
        spread: standard deviation between areas that circumstances do not explain, per 1,000.
    """

    strengths: tuple[Strength, ...]
    areas: tuple[AreaStrengths, ...]
    effects: tuple[Effect, ...]
    better: tuple[str, ...]
    spread: float | None


def ask_strengths(
    engine: Engine, run: AskedRun, progress: Progress, disclosure: DisclosureSettings | None = None
) -> Strengths:
    """The strengths of published areas, and their rates held against circumstances.

    They are counted as the files of the run that are let out have them: this adds nothing to those.

    Args:
        engine: holds the files of the run.
        run: what the run says of itself.
        progress: told of three parts.
        disclosure: the rule by which counts are withheld.

    Raises:
        BadSetting: STRENGTHS-001 no strengths are told for the set of the run.

    Cost: see docs/how-to/ask-for-strengths.md.
    """
    rule = disclosure or DisclosureSettings()
    off = set(indicators_off(run.settings))
    sought = tuple(s for s in strengths_of(run.settings.set) if s.indicator not in off)
    progress.report(0, 3, "strengths")
    told = {
        (line.level, line.code, line.indicator): Share(line.n_known, line.n_known - line.n_need)
        for line in protect_answers(engine, run.settings, rule)
    }
    progress.report(1, 3, "circumstances")
    places = read_tree(engine)[1]
    found = predict_rates(engine, run.settings.set, places)
    predicted: Mapping[str, Predicted] = {} if found is None else {one.code: one for one in found[1]}
    progress.report(2, 3, "areas")
    published = read_published(engine, places)
    areas = []
    for level in LEVELS:
        for code, name, rate in zip(published[level].code, published[level].name, published[level].rate, strict=True):
            shares = {s.key: told.get((level, code, s.indicator)) for s in sought}
            one = predicted.get(code) if level == "subdistrict" else None
            areas.append(AreaStrengths(level, code, name, rate, shares, None if one is None else one.is_better))
    progress.report(3, 3, "done")
    return Strengths(
        strengths=sought,
        areas=tuple(areas),
        effects=() if found is None else _effects(found[0]),
        better=tuple(area.code for area in areas if area.is_better),
        spread=None if found is None else round(1000 * float(np.sqrt(found[0].tau2)), 1),
    )


def _effects(line: Line) -> tuple[Effect, ...]:
    wide = _SURE * np.sqrt(np.diag(line.covariance))
    return tuple(
        Effect(name, *(round(1000 * float(x), 1) for x in (beta, beta - far, beta + far)))
        for name, beta, far in zip(CIRCUMSTANCES, line.beta[1:], wide[1:], strict=True)
    )
