"""Whole numbers from outside: what the database cannot hold is not there."""

import re

import pytest
from flask import Flask

from hub.people.permissions import Role
from hub.web.typed.whole_numbers import LARGEST, is_whole_number, whole_number
from tests.hub.screens import ARGUMENTS, Screens

TOO_LARGE = [str(LARGEST + 1), "9" * 25, "9" * 5000]


def numbered(app: Flask, number: str) -> list[str]:
    """Addresses of all pages with a number in them, with this number."""
    rules = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "<int:" in rule.rule and "GET" in (rule.methods or ())
    ]
    whole = [re.sub(r"<int:\w+>", number, rule) for rule in rules]
    whole = [re.sub(r"<any\([^)]*\):(\w+)>", lambda found: str(ARGUMENTS[found[1]]), rule) for rule in whole]
    return [re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ARGUMENTS[found[1]]), rule) for rule in whole]


def test_an_address_with_a_number_that_no_row_has_is_no_address(city: Screens) -> None:
    client = city.signed_in(*Role)
    paths = [path for number in (*TOO_LARGE, "²", "٣") for path in numbered(city.app, number)]
    assert len(paths) > 75
    assert {path[:60] for path in paths if client.get(path).status_code != 404} == set()


def test_the_largest_number_of_the_database_is_asked_for_and_not_there(city: Screens) -> None:
    client = city.signed_in(*Role)
    paths = numbered(city.app, str(LARGEST))
    assert {path: status for path in paths if (status := client.get(path).status_code) >= 500} == {}


@pytest.mark.parametrize(
    "text", [*TOO_LARGE, "", "²", "٣", "-1", "+1", " 1", "1_0", "1.0"], ids=lambda t: t[:20]
)
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    assert not is_whole_number(text)
    with pytest.raises(ValueError, match="no number"):
        whole_number(text)


@pytest.mark.parametrize("number", [0, 7, LARGEST])
def test_a_whole_number_is_read(number: int) -> None:
    assert whole_number(str(number)) == number


# Addresses that read a number after their question mark.
ASKING = [
    *(
        "/temuan?opd=N",
        "/temuan?hal=N",
        "/temuan/daftar.csv?opd=N",
        "/peristiwa?hal=N",
        "/peristiwa/1?lihat=N",
    ),
    *("/dinding?kelompok=N", "/dinding?tv=1&putar=N", "/dinding/lembar/besar.jpg?tempat=N&lebar=N"),
    *("/kamera/pi-jawi/utara/langsung.mp4?tayang=N", "/kamera/pi-jawi/utara/langsung.jpg?tayang=N"),
    *(
        "/kamera/pi-jawi/utara?perintah=N",
        "/serah-terima/daftar?hal=N",
        "/hadir/rekap?opd=N",
        "/hadir/terbit?opd=N",
    ),
    *("/kepegawaian?hal=N", "/kepegawaian?opd=N&unit=N", "/kepegawaian.csv?opd=N", "/kepegawaian/opd?opd=N"),
]


def test_a_question_with_a_number_that_no_row_has_is_answered(city: Screens) -> None:
    client = city.signed_in(*Role)
    asked = [address.replace("N", number) for number in (*TOO_LARGE, "²", "-1") for address in ASKING]
    assert {address[:60] for address in asked if client.get(address).status_code >= 500} == set()
