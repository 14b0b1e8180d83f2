"""The index of a run reckoned once more, without some of its indicators."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.basics.errors import BadSetting
from sarana.methods.engine import Engine
from sarana.methods.risk.banding import band_sql
from sarana.methods.risk.coded import distinct
from sarana.methods.risk.indexing import NOT_APPLICABLE, Weighed, weigh_scores
from sarana.methods.risk.settings import RiskSettings
from sarana.methods.risk.shapes import BANDS

NO_DROP = "none"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the index of everyone would be; all arrays have shape (people,), in the order of `scores`.

    Attributes:
        index: thousandths, 1000 to 3000; 0 where nothing is left that was observed.
        band: places in `BANDS`.
        status: the score of the legal-status indicator: 1 to 3, 0 unknown, -1 not applicable.
    """

    index: NDArray[np.int64]
    band: NDArray[np.int8]
    status: NDArray[np.int8]


def overlapping(settings: RiskSettings, drop: Sequence[str] | None, sources: Collection[str]) -> tuple[str, ...]:
    """The indicators that are left out of a back-test, in the order of the set.

    Args:
        settings: of the run.
        drop: the declared list; `none` alone for no indicator; None for every indicator that looks at a register which
            a source of the known cases plays.
        sources: where the known cases come from.

    Raises:
        BadSetting: VALIDATE-007 the list is empty or names what is no indicator; VALIDATE-008 none would be left.
    """
    indicators = settings.set.indicators
    ids = [indicator.id for indicator in indicators]
    if drop is None:
        registers = {settings.registers.get(source, source) for source in sources}
        found = {indicator.id for indicator in indicators if registers & set(indicator.fields)}
    else:
        found = set() if list(drop) == [NO_DROP] else set(drop)
    unknown = sorted(found - set(ids))
    if unknown or (drop is not None and not drop):
        raise BadSetting(
            "VALIDATE-007",
            f"The set has no indicator {', '.join(unknown)}." if unknown else "No indicator is named.",
            where="--drop",
            cure=f"Its indicators are {', '.join(ids)}; say none where no indicator overlaps with the outcome.",
        )
    if not set(ids) - found:
        raise BadSetting(
            "VALIDATE-008",
            "Without the indicators that overlap with the known cases none is left.",
            where="--drop",
            cure="Name the ones that really overlap, such as --drop s01,s02.",
        )
    return tuple(name for name in ids if name in found)


def reckon_without(engine: Engine, settings: RiskSettings, dropped: Collection[str]) -> Reckoned:
    """The index and band of everyone as if some indicators concerned nobody.

    Args:
        engine: reads `scores`.
        settings: of the run: the weights and the banding.
        dropped: names of indicators.
    """
    indicators = settings.set.indicators
    ids = [indicator.id for indicator in indicators]
    table = engine.read("scores", ids)
    everyone = [pc.fill_null(table[name], NOT_APPLICABLE).combine_chunks().to_numpy().astype(np.int8) for name in ids]
    one, which = distinct([(score, 4) for score in everyone], len(table))
    scores = np.stack([score[one] for score in everyone], axis=1)
    kept = scores.copy()
    kept[:, [ids.index(name) for name in dropped]] = NOT_APPLICABLE
    names = sorted(settings.set.sectors)
    weights = np.array([indicator.weight for indicator in indicators], np.int64)
    weighed = weigh_scores(kept, weights, np.array([names.index(indicator.sector) for indicator in indicators]))
    bands = _bands(engine, weighed, band_sql(settings.banding_rule(), settings.set.id))
    status = scores[:, ids.index(settings.set.legal_status)]
    return Reckoned(weighed.index[which], bands[which], status[which])


def _bands(engine: Engine, weighed: Weighed, sql: str) -> NDArray[np.int8]:
    """The band of each pattern of scores."""
    numbers = {f.name: pa.array(getattr(weighed, f.name), pa.int16()) for f in fields(Weighed)}
    engine.load("validate_weighed", pa.table({"pattern": np.arange(len(weighed.index)), **numbers}))
    said = engine.arrow(f"SELECT {sql} AS band FROM validate_weighed ORDER BY pattern")["band"]
    engine.run("DROP TABLE validate_weighed")
    return np.asarray(pc.index_in(said.combine_chunks(), value_set=pa.array(BANDS)), np.int8)
