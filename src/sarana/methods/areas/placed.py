"""Where people live: the subdistrict and district of each person, as the areas step has it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.methods.engine import Engine
from sarana.methods.risk.coded import MISSING, Coded, Codes, coded

WRITTEN = ("village", "subdistrict", "district")


@dataclass(frozen=True, slots=True)
class Places:
    """The subdistrict and district of each person, as places among the codes of the run's list; -1 where not known."""

    codes: dict[str, list[str]]
    of: dict[str, Codes]
    above: Codes

    def at(self, people: Codes) -> "Places":
        """The same for some people."""
        return replace(self, of={level: codes[people] for level, codes in self.of.items()})


def places_of(engine: Engine, areas: Mapping[str, Coded]) -> Places:
    """Where people live, as the areas step has it: a known village tells the areas above it.

    Args:
        engine: holds `villages`.
        areas: by level, what people's lines say.
    """
    listed = engine.arrow(
        "SELECT DISTINCT village_code, subdistrict_code, district_code FROM villages "
        "WHERE subdistrict_code IS NOT NULL AND district_code IS NOT NULL ORDER BY ALL"
    )
    subdistrict, district = coded(listed["subdistrict_code"]), coded(listed["district_code"])
    above = np.full(len(subdistrict.values) + 1, MISSING, np.int64)
    above[subdistrict.codes] = district.codes
    of_village = _looked_up(areas["village"], listed["village_code"], subdistrict.codes)
    written = _looked_up(areas["subdistrict"], subdistrict.values, np.arange(len(subdistrict.values)))
    low = np.where(of_village >= 0, of_village, written)
    said = _looked_up(areas["district"], district.values, np.arange(len(district.values)))
    codes = {"subdistrict": subdistrict.values.to_pylist(), "district": district.values.to_pylist()}
    return Places(codes, {"subdistrict": low, "district": np.where(low >= 0, above[low], said)}, above[:-1])


def read_written(engine: Engine) -> dict[str, Coded]:
    """What the lines of `persons` say of their areas, by level."""
    said = engine.read("persons", WRITTEN, WRITTEN)
    return {level: coded(said[level]) for level in WRITTEN}


def _looked_up(column: Coded, codes: pa.ChunkedArray | pa.Array, values: Codes) -> Codes:
    """For each person the value that stands beside their code in a list; -1 where the list has no such code."""
    whole = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
    place = pc.fill_null(pc.index_in(column.values, value_set=whole), MISSING).to_numpy()
    found = np.append(values.astype(np.int64), MISSING)[place]
    return np.append(found, MISSING)[column.codes]
