"""Badges with a PIN."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from edge.wire.hadir.roster import Entry, Standing
from edge.wire.records.bodies import (
    Assurance,
    ScanFlag,
    ScanMethod,
)

if TYPE_CHECKING:
    from conftest import Entrance

BADGE_PERSON = 2001
PIN = "4821"


def test_a_badge_asks_for_its_pin_and_then_counts_as_weak(entrance: "Entrance") -> None:
    assert [m.text for m in entrance.show(entrance.badge())] == ["Kartu: masukkan PIN"]
    said = entrance.settle(entrance.door.enter_pin(PIN, entrance.clock.now()))
    assert said[0].text == "Selamat pagi, Sri W. MASUK 07.14 — tepat waktu"
    scan = entrance.stores[0].scan
    assert (scan.method, scan.assurance, scan.person) == (ScanMethod.BADGE, Assurance.WEAK, BADGE_PERSON)


def test_a_badge_may_be_used_again_after_a_minute(entrance: "Entrance") -> None:
    for said in ("H00", "H00"):
        entrance.show(entrance.badge())
        assert [m.code for m in entrance.settle(entrance.door.enter_pin(PIN, entrance.clock.now()))] == [said]
        entrance.clock.advance(20)
        assert entrance.codes_said(entrance.badge()) == ["H01"]
        entrance.clock.advance(41)
    tokens = {store.scan.token for store in entrance.stores}
    assert len(tokens) == 2, "a badge is the same every day, its uses are not"


def test_five_wrong_pins_lock_a_badge_for_ten_minutes(entrance: "Entrance") -> None:
    entrance.show(entrance.badge())
    said = [entrance.settle(entrance.door.enter_pin("0000", entrance.clock.now()))[0].text for _ in range(5)]
    assert said[0] == "PIN salah, sisa 4 kali."
    assert said[4] == "PIN salah, sisa 0 kali. Tunggu 10 menit atau hubungi petugas."
    assert entrance.door.enter_pin(PIN, entrance.clock.now()) == []
    entrance.clock.advance(60)
    assert entrance.show(entrance.badge())[0].text.startswith("PIN salah, sisa 0 kali")
    entrance.clock.advance(541)
    assert entrance.show(entrance.badge())[0].text == "Kartu: masukkan PIN"
    assert [m.code for m in entrance.settle(entrance.door.enter_pin(PIN, entrance.clock.now()))] == ["H00"]


def test_a_pin_without_a_badge_or_too_late_is_nothing(entrance: "Entrance") -> None:
    assert entrance.door.enter_pin(PIN, entrance.clock.now()) == []
    entrance.show(entrance.badge())
    entrance.clock.advance(31)
    entrance.door.tick(entrance.clock.now())
    assert entrance.door.enter_pin(PIN, entrance.clock.now()) == []


@pytest.mark.parametrize(
    ("badge", "said"),
    [
        ({"serial": 9}, "E05"),
        ({"valid_until": date(2026, 11, 22)}, "E05"),
        ({"valid_until": date(2026, 11, 23)}, "E08"),
        ({"person": 1001}, "E04"),
        ({"person": 3000}, "E04"),
    ],
)
def test_a_badge_is_good_until_its_last_day_unless_revoked_and_for_people_without_a_phone(
    entrance: "Entrance", badge: dict[str, object], said: str
) -> None:
    assert entrance.codes_said(entrance.badge(**badge)) == [said]  # type: ignore[arg-type]  # by name


def test_a_badge_signed_by_an_unknown_key_is_not_genuine(entrance: "Entrance") -> None:
    assert entrance.door.roster
    entrance.door.roster = replace(entrance.door.roster, badge_keys={2: bytes(32)})
    assert entrance.codes_said(entrance.badge()) == ["E06"]


def test_a_person_with_badge_and_no_phone_cannot_use_a_phone(entrance: "Entrance") -> None:
    assert entrance.door.roster
    key = (1001, 0)
    entrance.door.roster.entries[key] = Entry(1001, 0, b"", Standing.BADGE_ALLOWED, 12, "Budi")
    assert entrance.codes_said(entrance.code(1001)) == ["E04"]


def test_a_guard_vouches_for_a_badge_and_the_record_says_so(entrance: "Entrance") -> None:
    assert entrance.door.witness(entrance.clock.now()) == []
    entrance.show(entrance.badge())
    assert entrance.door.is_asking_pin
    said = entrance.settle(entrance.door.witness(entrance.clock.now()))
    assert said[0].text == "Selamat pagi, Sri W. MASUK 07.14 — tepat waktu"
    assert not entrance.door.is_asking_pin
    scan = entrance.stores[0].scan
    assert (scan.assurance, scan.flags) == (Assurance.WEAK, (ScanFlag.WITNESSED,))
    assert entrance.door.witness(entrance.clock.now()) == []
