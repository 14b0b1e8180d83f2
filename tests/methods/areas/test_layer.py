"""The map layer: outlines from files or points, protected figures only, clear errors for broken map files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import Point, Polygon, shape

from makers.people import Place, make_people
from sarana.basics.errors import BadFile, BadSetting
from sarana.basics.progress import Silent
from sarana.methods.areas.layer import area_layer
from sarana.methods.areas.rollup import AreaSettings, roll_up
from sarana.methods.areas.shapes import LayerSettings, area_shapes
from sarana.methods.disclosure.protect import protect
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.engine import Engine

SETTINGS = LayerSettings(code_property="pcode", prefix="TH", indicator_set="chiang-mai-28")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(threads=1, memory="1GB", temp=tmp_path / "spill") as made:
        make_people(made, 4000, Place(n_districts=2, n_subdistricts=3, n_villages=4))
        roll_up(made, AreaSettings(), Silent())
        protect(made, DisclosureSettings(), Silent())
        yield made


def boundary_file(engine: Engine, folder: Path, *, swap: bool = False, move: float = 0.0, prefix: str = "TH") -> Path:
    """Squares around the villages of each subdistrict, as a boundary file."""
    features = []
    rows = engine.rows(
        "SELECT subdistrict_code, min(lon), min(lat), max(lon), max(lat) FROM villages GROUP BY 1 ORDER BY 1"
    )
    for code, west, south, east, north in rows:
        ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        ring = [(y, x) if swap else (x + move, y) for x, y in ring]
        features.append(
            {
                "type": "Feature",
                "properties": {"pcode": prefix + code, "name": "x"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    path = folder / "map.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def features(layer: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(layer)["features"]
    return found


def test_cells_hold_the_villages_of_their_own_subdistrict_and_do_not_overlap(engine: Engine) -> None:
    found = {f["properties"]["code"]: shape(f["geometry"]) for f in features(area_layer(engine, SETTINGS, None))}
    assert len(found) == 6
    for code, lon, lat in engine.rows("SELECT subdistrict_code, lon, lat FROM villages"):
        assert found[code].buffer(1e-4).contains(Point(lon, lat))
    shapes = list(found.values())
    assert all(s.is_valid for s in shapes)
    assert sum(s.area for s in shapes) == pytest.approx(shapely.union_all(shapes).area, rel=1e-3)


def test_the_layer_carries_the_classes_of_both_maps_and_their_limits(engine: Engine) -> None:
    engine.run("UPDATE areas SET rate = 12.5, class = 'mid', class_without_status = 'low' WHERE code = '500101'")
    engine.run("UPDATE areas SET rate = NULL WHERE level = 'subdistrict' AND code <> '500101'")
    layer = area_layer(engine, SETTINGS, None)
    assert json.loads(layer)["class_limits"] == {"high_from": None, "mid_from": 12.5}
    held = {f["properties"]["code"]: f["properties"] for f in features(layer)}
    assert (held["500101"]["class"], held["500101"]["class_without_status"]) == ("mid", "low")


def test_the_layer_carries_the_protected_figures_and_none_else(engine: Engine) -> None:
    for feature in features(area_layer(engine, SETTINGS, None)):
        held = feature["properties"]
        row = engine.row(
            "SELECT n_red, rate, protected FROM areas WHERE level = 'subdistrict' AND code = ? AND \"group\" = 'all'",
            [held["code"]],
        )
        assert (held["n_red"], held["rate"], held["protected"]) == row
    assert any(f["properties"]["n_red"] is None for f in features(area_layer(engine, SETTINGS, None)))


def test_the_layer_says_that_it_is_unvalidated_and_which_indicators_it_rests_on(engine: Engine) -> None:
    layer = json.loads(area_layer(engine, SETTINGS, None))
    assert layer["note"] == "unvalidated, for planning only"
    assert layer["indicator_set"] == "chiang-mai-28"
    assert {f["properties"]["note"] for f in layer["features"]} == {layer["note"]}


def test_the_layer_is_the_same_bytes_whatever_the_order_of_the_villages(engine: Engine, tmp_path: Path) -> None:
    path = boundary_file(engine, tmp_path)
    first = area_layer(engine, SETTINGS, None), area_layer(engine, SETTINGS, path)
    engine.run("CREATE OR REPLACE TABLE villages AS SELECT * FROM (SELECT * FROM villages ORDER BY hash(village_code))")
    assert (area_layer(engine, SETTINGS, None), area_layer(engine, SETTINGS, path)) == first


def test_no_village_and_no_unknown_line_stands_in_the_layer(engine: Engine) -> None:
    codes = [f["properties"]["code"] for f in features(area_layer(engine, SETTINGS, None))]
    assert codes == sorted(codes)
    assert all(len(c) == 6 for c in codes)
    with pytest.raises(BadSetting, match="AREA-013"):
        area_layer(engine, LayerSettings(level="village"), None)  # type: ignore[arg-type]


def test_boundaries_are_found_by_code_and_prefix(engine: Engine, tmp_path: Path) -> None:
    outlines = area_shapes(engine, SETTINGS, boundary_file(engine, tmp_path))
    assert [s.code for s in outlines.shapes] == sorted(
        {r[0] for r in engine.rows("SELECT subdistrict_code FROM villages")}
    )
    assert not outlines.are_computed
    assert all(Polygon(s.rings[0]).exterior.is_ccw and s.rings[0][0] == s.rings[0][-1] for s in outlines.shapes)


def test_an_area_without_a_boundary_is_said_and_keeps_its_figures(engine: Engine, tmp_path: Path) -> None:
    path = boundary_file(engine, tmp_path)
    read = json.loads(path.read_text())
    gone = read["features"].pop(0)["properties"]["pcode"][2:]
    path.write_text(json.dumps(read))
    layer = json.loads(area_layer(engine, SETTINGS, path))
    assert layer["areas_without_outline"] == [gone]
    assert [f["geometry"] for f in layer["features"] if f["properties"]["code"] == gone] == [None]


def test_a_name_cut_in_the_middle_of_a_character_does_no_harm(engine: Engine, tmp_path: Path) -> None:
    path = boundary_file(engine, tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"name": "x"', b'"name": "' + "ม".encode()[:2] + b'"'))
    assert len(area_shapes(engine, SETTINGS, path).shapes) == 6


def test_an_outline_that_crosses_itself_is_mended(engine: Engine, tmp_path: Path) -> None:
    path = boundary_file(engine, tmp_path)
    read = json.loads(path.read_text())
    ring = read["features"][0]["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    path.write_text(json.dumps(read))
    assert len(area_shapes(engine, SETTINGS, path).shapes) == 6


@pytest.mark.parametrize(
    ("how", "code"),
    [({"swap": True}, "AREA-014"), ({"move": 5.0}, "AREA-015"), ({"prefix": "KH"}, "AREA-012")],
)
def test_a_boundary_file_that_does_not_fit_is_refused(
    engine: Engine, tmp_path: Path, how: dict[str, Any], code: str
) -> None:
    with pytest.raises(BadFile, match=code):
        area_shapes(engine, SETTINGS, boundary_file(engine, tmp_path, **how))


def test_outlines_that_bear_each_others_codes_are_refused_but_a_village_that_is_off_is_not(
    engine: Engine, tmp_path: Path
) -> None:
    path = boundary_file(engine, tmp_path)
    read = json.loads(path.read_text())
    codes = [each["properties"]["pcode"] for each in read["features"]]
    for each, code in zip(read["features"], [*codes[1:], codes[0]], strict=True):
        each["properties"]["pcode"] = code
    slipped = tmp_path / "slipped.geojson"
    slipped.write_text(json.dumps(read))
    with pytest.raises(BadFile, match=r"AREA-016.*0 of 6 areas"):
        area_shapes(engine, SETTINGS, slipped)
    engine.run("UPDATE villages SET lat = lat + 1 WHERE village_code IN (SELECT min(village_code) FROM villages)")
    assert len(area_shapes(engine, SETTINGS, path).shapes) == 6


def test_a_swap_is_seen_where_both_readings_are_legal(engine: Engine, tmp_path: Path) -> None:
    engine.run("UPDATE villages SET lon = lon - 60")
    with pytest.raises(BadFile, match="AREA-014"):
        area_shapes(engine, SETTINGS, boundary_file(engine, tmp_path, swap=True))


def test_villages_with_swapped_coordinates_are_refused(engine: Engine) -> None:
    engine.run("UPDATE villages SET lat = lon, lon = lat WHERE village_code = (SELECT min(village_code) FROM villages)")
    with pytest.raises(BadFile, match=r"AREA-014.*1 of 24 villages"):
        area_shapes(engine, SETTINGS, None)


def test_a_property_that_is_not_there_is_named_with_those_that_are(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"AREA-011.*'ADM3_PCODE'.*name, pcode"):
        area_shapes(engine, LayerSettings(code_property="ADM3_PCODE"), boundary_file(engine, tmp_path))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"features": 3}', '{"features": ["x"]}'])
def test_a_file_that_is_no_geojson_is_refused(engine: Engine, tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.geojson"
    path.write_text(text)
    with pytest.raises(BadFile, match=r"AREA-010 broken.geojson"):
        area_shapes(engine, SETTINGS, path)


def test_a_missing_boundary_file_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="AREA-010"):
        area_shapes(engine, SETTINGS, tmp_path / "none.geojson")


def test_without_points_and_boundaries_there_are_no_outlines_but_all_figures(engine: Engine) -> None:
    engine.run("UPDATE villages SET lat = NULL")
    layer = json.loads(area_layer(engine, SETTINGS, None))
    assert {f["geometry"] for f in layer["features"]} == {None}
    assert len(layer["areas_without_outline"]) == len(layer["features"]) == 6


@pytest.mark.parametrize("n_points", [1, 2, 3])
def test_very_few_villages_still_give_cells(engine: Engine, n_points: int) -> None:
    few = f"SELECT village_code FROM villages ORDER BY 1 LIMIT {n_points}"
    engine.run(f"DELETE FROM villages WHERE village_code NOT IN ({few})")
    engine.run("UPDATE villages SET subdistrict_code = village_code[:6]")
    assert len(area_shapes(engine, SETTINGS, None).shapes) == 1


def test_villages_at_one_point_share_a_cell(engine: Engine) -> None:
    engine.run("UPDATE villages SET lat = 18.5, lon = 98.5")
    outlines = area_shapes(engine, SETTINGS, None)
    assert [s.code for s in outlines.shapes] == ["500101"]
    assert len(outlines.without) == 5


@pytest.mark.shared
def test_the_real_boundaries_of_chiang_mai_fit_all_its_subdistricts(shared: Path, tmp_path: Path) -> None:
    import_villages = shared / "data" / "population-sample" / "villages.csv"
    with Engine(threads=1, memory="1GB", temp=tmp_path / "spill", folders=[import_villages.parent]) as engine:
        engine.run(f"CREATE TABLE villages AS SELECT * FROM read_csv('{import_villages}', all_varchar = true)")
        engine.run("ALTER TABLE villages ALTER lat TYPE DOUBLE")
        engine.run("ALTER TABLE villages ALTER lon TYPE DOUBLE")
        settings = LayerSettings(code_property="adm3_pcode", prefix="TH")
        found = area_shapes(engine, settings, shared / "data" / "boundaries" / "th_adm3_simplified.geojson")
        cells = area_shapes(engine, settings, None)
    assert (len(found.shapes), found.without, len(cells.shapes), cells.without) == (204, (), 204, ())
