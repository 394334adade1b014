"""Roster age, footers, flags and hints of a door."""

from typing import TYPE_CHECKING

import pytest

from edge.hadir.answers import Tell
from edge.wire.hadir.codes import Purpose, make_phone_code
from edge.wire.hadir.phones import SimulatedPhone
from edge.wire.records.bodies import (
    Assurance,
    ScanFlag,
)

if TYPE_CHECKING:
    from conftest import Entrance


def test_a_roster_of_30_days_is_used_flagged_and_its_age_is_shown(entrance: "Entrance") -> None:
    assert entrance.door.footers(entrance.clock.now()) == ()
    entrance.clock.advance(31 * 86_400)
    assert entrance.codes_said(entrance.code(1001)) == ["H00"]
    scan = entrance.stores[0].scan
    assert (scan.assurance, scan.flags) == (Assurance.MEDIUM, (ScanFlag.ROSTER_STALE,))
    footers = entrance.door.footers(entrance.clock.now(), waiting=12)
    assert [footer.text for footer in footers] == [
        "Luring — data tersimpan, dikirim saat tersambung (12 antre)",
        "Daftar pegawai 31 hari lalu",
    ]


@pytest.mark.parametrize(
    ("purpose", "flag"),
    [
        (Purpose.ARRIVING, ScanFlag.PURPOSE_ARRIVING),
        (Purpose.LEAVING, ScanFlag.PURPOSE_LEAVING),
        (Purpose.EVENT, ScanFlag.PURPOSE_EVENT),
    ],
)
def test_what_the_person_chose_is_recorded(entrance: "Entrance", purpose: Purpose, flag: ScanFlag) -> None:
    entrance.show(entrance.code(1001, purpose=purpose))
    assert entrance.stores[0].scan.flags == (flag,)


def test_a_phone_that_never_compared_its_clock_is_flagged(
    entrance: "Entrance", phones: dict[int, SimulatedPhone]
) -> None:
    key = phones[1001].signing_key
    entrance.show(
        make_phone_code(key, person=1001, issued_at_s=entrance.now_s, nonce=1, is_clock_corrected=False)
    )
    assert entrance.stores[0].scan.flags == (ScanFlag.PHONE_CLOCK_UNCORRECTED,)


def test_a_code_that_stays_unreadable_for_three_seconds_gets_a_hint(entrance: "Entrance") -> None:
    said = []
    for _ in range(100):
        answers = entrance.door.unreadable(entrance.clock.now(), is_too_small=True)
        said += [a.message.text for a in answers if isinstance(a, Tell)]
        entrance.clock.advance(1 / 15)
    assert said == ["Dekatkan ponsel lebih dekat, tahan 1 detik, naikkan kecerahan layar"] * 2


def test_a_code_that_is_read_in_between_needs_no_hint(entrance: "Entrance") -> None:
    for step in range(60):
        assert entrance.door.unreadable(entrance.clock.now(), is_too_small=False) == []
        if step % 30 == 0:
            entrance.show(entrance.code(1001))
        entrance.clock.advance(1 / 15)


def test_the_hint_for_a_large_code_sends_it_away(entrance: "Entrance") -> None:
    entrance.door.unreadable(entrance.clock.now(), is_too_small=False)
    for _ in range(2):
        entrance.clock.advance(1.5)
        answers = entrance.door.unreadable(entrance.clock.now(), is_too_small=False)
    assert isinstance(answers[0], Tell)
    assert answers[0].message.text.startswith("Pegang ponsel lebih jauh")
