"""Where a place lies: on the right bank, on the equator, or outside the city."""

import math

import pytest

from hub.cases.complaints.where import district_of, spot_at, ward_named, ward_of
from hub.places.areas import read_areas


def test_every_centre_lies_in_its_own_kelurahan() -> None:
    for area in read_areas().kelurahan:
        spot = spot_at(area.lat, area.lon)
        assert spot is not None, area.name
        assert spot.kelurahan.code == area.code, area.name


@pytest.mark.parametrize(
    ("latitude", "longitude", "district"),
    [
        (0.0, 109.322, "Pontianak Utara"),  # the monument on the equator, north of the Kapuas
        (-0.012, 109.313, "Pontianak Barat"),  # the other bank
        (-0.03, 109.352, "Pontianak Timur"),
        (-0.0652, 109.3277, "Pontianak Selatan"),
    ],
)
def test_the_rivers_part_the_districts(latitude: float, longitude: float, district: str) -> None:
    spot = spot_at(latitude, longitude)
    assert spot is not None
    assert district_of(spot.kelurahan) == district


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(-0.2, 109.33), (0.0, 109.2), (48.1, 11.5), (math.nan, 109.3), (0.0, math.inf)],
)
def test_what_lies_outside_is_no_place_of_the_city(latitude: float, longitude: float) -> None:
    assert spot_at(latitude, longitude) is None


def test_a_written_address_names_its_kelurahan_in_either_spelling() -> None:
    for words in ("Jl. Khatulistiwa, Batulayang", "kel. batu layang"):
        found = ward_named(words)
        assert found is not None
        assert found.name == "Batu Layang"
    assert ward_named("entah di mana") is None
    assert ward_of("99.99.99.9999") is None


def test_everyday_words_inside_an_address_name_no_kelurahan() -> None:
    for words in (
        "lubang di tengah Jl. A. Yani",
        "setengah jalan rusak",
        "Jl. Mariana No. 3",
        "Taman Akcaya",
    ):
        assert ward_named(words) is None, words
    for words, name in {
        "kel. Tengah": "Tengah",
        "Jl. Merdeka, Kelurahan Mariana": "Mariana",
        "Akcaya": "Akcaya",
        "Gg. Damai, Siantan Tengah": "Siantan Tengah",
        "di tengah Sungai Jawi Dalam": "Sungai Jawi Dalam",
        "Sungaijawi": "Sungai Jawi",
    }.items():
        found = ward_named(words)
        assert found is not None, words
        assert found.name == name


def test_every_name_of_a_kelurahan_names_it() -> None:
    for area in read_areas().kelurahan:
        assert ward_named(area.name) is area
        assert ward_named(f"Gg. Damai, kelurahan {area.ministry_name or area.name}") is area
