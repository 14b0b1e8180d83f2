"""Beside each area's needs its strengths, and the areas that do better than their circumstances predict."""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.basics.progress import Progress
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.engine import Engine
from sarana.methods.questions.asked_run import AskedRun, check_same_bands
from sarana.methods.questions.better_than_expected import Line, expect_rates
from sarana.methods.questions.ranks import read_published
from sarana.methods.questions.reckoned import LEVELS, Places, Reckoned, band_patterns, places_of, reckon, weighing_of
from sarana.methods.questions.strengths_counts import Share, Strength, count_strength, strengths_of
from sarana.methods.risk.coded import Codes
from sarana.methods.risk.indexing import NOT_APPLICABLE, UNKNOWN
from sarana.methods.risk.scoring import compile_set, indicators_off
from sarana.methods.risk.shapes import BANDS

CIRCUMSTANCES = ("without_citizenship", "children", "older_people", "remoteness", "answers_known")
"""What an area's rate is predicted from; docs/how-to/ask-for-strengths.md says how each is measured."""

_EARTH_KM = 6371.0
_SURE = 1.959964
"""The two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True, slots=True)
class AreaStrengths:
    """A published area: its need, and the shares of people known to have each strength.

    Args:
        level, code, name: which area.
        rate: people in the highest band per 1,000 scored.
        shares: by key of the strength; None where withheld or known of nobody.
        expected: the rate that the circumstances predict; None where no line could be fitted, and for districts.
        below: how far the rate lies below that, with its ends; above 0 throughout where the area does better.
    """

    level: str
    code: str
    name: str
    rate: float
    shares: dict[str, Share | None]
    expected: float | None
    below: tuple[float, float, float] | None

    @property
    def is_better(self) -> bool:
        """Whether the area does better than its circumstances predict, beyond what chance explains."""
        return self.below is not None and self.below[1] > 0


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
    """Count strengths by area, and hold rates against circumstances.

    Args:
        engine: holds the files of the run.
        run: what the run says of itself.
        progress: told of each strength.
        disclosure: the rule by which counts are withheld.

    Raises:
        BadSetting: STRENGTHS-001 no strengths are told for the set of the run.
        BadTable: ASKED-004 the bands of the run cannot be reckoned again.

    Cost: see docs/how-to/ask-for-strengths.md.
    """
    rule = disclosure or DisclosureSettings()
    off = set(indicators_off(run.settings))
    sought = tuple(s for s in strengths_of(run.settings.set) if s.indicator not in off)
    n_parts = len(sought) + 2
    progress.report(0, n_parts, "people")
    people = reckon(engine, run.settings, compile_set(run.settings))
    counted = np.flatnonzero(~people.answers.is_left_out)
    bands = band_patterns(engine, people.answers.patterns, weighing_of(run.settings))
    n_bands = np.bincount(bands[people.answers.which[counted]], minlength=len(BANDS))
    check_same_bands(run, {band: int(n_bands[at]) for at, band in enumerate(BANDS)})
    places = places_of(engine, people.persons)
    here = places.at(counted)
    shares = {}
    for done, strength in enumerate(sought, start=1):
        progress.report(done, n_parts, strength.key)
        shares[strength.key] = count_strength(engine, here, _scores(run, people, strength.indicator)[counted], rule)
    progress.report(n_parts - 1, n_parts, "circumstances")
    published = read_published(engine, places)
    low = published["subdistrict"]
    found = expect_rates(
        low.n_red.astype(np.float64),
        low.n_scored.astype(np.float64),
        _circumstances(engine, run, people, here, counted)[low.at],
    )
    areas = []
    for level in LEVELS:
        for at, (code, name, rate) in enumerate(
            zip(published[level].code, published[level].name, published[level].rate, strict=True)
        ):
            told = {key: said.get((level, code)) for key, said in shares.items()}
            expected, below = None, None
            if found is not None and level == "subdistrict":
                line = found[1]
                expected = round(1000 * float(line.rate[at]), 1)
                below = (_rate(line.below[at]), _rate(line.low[at]), _rate(line.high[at]))
            areas.append(AreaStrengths(level, code, name, rate, told, expected, below))
    progress.report(n_parts, n_parts, "done")
    return Strengths(
        strengths=sought,
        areas=tuple(areas),
        effects=() if found is None else _effects(found[0]),
        better=tuple(area.code for area in areas if area.is_better),
        spread=None if found is None else round(1000 * float(np.sqrt(found[0].tau2)), 1),
    )


def _rate(share: float) -> float:
    """A difference of shares per 1,000, drawn towards 0 so that rounding makes no claim."""
    return float(np.trunc(10_000 * share) / 10)


def _scores(run: AskedRun, people: Reckoned, indicator: str) -> Codes:
    """Everyone's answer to one indicator."""
    at = [i.id for i in run.settings.set.indicators].index(indicator)
    return people.answers.patterns[:, at][people.answers.which]


def _circumstances(
    engine: Engine, run: AskedRun, people: Reckoned, places: Places, counted: Codes
) -> NDArray[np.float64]:
    """Shape (subdistricts, circumstances), in the order of `CIRCUMSTANCES`."""
    low = places.of["subdistrict"]
    n = len(places.codes["subdistrict"])

    def share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> NDArray[np.float64]:
        inside = (low >= 0) & whole
        total = np.bincount(low[inside], minlength=n)
        return np.bincount(low[inside & part], minlength=n) / np.maximum(total, 1)

    status = _scores(run, people, run.settings.set.legal_status)[counted]
    ages = people.persons.age
    age = np.append(pc.fill_null(ages.values, -1).to_numpy(), -1)[ages.codes[counted]]
    patterns = people.answers.patterns
    applies = (patterns != NOT_APPLICABLE).sum(axis=1)
    known = ((patterns > UNKNOWN).sum(axis=1) / np.maximum(applies, 1))[people.answers.which[counted]]
    placed = low >= 0
    size = np.maximum(np.bincount(low[placed], minlength=n), 1)
    return np.column_stack(
        [
            share(status >= 2, status >= 1),
            share(age < 18, age >= 0),
            share(age >= 60, age >= 0),
            np.log1p(_remoteness_km(engine, people, places, counted)),
            np.bincount(low[placed], known[placed], minlength=n) / size,
        ]
    )


def _remoteness_km(engine: Engine, people: Reckoned, places: Places, counted: Codes) -> NDArray[np.float64]:
    """For each subdistrict the distance of its people's villages, on average, from the middle of the largest one."""
    village = people.persons.areas["village"]
    lay = {
        code: (lat, lon)
        for code, lat, lon in engine.rows("SELECT village_code, lat, lon FROM villages WHERE lat IS NOT NULL")
    }
    spots = np.array([*(lay.get(code, (np.nan, np.nan)) for code in village.values.to_pylist()), (np.nan, np.nan)])
    low, spot = places.of["subdistrict"], spots[village.codes[counted]]
    seen = (low >= 0) & ~np.isnan(spot).any(axis=1)
    n = len(places.codes["subdistrict"])
    size = np.bincount(low[seen], minlength=n)
    if not size.any():
        return np.zeros(n)
    middle = np.column_stack([np.bincount(low[seen], spot[seen, k], minlength=n) for k in (0, 1)])
    centre = middle[np.argmax(size)] / size.max()
    far = np.radians(spot[seen] - centre) * np.array([1.0, np.cos(np.radians(centre[0]))])
    distance = _EARTH_KM * np.sqrt((far**2).sum(axis=1))
    found: NDArray[np.float64] = np.bincount(low[seen], distance, minlength=n) / np.maximum(size, 1)
    return found


def _effects(line: Line) -> tuple[Effect, ...]:
    wide = _SURE * np.sqrt(np.diag(line.covariance))
    return tuple(
        Effect(name, *(round(1000 * float(x), 1) for x in (beta, beta - far, beta + far)))
        for name, beta, far in zip(CIRCUMSTANCES, line.beta[1:], wide[1:], strict=True)
    )
