"""The state machine of a door."""

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from edge.hadir.answers import Report, Store
from edge.hadir.judging.roster import advance
from edge.wire.hadir.codes import digest_of, make_phone_code, read_code
from edge.wire.hadir.phones import SimulatedPhone
from edge.wire.hadir.roster import RosterDocument
from edge.wire.records.bodies import (
    Assurance,
    DeviceIncident,
    ScanMethod,
    ScanRefused,
)

if TYPE_CHECKING:
    from conftest import Entrance

REVOKED_PERSON = 1019
STRANGER = 1020


def test_a_person_is_greeted_only_after_the_scan_is_stored(entrance: "Entrance") -> None:
    answers = entrance.door.present(entrance.code(1001), entrance.clock.now())
    assert [type(answer) for answer in answers] == [Store]
    assert entrance.door.is_waiting
    said = entrance.settle(answers)
    assert [message.text for message in said] == ["Selamat pagi, Budi 1001. MASUK 07.14 — tepat waktu"]
    assert said[0].is_accepted
    assert not entrance.door.is_waiting


def test_a_scan_says_who_where_and_how_sure(entrance: "Entrance") -> None:
    text = entrance.code(1002)
    entrance.show(text)
    scan = entrance.stores[0].scan
    code = read_code(text)
    assert (scan.door, scan.person, scan.method) == ("pintu-1", 1002, ScanMethod.PHONE)
    assert (scan.assurance, scan.flags, scan.roster_version) == (Assurance.STRONG, (), 5)
    assert scan.token == digest_of(code)  # type: ignore[arg-type]  # a phone's
    assert scan.issued_at == code.issued_at  # type: ignore[union-attr]


def test_a_scan_that_cannot_be_kept_is_not_greeted_and_may_be_tried_again(entrance: "Entrance") -> None:
    text = entrance.code(1001)
    assert entrance.codes_said(text, is_kept=False) == ["E13"]
    assert entrance.codes_said(text) == ["H00"]


def test_silence_of_the_agent_is_said_after_three_seconds(entrance: "Entrance") -> None:
    answers = entrance.door.present(entrance.code(1001), entrance.clock.now())
    entrance.clock.advance(2.9)
    assert entrance.door.tick(entrance.clock.now()) == []
    entrance.clock.advance(0.2)
    assert [m.code for m in entrance.settle(entrance.door.tick(entrance.clock.now()))] == ["E13"]
    assert isinstance(answers[0], Store)
    late = entrance.door.stored(answers[0].ticket, is_kept=True, now=entrance.clock.now())
    assert late == [], "the person was already told to try again"


@pytest.mark.parametrize(
    ("off_s", "said"), [(-20, "H00"), (-21, "E02"), (10, "H00"), (11, "E02"), (-3600, "E02")]
)
def test_a_code_counts_from_20_seconds_ago_to_10_ahead(entrance: "Entrance", off_s: int, said: str) -> None:
    assert entrance.codes_said(entrance.code(1001, off_s)) == [said]


def test_a_wrong_phone_clock_is_told_by_how_much(entrance: "Entrance") -> None:
    assert "selisih 95 detik" in entrance.show(entrance.code(1001, -95))[0].text


def test_a_code_of_2001_is_expired(entrance: "Entrance", phones: dict[int, SimulatedPhone]) -> None:
    assert entrance.codes_said(phones[1001].code(1_000_000_000, 1)) == ["E02"]


def test_a_phone_held_still_is_one_presentation(entrance: "Entrance") -> None:
    text = entrance.code(1001)
    said = []
    for _ in range(150):  # ten seconds at 15 frames a second, redrawn every 5 s
        said += entrance.codes_said(text)
        entrance.clock.advance(1 / 15)
        if entrance.now_s % 5 == 0:
            text = entrance.code(1001)
    assert said == ["H00"]
    assert len(entrance.stores) == 1


def test_a_copied_code_is_refused(entrance: "Entrance") -> None:
    text = entrance.code(1001)
    assert entrance.codes_said(text) == ["H00"]
    entrance.clock.advance(4)
    assert entrance.codes_said(text) == ["E03"]


def test_the_same_person_is_told_once_a_minute_that_they_are_recorded(entrance: "Entrance") -> None:
    entrance.show(entrance.code(1001))
    entrance.clock.advance(30)
    assert [m.text for m in entrance.show(entrance.code(1001))] == [
        "Sudah tercatat pukul 07.14. Tidak perlu memindai lagi."
    ]
    entrance.clock.advance(31)
    assert entrance.codes_said(entrance.code(1001)) == ["H00"]
    assert len(entrance.stores) == 2


def test_while_a_scan_is_being_stored_the_same_person_waits_in_silence(entrance: "Entrance") -> None:
    entrance.door.present(entrance.code(1001), entrance.clock.now())
    entrance.clock.advance(1)
    assert entrance.door.present(entrance.code(1001), entrance.clock.now()) == []


def test_two_phones_in_one_frame_are_both_recorded(entrance: "Entrance") -> None:
    texts = [entrance.code(1001), entrance.code(1002)]
    answers = [answer for text in texts for answer in entrance.door.present(text, entrance.clock.now())]
    assert [message.code for message in entrance.settle(answers)] == ["H00", "H00"]


def test_a_phone_that_is_not_listed_is_told_to_enrol(entrance: "Entrance") -> None:
    assert entrance.codes_said(entrance.code(STRANGER)) == ["E04"]


def test_a_revoked_phone_is_refused(entrance: "Entrance") -> None:
    assert entrance.codes_said(entrance.code(REVOKED_PERSON)) == ["E05"]


def test_a_revoked_phone_is_named_to_its_owner_only(
    entrance: "Entrance", phones: dict[int, SimulatedPhone]
) -> None:
    forged = make_phone_code(
        phones[1001].signing_key, person=REVOKED_PERSON, issued_at_s=entrance.now_s, nonce=1
    )
    assert entrance.codes_said(forged) == ["E06"]


def test_a_person_deleted_during_the_day_is_refused_from_then_on(entrance: "Entrance") -> None:
    assert entrance.codes_said(entrance.code(1001)) == ["H00"]
    assert entrance.door.roster
    now = entrance.clock.now().at
    change = RosterDocument(6, 5, now, now + timedelta(days=30), (), (), removed=((1001, 0),))
    entrance.door.roster = advance(entrance.door.roster, change)
    entrance.clock.advance(61)
    assert entrance.codes_said(entrance.code(1001)) == ["E04"]


def test_without_a_roster_nobody_is_let_in_and_everybody_is_told_why(entrance: "Entrance") -> None:
    entrance.door.roster = None
    assert "Daftar pegawai belum diterima" in entrance.show(entrance.code(1001))[0].text


def test_three_forged_codes_in_a_minute_are_an_incident(entrance: "Entrance") -> None:
    for _ in range(3):
        assert entrance.codes_said(entrance.code(1001)[:-3] + "000") == ["E06"]
        entrance.clock.advance(10)
    bodies = [a.body for a in entrance.door.tick(entrance.clock.now()) if isinstance(a, Report)]
    assert [body.what for body in bodies if isinstance(body, DeviceIncident)] == ["forged-codes"]
    assert entrance.door.tick(entrance.clock.now()) == []


def test_three_forged_codes_in_two_minutes_are_none(entrance: "Entrance") -> None:
    for _ in range(3):
        entrance.show(entrance.code(1001)[:-3] + "000")
        entrance.clock.advance(40)
    bodies = [a.body for a in entrance.door.tick(entrance.clock.now()) if isinstance(a, Report)]
    assert not [body for body in bodies if isinstance(body, DeviceIncident)]


def test_refusals_are_counted_once_a_minute_without_names(entrance: "Entrance") -> None:
    entrance.door.tick(entrance.clock.now())
    entrance.show(entrance.code(STRANGER))
    entrance.show(entrance.code(1001, -60))
    entrance.show(entrance.code(1002, -60))
    entrance.clock.advance(60)
    bodies = [a.body for a in entrance.door.tick(entrance.clock.now()) if isinstance(a, Report)]
    expected = {("E04", 1), ("E02", 2)}
    assert {(b.message, b.count) for b in bodies if isinstance(b, ScanRefused)} == expected


def test_a_foreign_code_is_mentioned_every_five_seconds_at_most(entrance: "Entrance") -> None:
    said = []
    for number in range(12):
        said += entrance.codes_said(f"https://example.com/{number}")
        entrance.clock.advance(1)
    assert said == ["E07"] * 3


def test_a_code_too_long_to_be_ours_is_called_foreign_and_seldom(entrance: "Entrance") -> None:
    said = []
    for _ in range(6):
        said += entrance.settle(entrance.door.foreign(entrance.clock.now()))
        entrance.clock.advance(1)
    assert [message.text for message in said] == ["Bukan kode Hadir."] * 2


@pytest.mark.parametrize("text", ["\0\1\2", "x" * 512, "H1:", "H1:\x7f", "HB:" + "9" * 111, "🙂"])
def test_rubbish_stops_nothing(entrance: "Entrance", text: str) -> None:
    assert entrance.codes_said(text) in (["E06"], ["E07"])
    assert entrance.codes_said(entrance.code(1001)) == ["H00"]


def test_no_changed_code_is_ever_accepted(entrance: "Entrance") -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    for _ in range(800):
        text = entrance.code(1001 + rng.randrange(10))
        place = rng.randrange(3, len(text))
        changed = text[:place] + rng.choice(alphabet.replace(text[place], "")) + text[place + 1 :]
        entrance.show(changed)
        entrance.clock.advance(0.01)
    assert entrance.stores == []
