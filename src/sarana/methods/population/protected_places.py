"""Where the villages of a finished run lie, as its own list of villages has them: points of places, never of people."""

import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from sarana.basics.errors import SaranaError
from sarana.methods.doors import Door
from sarana.methods.runs.folder import WORK
from sarana.methods.runs.receipts import Receipt

VILLAGES: Final = f"{WORK}/villages.parquet"
DECIMALS: Final = 5
"""Of a degree: a metre."""

type Places = Mapping[str, tuple[float, float]]


def read_places(run: Path, receipts: Sequence[Receipt], door: Door, among: Collection[str]) -> Places:
    """The longitude and latitude of villages, by code.

    Args:
        run: the folder of the run.
        receipts: of its steps; one of them says what the list was like when it was read.
        door: through which the list is opened, which lies sealed in a sealed run.
        among: the villages of which the run has a line.

    Returns:
        Points in degrees; a village without one is not in it. Nothing at all where the list is gone, was changed, or
        its key is: a map can be drawn without, and says that it does not know.
    """
    told = next((receipt.outputs[VILLAGES] for receipt in receipts if VILLAGES in receipt.outputs), None)
    path = run / VILLAGES
    if told is None or not path.is_file():
        return {}
    try:
        if door.hash(path) != told:
            return {}
        table = pq.read_table(door.opened(path), columns=["village_code", "lon", "lat"])
    except (SaranaError, OSError, pa.ArrowInvalid):
        return {}
    finally:
        door.release()
    return {
        row["village_code"]: (round(row["lon"], DECIMALS), round(row["lat"], DECIMALS))
        for row in table.to_pylist()
        if row["village_code"] in among and _is_somewhere(row["lon"], row["lat"])
    }


def _is_somewhere(lon: float | None, lat: float | None) -> bool:
    """Whether it is a place: lists write 0, 0 where they know none."""
    if lon is None or lat is None or not (math.isfinite(lon) and math.isfinite(lat)):
        return False
    return (lon, lat) != (0.0, 0.0)
