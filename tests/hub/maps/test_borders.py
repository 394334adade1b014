"""The operator's GeoJSON: drawn when it is right, refused in words when it is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.errors import InputError
from hub.maps import borders
from hub.maps.borders import read_borders

REAL = Path(__file__).parents[3] / "../shared/data/pontianak_wilayah.geojson"
RING = [[109.30, 0.0], [109.31, 0.0], [109.31, 0.01], [109.30, 0.0]]


def feature(
    ring: Any = RING, kind: str = "Polygon", code: str = "61.71.04.1004", **properties: Any
) -> dict[str, Any]:
    coordinates = [ring] if kind == "Polygon" else [[ring]]
    return {
        "type": "Feature",
        "properties": {"kode": code, "nama": "Batulayang", **properties},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def written(folder: Path, *features: Any) -> Path:
    path = folder / "batas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_an_area_is_drawn_under_the_citys_own_name(tmp_path: Path) -> None:
    (border,) = read_borders(written(tmp_path, feature()))
    assert border.path == "M360 445L460 445L460 345L360 445Z"
    assert border.name == "Batu Layang"
    assert not border.is_kecamatan


def test_several_polygons_heights_and_unknown_names_are_no_trouble(tmp_path: Path) -> None:
    high = [[*position, 3.5] for position in RING]
    district = feature(high, "MultiPolygon", code="61.71.04")
    nameless = feature(code="", kode=None, nama=None)
    first, second = read_borders(written(tmp_path, district, nameless))
    assert (first.name, first.is_kecamatan) == ("Pontianak Utara", True)
    assert (second.name, second.code) == ("", "")


@pytest.mark.parametrize(
    ("features", "words"),
    [
        ([], "no FeatureCollection"),
        (["x"], "no Feature with properties"),
        ([{"type": "Feature", "properties": {}, "geometry": None}], "no Feature with properties"),
        ([feature(kind="Point")], "'Point' is no area"),
        ([feature([[109.3, 0.0]] * 3)], "fewer than four"),
        ([feature([*RING[:3], [109.3, 0.001]])], "not closed"),
        ([feature([[0.0, 109.30], *RING[1:]])], "is [latitude, longitude]; GeoJSON wants"),
        ([feature([[106.8, -6.2], *RING[1:]])], "lies outside the city"),
        ([feature([["109.3", 0.0], *RING[1:]])], "is no position"),
        ([feature([[109.3], *RING[1:]])], "is no position"),
        ([feature([None, *RING[1:]])], "is no position"),
        ([{**feature(), "geometry": {"type": "MultiPolygon", "coordinates": []}}], "coordinates are empty"),
        ([{**feature(), "geometry": {"type": "MultiPolygon", "coordinates": [[]]}}], "without a ring"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_drawn_is_refused_in_words(tmp_path: Path, features: list[Any], words: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_borders(written(tmp_path, *features))
    assert words in str(refusal.value)


def test_infinities_are_no_positions(tmp_path: Path) -> None:
    path = written(tmp_path, feature())
    path.write_text(path.read_text().replace("109.31", "1e999"))
    with pytest.raises(InputError, match=r"not JSON|is no position"):
        read_borders(path)


def test_files_that_are_missing_or_no_json_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="check \\[map\\] borders"):
        read_borders(tmp_path / "tidak-ada.geojson")
    (tmp_path / "batas.geojson").write_text("<kml>")
    with pytest.raises(InputError, match="not JSON"):
        read_borders(tmp_path / "batas.geojson")
    (tmp_path / "batas.geojson").write_text("[1]")
    with pytest.raises(InputError, match="no FeatureCollection"):
        read_borders(tmp_path / "batas.geojson")


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(borders, "MAX_BYTES", 10)
        with pytest.raises(InputError, match="simplify"):
            read_borders(written(tmp_path, feature()))
    with monkeypatch.context() as patch:
        patch.setattr(borders, "MAX_POSITIONS", 7)
        with pytest.raises(InputError, match="more than 7 positions"):
            read_borders(written(tmp_path, feature(), feature()))
    with monkeypatch.context() as patch:
        patch.setattr(borders, "MAX_FEATURES", 1)
        with pytest.raises(InputError, match="keep kelurahan only"):
            read_borders(written(tmp_path, feature(), feature()))


def test_the_citys_real_borders_are_drawn_small() -> None:
    if not REAL.is_file():
        pytest.skip(f"no {REAL}")
    found = read_borders(REAL)
    assert len([one for one in found if one.is_kecamatan]) == 6
    assert "Benua Melayu Laut" in {one.name for one in found}
    assert sum(len(one.path) for one in found) < 20_000
