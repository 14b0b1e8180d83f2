"""Shapes of maps come from the installation alone, and a broken file says what it lacks."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from sarana.basics.errors import BadFile, NotYet
from sarana.ground.pages import fetched, maps

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 2], [0, 2], [0, 0]]]}


def bring(home: Path, *features: Any, name: str = "a.geojson") -> Path:
    """Put a file of boundaries into an installation's data."""
    path = home / "boundaries" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def feature(geometry: dict[str, Any] = SQUARE, **properties: str) -> dict[str, Any]:
    """One area."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """An installation's data."""
    settings.SARANA_HOME = tmp_path
    return tmp_path


def test_the_eleven_countries_of_the_region_have_outlines_and_names() -> None:
    found = maps.countries()
    assert sorted(found) == ["BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"]
    with translation.override("th"):
        assert found["TH"].called("th") == "ไทย"


def test_the_sign_of_thailand_stands_in_thailand() -> None:
    longitude, latitude = maps.countries()["TH"].centre()
    assert 99 < longitude < 103
    assert 13 < latitude < 18


def test_an_area_has_its_local_name_for_readers_of_thai_and_its_middle(home: Path) -> None:
    bring(home, feature(code="TH50", name="Chiang Mai", name_local="เชียงใหม่"))
    shape = maps.boundaries()["TH50"]
    assert (shape.called("en"), shape.called("th"), shape.centre()) == ("Chiang Mai", "เชียงใหม่", (2.0, 1.0))


def test_a_file_that_was_changed_is_read_again(home: Path) -> None:
    bring(home, feature(code="A", name="one"))
    assert sorted(maps.boundaries()) == ["A"]
    bring(home, feature(code="A", name="one"), feature(code="B", name="two"))
    assert sorted(maps.boundaries()) == ["A", "B"]


@pytest.mark.parametrize(
    "broken",
    [
        feature(name="no code"),
        feature({"type": "Point", "coordinates": [1, 2]}, code="A", name="a point"),
        feature({"type": "Polygon", "coordinates": []}, code="A", name="nothing"),
        "no feature",
    ],
)
def test_a_file_without_areas_or_codes_says_so(home: Path, broken: Any) -> None:
    bring(home, broken)
    with pytest.raises(BadFile, match=r"PAGES-003 boundaries/a\.geojson"):
        maps.boundaries()


def test_a_file_that_is_too_large_is_not_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "LARGEST_BYTES", 10)
    bring(home, feature(code="A", name="one"), name="large.geojson")
    with pytest.raises(BadFile, match="PAGES-003"):
        maps.boundaries()


def test_a_package_without_its_build_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetched, "_folder", lambda: None)
    with pytest.raises(NotYet, match=r"PAGES-001 .*\./dev"):
        maps.countries()
