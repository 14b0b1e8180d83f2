"""How many people of each area give which answer to each indicator: unprotected, never written anywhere."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.basics.errors import BadTable
from sarana.methods.areas.placed import Places, places_of, read_written
from sarana.methods.areas.rollup import UNKNOWN
from sarana.methods.engine import Engine
from sarana.methods.risk.coded import Codes, coded
from sarana.methods.risk.indexing import NOT_APPLICABLE
from sarana.methods.risk.sets import looks_at_others, our_sets
from sarana.methods.risk.shapes import Indicator, IndicatorSet

Counts = NDArray[np.int64]

NEED, GOOD, UNSAID, OUTSIDE = range(4)
"""The answer is 2 or 3; 1; not known; the question does not apply."""
LEVELS: Final = ("province", "district", "subdistrict")
_OF_ANOTHER = re.compile(r"\bany_other\s*\(")
"""The function of the rule language that looks at the other members of a household, never at the person."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Areas, parents first, with the lines of people of whom only a wider area is known.

    Args:
        level: shape (areas,), places in `LEVELS`.
        code: of each, as in `areas_internal`.
        parent: shape (areas,), -1 for a province.
        of: shape (people,), the line of the narrowest level in which each person stands.
    """

    level: NDArray[np.int64]
    code: tuple[str, ...]
    parent: NDArray[np.int64]
    of: Codes

    @property
    def children(self) -> tuple[NDArray[np.int64], ...]:
        """For each area the places of those that lie in it."""
        return tuple(np.flatnonzero(self.parent == area) for area in range(len(self.parent)))

    def count(self, scores: Codes) -> Counts:
        """Shape (areas, 4): people by their answer.

        Args:
            scores: shape (people,), 1 to 3, 0 not known, -1 does not apply.
        """
        n = len(self.code)
        said = np.bincount(5 * self.of + (scores - NOT_APPLICABLE), minlength=5 * n).reshape(n, 5)
        outside, unsaid, good = said[:, 0], said[:, 1], said[:, 2]
        found: Counts = np.column_stack([said[:, 3] + said[:, 4], good, unsaid, outside]).astype(np.int64)
        for level in (2, 1):
            inside = np.flatnonzero(self.level == level)
            np.add.at(found, self.parent[inside], found[inside])
        return found


def read_tree(engine: Engine) -> tuple[Tree, Places]:
    """The areas of a run with the people in them, and where each person lives.

    Args:
        engine: holds `persons`, `scores` and `villages`.

    Raises:
        BadTable: AREAS-009 people and scores stand in another order.
    """
    people, scored = (engine.read(table, ["person_id"])["person_id"] for table in ("persons", "scores"))
    if not people.equals(scored):
        what = "The people of the run and their scores stand in another order."
        raise BadTable("AREAS-009", what, cure="Do the run again.")
    places = places_of(engine, read_written(engine))
    listed = engine.rows(
        "SELECT DISTINCT district_code, province_code FROM villages "
        "WHERE district_code IS NOT NULL AND province_code IS NOT NULL ORDER BY ALL"
    )
    provinces = sorted({province for _, province in listed})
    at = {province: place for place, province in enumerate(provinces)}
    home = 0 if len(provinces) == 1 else len(provinces)
    above = {district: at[province] for district, province in listed}
    of_district = np.array([above.get(code, home) for code in places.codes["district"]], np.int64)
    whole = np.where(places.of["district"] >= 0, of_district[places.of["district"]], _said(engine, at, home))
    return _laid_out(places, [*provinces, UNKNOWN], of_district, whole), places


def _said(engine: Engine, at: dict[str, int], home: int) -> Codes:
    """The province that each person's line names; the only one where there is one."""
    said = coded(engine.read("persons", ["province"], ["province"])["province"])
    found = [at.get(code, home) for code in said.values.to_pylist()]
    return np.array([*found, home], np.int64)[said.codes]


def _laid_out(places: Places, provinces: list[str], of_district: Codes, whole: Codes) -> Tree:
    n_whole, n_high, n_low = len(provinces), len(places.codes["district"]), len(places.codes["subdistrict"])
    rest = [f"{code}-{UNKNOWN}" if code != UNKNOWN else UNKNOWN for code in provinces]
    high = [*places.codes["district"], *rest]
    below = [f"{code}-{UNKNOWN}" for code in places.codes["district"]] + rest
    low, district = places.of["subdistrict"], places.of["district"]
    district = np.where(district >= 0, district, n_high + whole)
    return Tree(
        level=np.repeat([0, 1, 2], [n_whole, len(high), n_low + len(below)]),
        code=(*provinces, *high, *places.codes["subdistrict"], *below),
        parent=np.concatenate(
            [
                np.full(n_whole, -1),
                of_district,
                np.arange(n_whole),
                n_whole + places.above,
                n_whole + np.arange(len(high)),
            ]
        ).astype(np.int64),
        of=n_whole + len(high) + np.where(low >= 0, low, n_low + district),
    )


def read_scores(engine: Engine, indicator: str) -> Codes:
    """Everyone's answer to one indicator, in the order of `persons`: 1 to 3, 0 not known, -1 does not apply."""
    said = engine.read("scores", [indicator])[indicator]
    found: Codes = pc.fill_null(said, NOT_APPLICABLE).to_numpy()
    return found


def is_wide_only(of: IndicatorSet, name: str) -> bool:
    """Whether an indicator is told of whole provinces only: it is sensitive, or it asks after others of a household.

    Legal status is told everywhere: its good answer is citizenship, which is a strength. Where a province changed an
    indicator of ours, it is told of no smaller areas than ours, and of whole provinces only if it asks after anybody
    else: a parent or any member of a household.
    """
    if name == of.legal_status:
        return False
    (indicator,) = (each for each in of.indicators if each.id == name)
    ours = [each for one in our_sets() for each in one.indicators if each.id == name and name != one.legal_status]
    if _is_wide(indicator) or any(_asks(each) == _asks(indicator) for each in ours):
        return _is_wide(indicator)
    return looks_at_others(indicator) or any(_is_wide(each) for each in ours if _facts(each) & _facts(indicator))


def _asks(indicator: Indicator) -> tuple[object, ...]:
    return indicator.applies, indicator.score, indicator.fields, indicator.level


def _facts(indicator: Indicator) -> set[str]:
    return {name for fields in indicator.fields.values() for name in fields}


def _is_wide(indicator: Indicator) -> bool:
    rules = (indicator.applies, *indicator.score.values())
    return indicator.sensitivity == "high" or any(_OF_ANOTHER.search(rule) for rule in rules)
