"""What is counted as a strength, and how many people of each area are known to have it, as far as that may be shown."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sarana.basics.errors import BadSetting
from sarana.basics.progress import Silent
from sarana.methods.areas.rollup import GROUPS, UNKNOWN
from sarana.methods.disclosure.protect import protect
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.engine import Engine
from sarana.methods.questions.reckoned import Places
from sarana.methods.reference import read_reference
from sarana.methods.risk.coded import Codes
from sarana.methods.risk.shapes import IndicatorSet

FILE = "strengths.toml"
_WHOLE = ("all", "sex=U", "age=U")
"""Groups that hold everyone: strengths are not told by sex and age."""


@dataclass(frozen=True, slots=True)
class Strength:
    """A strength: its key, its names, what it says, and the indicator whose answer 1 tells it."""

    key: str
    en: str
    th: str
    says: str
    indicator: str


def strengths_of(of: IndicatorSet) -> tuple[Strength, ...]:
    """The strengths that a set can tell, in the order of the file.

    Raises:
        BadSetting: STRENGTHS-001 the file names none for this set, or an indicator that the set does not have.
    """
    found = [
        Strength(key, said["en"], said["th"], said["says"], said["indicators"][of.id])
        for key, said in read_reference(FILE).items()
        if of.id in said["indicators"]
    ]
    known = {indicator.id for indicator in of.indicators}
    if not found or any(strength.indicator not in known for strength in found):
        raise BadSetting(
            "STRENGTHS-001",
            "No strengths are told for the indicator set of the run.",
            where=of.id,
            cure=f"Name its indicators in reference/{FILE}.",
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Share:
    """Of how many people of an area the answer is known, and how many of these have the strength."""

    n_known: int
    n_good: int

    @property
    def share(self) -> float:
        """The share (0-1) of those known."""
        return self.n_good / self.n_known if self.n_known else 0.0


def count_strength(
    engine: Engine, places: Places, scores: Codes, rule: DisclosureSettings
) -> dict[tuple[str, str], Share]:
    """The shares of one strength that may be shown, by level and code of districts and subdistricts.

    The counts go through the same protection as the map, with those known to have the strength, those known not to
    have it and those of whom it is not known in place of the bands: threshold, dominance, and second suppression along
    areas. What the run itself withholds of an area's people is withheld here too.

    Args:
        engine: holds the run's `areas`.
        places: where people live.
        scores: shape (people,), 1 to 3, 0 unknown, -1 not applicable.
        rule: the threshold.
    """
    lines = _lines(places, scores)
    with Engine(threads=engine.threads, memory="512MiB", temp=engine.temp / "strengths") as own:
        own.load("areas_internal", lines)
        protect(own, rule, Silent())
        shown = own.rows(
            """SELECT level, code, n_green, n_red FROM areas WHERE "group" = 'all' AND n_green IS NOT NULL
            AND n_red IS NOT NULL AND n_green + n_red > 0 AND level IN ('district', 'subdistrict')"""
        )
    open_ = set(engine.rows("SELECT level, code FROM areas WHERE \"group\" = 'all' AND n_people IS NOT NULL"))
    return {(level, code): Share(good + bad, good) for level, code, good, bad in shown if (level, code) in open_}


def _lines(places: Places, scores: Codes) -> pa.Table:
    """Counts by area in the shape of `areas_internal`: one province, its districts, their subdistricts, and the rests.

    The province holds everyone; people of whom only a wider area is known stand in lines of their own, so that areas
    add up.
    """
    low, high = places.of["subdistrict"], places.of["district"]
    n_low, n_high = len(places.codes["subdistrict"]), len(places.codes["district"])
    district = np.where(high >= 0, high, n_high)  # the last is that of people whose district is not known
    subdistrict = np.where(low >= 0, low, n_low + district)  # beyond the known ones the rest of each district
    kinds = {"n_red": scores >= 2, "n_green": scores == 1, "n_grey": scores <= 0}
    names_high = [*places.codes["district"], UNKNOWN]
    names_low = [*places.codes["subdistrict"], *(f"{c}-{UNKNOWN}" if c != UNKNOWN else UNKNOWN for c in names_high)]
    above = [*(names_high[at] for at in places.above), *names_high]
    parts = [
        _level("province", ["whole"], [None], {k: np.array([v.sum()]) for k, v in kinds.items()}),
        _level(
            "district",
            names_high,
            ["whole"] * len(names_high),
            {k: np.bincount(district[v], minlength=n_high + 1) for k, v in kinds.items()},
        ),
        _level(
            "subdistrict",
            names_low,
            above,
            {k: np.bincount(subdistrict[v], minlength=len(names_low)) for k, v in kinds.items()},
        ),
    ]
    return pa.concat_tables(parts)


def _level(level: str, codes: list[str], above: list[str] | list[None], counts: dict[str, Codes]) -> pa.Table:
    """The lines of one level, all groups; the second map is the first."""
    n = len(codes)
    tables = []
    for group in GROUPS:
        size = {name: (said if group in _WHOLE else np.zeros(n, np.int64)) for name, said in counts.items()}
        scored = size["n_red"] + size["n_green"]
        numbers = {
            "n_people": scored + size["n_grey"],
            "n_scored": scored,
            **size,
            "n_yellow": np.zeros(n, np.int64),
            "n_scored_without_status": scored,
            "n_red_without_status": size["n_red"],
            **dict.fromkeys(("n_red_left", "n_red_joined", "n_scored_left", "n_scored_joined"), np.zeros(n, np.int64)),
        }
        rates = ("rate", "mean", "low", "high", "rate_without_status", "low_without_status", "high_without_status")
        tables.append(
            pa.table(
                {
                    "level": [level] * n,
                    "code": codes,
                    "parent": pa.array(above, pa.string()),
                    "name": codes,
                    "group": [group] * n,
                    **{name: pa.array(said, pa.int64()) for name, said in numbers.items()},
                    **{name: pa.array(1000 * size["n_red"] / np.maximum(scored, 1), pa.float64()) for name in rates},
                    "protected": [False] * n,
                }
            )
        )
    return pa.concat_tables(tables)
