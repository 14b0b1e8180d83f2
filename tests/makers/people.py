"""Makes random people with scores in random places, straight into an engine, for tests of areas and disclosure."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.methods.engine import Engine


@dataclass(frozen=True, slots=True)
class Place:
    """How many areas of each level there are, and how people spread over them."""

    n_districts: int = 3
    n_subdistricts: int = 4
    n_villages: int = 5
    uneven: float = 0.8
    share_unknown: float = 0.05
    shares: tuple[float, float, float, float] = (0.03, 0.2, 0.57, 0.2)
    share_status: float = 0.02


def make_villages(engine: Engine, place: Place, seed: int = 0) -> NDArray[np.str_]:
    """Load `villages` and `area_names` (one province, 50); returns the village codes."""
    rng = np.random.default_rng([seed, 1])
    codes = [
        f"50{d + 1:02}{s + 1:02}{v + 1:02}"
        for d in range(place.n_districts)
        for s in range(place.n_subdistricts)
        for v in range(place.n_villages)
    ]
    d, s, v = (np.array([int(c[k : k + 2]) for c in codes]) for k in (2, 4, 6))
    lat = 18 + 0.3 * (d % 5) + 0.05 * (s % 6) + 0.008 * (v // 4) + rng.uniform(0, 0.005, len(codes))
    lon = 98 + 0.3 * (d // 5) + 0.05 * (s // 6) + 0.008 * (v % 4) + rng.uniform(0, 0.005, len(codes))
    code = np.array(codes)
    engine.load(
        "villages",
        pa.table(
            {
                "village_code": code,
                "subdistrict_code": code.astype("U6"),
                "district_code": code.astype("U4"),
                "province_code": code.astype("U2"),
                "lat": lat,
                "lon": lon,
            }
        ),
    )
    engine.run(
        """CREATE OR REPLACE TABLE area_names AS
        SELECT 'village' AS level, village_code AS code, subdistrict_code AS parent, 'Ban ' || village_code AS name,
               'บ้าน ' || village_code AS name_local FROM villages
        UNION SELECT 'subdistrict', subdistrict_code, district_code, 'Tambon ' || subdistrict_code, 'ตำบล' FROM villages
        UNION SELECT 'district', district_code, province_code, 'Amphoe ' || district_code, 'อำเภอ' FROM villages
        UNION SELECT 'province', province_code, NULL, 'Changwat ' || province_code, 'จังหวัด' FROM villages"""
    )
    return code


def make_people(engine: Engine, n_people: int, place: Place | None = None, seed: int = 0) -> None:
    """Load `persons` and `scores` of people who do not exist, in villages made for them."""
    place = place or Place()
    code = make_villages(engine, place, seed)
    rng = np.random.default_rng([seed, 2])
    weight = rng.lognormal(0, place.uneven, len(code))
    home = code[rng.choice(len(code), n_people, p=weight / weight.sum())]
    depth = rng.choice(5, n_people, p=[1 - place.share_unknown, *([place.share_unknown / 4] * 4)])
    band = rng.choice(4, n_people, p=np.array(place.shares) / sum(place.shares))
    moved = rng.random(n_people) < place.share_status
    band2 = np.where(moved & (band == 0), 1, np.where(moved & (band == 1), 3, band))
    low = np.array([2100, 1500, 1000, 1000])[band]
    names = np.array(["red", "yellow", "green", "grey"])
    age = rng.integers(0, 90, n_people)
    ids = np.char.add("p", np.arange(n_people).astype("U8"))
    engine.load(
        "persons",
        pa.table(
            {
                "person_id": ids,
                "sex": _some(np.array(["female", "male"])[rng.integers(0, 2, n_people)], rng.random(n_people) > 0.01),
                "age": pa.array(age, pa.int16(), mask=rng.random(n_people) < 0.02),
                "village": _some(home, depth < 1),
                "subdistrict": _some(home.astype("U6"), depth < 2),
                "district": _some(home.astype("U4"), depth < 3),
                "province": _some(home.astype("U2"), depth < 4),
            }
        ),
    )
    engine.load(
        "scores",
        pa.table(
            {
                "person_id": ids,
                "index": pa.array(low + rng.integers(0, 400, n_people), pa.int16()),
                "band": names[band],
                "band_without_status": names[band2],
            }
        ),
    )


def _some(values: NDArray[np.str_], known: NDArray[np.bool_]) -> pa.Array:
    """Strings, of which only some are known."""
    return pa.array(values, pa.string(), mask=~known)
