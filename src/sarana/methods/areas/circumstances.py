"""The circumstances of areas, the rates that these predict, and the areas that do better."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.areas.answers import read_scores
from sarana.methods.areas.better_than_expected import Line, expect_rates
from sarana.methods.areas.placed import Places
from sarana.methods.engine import Engine
from sarana.methods.risk.coded import coded
from sarana.methods.risk.indexing import NOT_APPLICABLE, UNKNOWN
from sarana.methods.risk.shapes import IndicatorSet

CIRCUMSTANCES = ("without_citizenship", "children", "older_people", "remoteness", "answers_known")
"""What an area's rate is predicted from; docs/how-to/ask-for-strengths.md says how each is measured."""

SCHEMA: Final = pa.schema(
    [
        ("code", pa.string()),
        ("is_better", pa.bool_()),
    ]
)
"""What is written of each published subdistrict. The predicted rate is made of shares, some of which are withheld."""

Numbers = NDArray[np.float64]
_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Predicted:
    """A published subdistrict held against what its circumstances predict.

    Args:
        code: which.
        is_better: whether it does better than that, beyond what chance explains.
    """

    code: str
    is_better: bool


def predict_rates(engine: Engine, of: IndicatorSet, places: Places) -> tuple[Line, tuple[Predicted, ...]] | None:
    """Hold the published rate of each subdistrict against its circumstances; None where too few are published.

    Args:
        engine: holds `persons`, `scores`, `villages` and the protected `areas`.
        of: the set, for its indicators and the one on legal status.
        places: where the people of `persons` live.
    """
    place = {code: at for at, code in enumerate(places.codes["subdistrict"])}
    published = engine.rows(
        """SELECT code, n_red, n_scored FROM areas WHERE level = 'subdistrict' AND "group" = 'all'
        AND rate IS NOT NULL AND n_red IS NOT NULL ORDER BY code"""
    )
    lines = [line for line in published if line[0] in place]
    if not lines:
        return None
    red, scored = (np.array([line[k] for line in lines], np.float64) for k in (1, 2))
    found = expect_rates(red, scored, _circumstances(engine, of, places)[[place[line[0]] for line in lines]])
    if found is None:
        return None
    line, expected = found
    return line, tuple(Predicted(code, bool(low > 0)) for (code, *_), low in zip(lines, expected.low, strict=True))


def as_table(predicted: Sequence[Predicted]) -> pa.Table:
    """As it is written."""
    return pa.table({name: [getattr(one, name) for one in predicted] for name in SCHEMA.names}, schema=SCHEMA)


def _circumstances(engine: Engine, of: IndicatorSet, places: Places) -> Numbers:
    """Shape (subdistricts, circumstances), in the order of `CIRCUMSTANCES`."""
    low = places.of["subdistrict"]
    n = len(places.codes["subdistrict"])

    def share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> Numbers:
        inside = (low >= 0) & whole
        total = np.bincount(low[inside], minlength=n)
        return np.bincount(low[inside & part], minlength=n) / np.maximum(total, 1)

    applies, known = np.zeros(len(low), np.int64), np.zeros(len(low), np.int64)
    for indicator in of.indicators:
        scores = read_scores(engine, indicator.id)
        applies += scores != NOT_APPLICABLE
        known += scores > UNKNOWN
        if indicator.id == of.legal_status:
            status = scores
    age = pc.fill_null(engine.read("persons", ["age"])["age"], -1).to_numpy()
    placed = low >= 0
    size = np.maximum(np.bincount(low[placed], minlength=n), 1)
    answered = known / np.maximum(applies, 1)
    return np.column_stack(
        [
            share(status >= 2, status >= 1),
            share(age < 18, age >= 0),
            share(age >= 60, age >= 0),
            np.log1p(_remoteness_km(engine, places)),
            np.bincount(low[placed], answered[placed], minlength=n) / size,
        ]
    )


def _remoteness_km(engine: Engine, places: Places) -> Numbers:
    """For each subdistrict the distance of its people's villages, on average, from the middle of the largest one."""
    village = coded(engine.read("persons", ["village"], ["village"])["village"])
    lay = {
        code: (lat, lon)
        for code, lat, lon in engine.rows("SELECT village_code, lat, lon FROM villages WHERE lat IS NOT NULL")
    }
    spots = np.array([*(lay.get(code, (np.nan, np.nan)) for code in village.values.to_pylist()), (np.nan, np.nan)])
    low, spot = places.of["subdistrict"], spots[village.codes]
    seen = (low >= 0) & ~np.isnan(spot).any(axis=1)
    n = len(places.codes["subdistrict"])
    size = np.bincount(low[seen], minlength=n)
    if not size.any():
        return np.zeros(n)
    middle = np.column_stack([np.bincount(low[seen], spot[seen, k], minlength=n) for k in (0, 1)])
    centre = middle[np.argmax(size)] / size.max()
    far = np.radians(spot[seen] - centre) * np.array([1.0, np.cos(np.radians(centre[0]))])
    distance = _EARTH_KM * np.sqrt((far**2).sum(axis=1))
    found: Numbers = np.bincount(low[seen], distance, minlength=n) / np.maximum(size, 1)
    return found
