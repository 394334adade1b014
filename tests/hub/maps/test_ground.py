"""What lies under the marks: with nothing configured, with everything, and with files that are wrong."""

import logging
from pathlib import Path

import pytest

from hub.config import MapSettings, load_config
from hub.errors import InputError
from hub.maps.ground import read_ground
from hub.maps.streets import check_address, check_pmtiles

TILES = "https://ubin.example.go.id/{z}/{x}/{y}.png"


def test_with_nothing_configured_the_map_draws_all_it_needs() -> None:
    ground = read_ground(MapSettings())
    assert (len(ground.kecamatan), len(ground.kelurahan)) == (6, 29)
    assert [river.name for river in ground.rivers] == ["Sungai Kapuas", "Sungai Landak"]
    assert ground.equator_y == 445
    assert not ground.streets.is_there
    assert ground.mistakes == ()


def test_a_file_of_streets_is_taken_before_an_address(tmp_path: Path) -> None:
    (tmp_path / "kota.pmtiles").write_bytes(b"PMTiles\x03rest")
    ground = read_ground(MapSettings(pmtiles=str(tmp_path / "kota.pmtiles"), tile_url=TILES))
    assert ground.streets.file == tmp_path / "kota.pmtiles"
    assert ground.streets.is_there
    assert ground.streets.origin == ""


def test_an_address_of_tiles_names_the_origin_that_browsers_must_be_allowed() -> None:
    assert read_ground(MapSettings(tile_url=TILES)).streets.origin == "https://ubin.example.go.id"
    assert read_ground(MapSettings(tile_url="/ubin/{z}/{x}/{y}.png")).streets.origin == ""


def test_files_that_are_wrong_take_nothing_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "batas.geojson").write_text("{}")
    (tmp_path / "kota.pmtiles").write_bytes(b"GIF89a")
    settings = MapSettings(borders=str(tmp_path / "batas.geojson"), pmtiles=str(tmp_path / "kota.pmtiles"))
    with caplog.at_level(logging.ERROR):
        ground = read_ground(settings)
    assert len(ground.mistakes) == len(caplog.records) == 2
    assert ground.borders == ()
    assert not ground.streets.is_there
    assert len(ground.kelurahan) == 29


def test_a_missing_file_of_streets_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="check \\[map\\] pmtiles"):
        check_pmtiles(tmp_path / "tidak-ada.pmtiles")


@pytest.mark.parametrize(
    "address",
    [
        "https://ubin.example.go.id/{z}/{x}.png",
        "http://ubin.example.go.id/{z}/{x}/{y}.png",
        "//ubin.example.go.id/{z}/{x}/{y}.png",
        "https://ubin.example.go.id; script-src */{z}/{x}/{y}.png",
        "https://siti:sandi@ubin.example.go.id/{z}/{x}/{y}.png",
        "javascript:alert(1)//{z}{x}{y}",
        "ubin/{z}/{x}/{y}.png",
    ],
)
def test_an_address_that_a_browser_should_not_ask_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="tile_url"):
        check_address(address)


def test_files_are_named_from_the_folder_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text('[map]\nborders = "batas.geojson"\n')
    config = load_config(tmp_path / "hub.toml")
    assert config.map == MapSettings(borders=str(tmp_path / "batas.geojson"))
