"""The watch over billboards: each once, with permit and size; rupiah only from the city's own tariff."""

import csv
import io

from hub.people.permissions import Role
from tests.hub.cctv.findings.conftest import Room
from tests.hub.screens import post

WATCH = "/temuan/reklame"
FACTS = {"bentuk": "billboard", "lebar": "4", "tinggi": "2,5"}


def page(room: Room) -> str:
    return room.operator.get(WATCH).get_data(as_text=True)


def test_a_billboard_found_twice_is_one_line(room: Room) -> None:
    room.make()
    room.make(kiri="41")
    rows = list(csv.reader(io.StringIO(room.operator.get("/temuan/reklame.csv").text.removeprefix("\ufeff"))))
    assert {row[0]: row[10] for row in rows[1:]} == {"1": "1", "2": "2"}
    assert "2 kali" in page(room)
    assert "2026-11" in page(room)


def test_no_rupiah_is_said_before_the_city_entered_a_tariff(room: Room) -> None:
    post(room.operator, "/temuan/1/reklame", **FACTS)
    assert "10,0" in page(room)
    assert "Rp\u00a0" not in page(room)  # as amounts are written; a form's token may hold the letters
    assert "tidak mengarang angka" in page(room)


def test_with_tariff_and_size_the_potential_is_their_product(room: Room) -> None:
    room.make()
    post(room.operator, "/temuan/1/reklame", **FACTS)
    admin = room.city.signed_in(Role.SUPERVISOR)
    post(admin, "/temuan/reklame/tarif", bentuk="billboard", rupiah="150.000", dasar="Perda contoh 1/2026")
    assert "Rp\u00a01.500.000" in page(room)
    assert "Perda contoh 1/2026" in page(room)
    assert "+ 1 tanpa ukuran atau tarif" in page(room)
    post(room.operator, "/temuan/1/reklame", **FACTS, izin="503/12", berlaku="2027-01-01")
    assert "berizin" in page(room)
    assert page(room).count("Rp\u00a01.500.000") == 1, "one with a permit is in no sum"
    post(room.operator, "/temuan/1/reklame", **FACTS, izin="503/12", berlaku="2026-01-01")
    assert "izin kedaluwarsa" in page(room)
    post(room.operator, "/temuan/1/reklame", **FACTS, hilang="ya")
    assert "sudah dibongkar" in page(room)
    post(admin, "/temuan/reklame/tarif", bentuk="billboard", rupiah="0")
    assert "Kota belum mengisi tarif" in page(room)
    post(admin, "/temuan/reklame/tarif", bentuk="billboard", rupiah="0")


BAD_FACTS: tuple[tuple[dict[str, str], str], ...] = (
    ({"bentuk": "balon"}, "Pilih bentuk"),
    ({"lebar": "0"}, "Ukuran reklame"),
    ({"tinggi": "201"}, "Ukuran reklame"),
    ({"lebar": "lebar"}, "dengan angka"),
    ({"berlaku": "kelak"}, "TTTT-BB-HH"),
)
BAD_TARIFFS: tuple[tuple[dict[str, str], str], ...] = (
    ({"bentuk": "billboard", "rupiah": "mahal", "dasar": "x"}, "angka rupiah"),
    ({"bentuk": "balon", "rupiah": "1", "dasar": "x"}, "Pilih bentuk"),
    ({"bentuk": "billboard", "rupiah": "2000000000", "dasar": "x"}, "antara 0 dan"),
    ({"bentuk": "billboard", "rupiah": "100", "dasar": " "}, "dasar tarifnya"),
)


def test_facts_that_cannot_be_are_refused(room: Room) -> None:
    for fields, words in BAD_FACTS:
        answer = post(room.operator, "/temuan/1/reklame", **fields)
        assert words in room.operator.get(answer.location).get_data(as_text=True), fields


def test_only_a_billboard_has_such_facts(room: Room) -> None:
    room.make(jenis="road")
    answer = post(room.operator, "/temuan/2/reklame", **FACTS)
    assert "bukan reklame" in room.operator.get(answer.location).get_data(as_text=True)


def test_tariffs_that_cannot_be_are_refused(room: Room) -> None:
    admin = room.city.signed_in(Role.ADMIN)
    for fields, words in BAD_TARIFFS:
        post(admin, "/temuan/reklame/tarif", **fields)
        assert words in admin.get(WATCH).get_data(as_text=True), fields
    assert post(room.operator, "/temuan/reklame/tarif", **BAD_TARIFFS[0][0]).status_code == 404
