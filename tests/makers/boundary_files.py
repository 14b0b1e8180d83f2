"""Makes boundary files of subdistricts: squares side by side, or around the villages of a list."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ELSEWHERE = "TH510101"
HALF = 0.03
"""Of a side of a square around a village, in degrees."""


def a_file(codes: Iterable[str], *, name: str = "TAM_CODE", **more: Any) -> bytes:
    """A boundary file in degrees, longitude first.

    `turned` writes latitude first, `scale` makes metres of them; with `only` it is so with this one alone.
    """
    features = []
    for n, code in enumerate(codes):
        x, y = 98.8 + n % 10 / 50, 18.7 + n // 10 / 50
        ring = [[x, y], [x + 0.02, y], [x + 0.02, y + 0.02], [x, y + 0.02], [x, y]]
        if more.get("only", n) == n:
            ring = [[lat, lon] for lon, lat in ring] if more.get("turned") else ring
            ring = [[lon * more.get("scale", 1), lat * more.get("scale", 1)] for lon, lat in ring]
        properties = {"PROV": "เชียงใหม่", name: code.removeprefix("TH"), "OBJECTID": n}
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def around_villages(path: Path, *, slip: int = 0) -> tuple[list[str], bytes]:
    """The subdistricts of a list of villages, and a boundary file in which each is a square around a village of it.

    With a `slip` each bears the code of one so many lines further on.
    """
    with path.open(encoding="utf-8-sig") as file:
        rows = {row["subdistrict_code"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
    features = []
    codes = sorted(rows)
    for n, (_code, (x, y)) in enumerate(sorted(rows.items())):
        code = codes[(n + slip) % len(codes)]
        corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
        ring = [[x + right * HALF, y + up * HALF] for right, up in corners]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"code": f"TH{code}"}, "geometry": geometry})
    return [f"TH{code}" for code in codes], json.dumps({"type": "FeatureCollection", "features": features}).encode()
