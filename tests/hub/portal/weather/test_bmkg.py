"""BMKG's two shapes are read; whatever else comes as a file is named and refused."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.errors import InputError
from hub.portal.weather.bmkg import MOST_BYTES, Forecast, Period, following, read_forecast

DATA = Path(__file__).parents[3] / "data" / "weather"
JSON = (DATA / "prakiraan.json").read_bytes()
XML = (DATA / "digital-forecast.xml").read_bytes()
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)


def read(content: bytes) -> Forecast:
    return read_forecast(content, regency="61.71", city="Pontianak")


def changed(**values: Any) -> bytes:
    """Return the JSON with something else said of its first hour."""
    file = json.loads(JSON)
    file["data"][0]["cuaca"][0][0] |= values
    return json.dumps(file).encode()


def test_json_of_a_kelurahan_is_read() -> None:
    found = read(b"\xef\xbb\xbf" + JSON)
    assert (found.area, found.issued_at) == ("Tengah, Pontianak Kota", MIDNIGHT)
    assert found.periods[0] == Period(MIDNIGHT + timedelta(hours=3), 3, 30.0, 71.0, 6.3)
    assert [one.words for one in found.periods] == ["Berawan", "Hujan sedang", "Hujan petir"]


def test_xml_of_the_province_is_read_for_this_city_alone() -> None:
    found = read(XML)
    assert (found.area, found.issued_at) == ("Pontianak", MIDNIGHT)
    assert found.periods == (
        Period(MIDNIGHT, 1, 25.0, 95.0, 3.704),
        Period(MIDNIGHT + timedelta(hours=6), 63, 31.0, 70.0, None),
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "bukan berkas BMKG"),
        (b"PK\x03\x04 lembar kerja", "bukan berkas BMKG"),
        (b"<html><body>502 Bad Gateway</body>", "tidak terbaca"),
        (b"<html></html>", "tidak ada wilayah Pontianak"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><data>&a;</data>', "DTD"),
        (b'{"statusCode": 404}', "tidak terbaca"),
        (b"{" + b'"a":{' * 200_000, "tidak terbaca"),
        (b'{"lokasi": \xff}', "tidak terbaca"),
        (b" " * (MOST_BYTES + 1), "lebih dari 2 MiB"),
        (JSON.replace(b'"61.71"', b'"61.72"'), "bukan untuk kota ini"),
        (changed(weather=8), "kode cuaca 8"),
        (changed(t=300), "tidak terbaca"),
        (changed(hu=-1), "tidak terbaca"),
        (changed(utc_datetime="besok pagi"), "'besok pagi' tidak terbaca"),
        (changed(utc_datetime="0001-01-01 00:00:00"), "di luar tahun"),
        (json.dumps(json.loads(JSON) | {"data": [{"cuaca": [[]]}]}).encode(), "tanpa satu pun jam"),
        (XML.replace(b">63<", b">hujan<"), "bukan bilangan"),
        (XML.replace(b'"C">31<', b'"C">99<'), "2026-11-21 06.00 UTC"),
        (XML.replace(b"202611210600", b"202613210600"), "tidak ada"),
        (XML.replace(b"202611210600", b"kemarin"), "tidak terbaca"),
    ],
    ids=range(20),
)
def test_what_is_no_forecast_of_this_city_is_refused_by_name(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(content)


def test_more_hours_than_a_forecast_has_are_refused_and_hours_said_twice_are_one() -> None:
    file = json.loads(JSON)
    first = file["data"][0]["cuaca"][0]
    file["data"][0]["cuaca"] = [first * 2]
    assert len(read(json.dumps(file).encode()).periods) == 2
    file["data"][0]["cuaca"] = [first * 300]
    with pytest.raises(InputError, match="lebih dari 400"):
        read(json.dumps(file).encode())


def test_the_hour_that_runs_and_those_after_it_follow() -> None:
    periods = read(JSON).periods
    assert following(periods, MIDNIGHT + timedelta(hours=4), most=5) == periods
    assert following(periods, MIDNIGHT + timedelta(hours=7), most=1) == periods[1:2]
    assert following(periods, MIDNIGHT + timedelta(hours=13), most=5) == periods[2:]
    assert following(periods, MIDNIGHT + timedelta(days=3), most=5) == ()
