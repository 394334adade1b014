"""The state machine of a door."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from edge.hadir.answers import Report, Store, Tell
from edge.hadir.roster import advance
from edge.wire.bodies import (
    Assurance,
    ClockQuality,
    DeviceIncident,
    ScanFlag,
    ScanMethod,
    ScanRefused,
)
from edge.wire.codes import Purpose, digest_of, make_phone_code, read_code
from edge.wire.phones import SimulatedPhone
from edge.wire.roster import Entry, RosterDocument, Standing

if TYPE_CHECKING:
    from conftest import Entrance

BADGE_PERSON, REVOKED_PERSON, STRANGER, PIN = 2001, 1019, 1020, "4821"


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


@pytest.mark.parametrize("text", ["\0\1\2", "x" * 512, "H1:", "H1:\x7f", "HB:" + "9" * 111, "🙂"])
def test_rubbish_stops_nothing(entrance: "Entrance", text: str) -> None:
    assert entrance.codes_said(text) in (["E06"], ["E07"])
    assert entrance.codes_said(entrance.code(1001)) == ["H00"]


def test_no_changed_code_is_ever_accepted(entrance: "Entrance") -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    for _ in range(2_000):
        text = entrance.code(1001 + rng.randrange(10))
        place = rng.randrange(3, len(text))
        changed = text[:place] + rng.choice(alphabet.replace(text[place], "")) + text[place + 1 :]
        entrance.show(changed)
        entrance.clock.advance(0.01)
    assert entrance.stores == []


# --- clock -----------------------------------------------------------------------------------------


def test_a_held_clock_makes_the_proof_weaker_and_says_so(entrance: "Entrance") -> None:
    entrance.clock.set(entrance.clock.now().at, ClockQuality.HELD)
    assert entrance.codes_said(entrance.code(1001)) == ["H00"]
    scan = entrance.stores[0].scan
    assert (scan.assurance, scan.flags) == (Assurance.MEDIUM, (ScanFlag.CLOCK_HELD,))


def test_without_a_clock_scans_go_on_flagged(entrance: "Entrance") -> None:
    codes = [entrance.code(person) for person in (1001, 1002)]
    entrance.lose_the_time()
    said = [entrance.show(code)[0] for code in codes]
    assert [message.code for message in said] == ["H00", "H00"]
    assert said[0].text == "Halo, Budi 1001. TERCATAT — jam perangkat dilengkapi kemudian"
    assert all(ScanFlag.CLOCK_UNKNOWN in store.scan.flags for store in entrance.stores)
    assert all(store.scan.assurance is Assurance.MEDIUM for store in entrance.stores)


def test_without_a_clock_a_code_far_from_what_others_say_is_refused(entrance: "Entrance") -> None:
    codes = [entrance.code(person, person % 5) for person in range(1001, 1006)]
    stale = entrance.code(1006, -40)
    entrance.lose_the_time()
    assert [entrance.codes_said(code) for code in codes] == [["H00"]] * 5
    assert entrance.codes_said(stale) == ["E02"]


def test_one_wild_phone_does_not_lock_the_others_out(entrance: "Entrance") -> None:
    wild = entrance.code(1001, 86_400)
    honest = [entrance.code(person) for person in range(1002, 1008)]
    entrance.lose_the_time()
    entrance.show(wild)
    assert [entrance.codes_said(code) for code in honest] == [["H00"]] * 6


def test_without_a_clock_the_codes_of_a_person_must_rise(entrance: "Entrance") -> None:
    older, newer = entrance.code(1001, -5), entrance.code(1001, 0)
    entrance.lose_the_time()
    assert entrance.codes_said(newer) == ["H00"]
    entrance.clock.advance(61)
    assert entrance.codes_said(older) == ["E02"]


def test_without_a_clock_yesterdays_screenshot_is_older_than_the_last_good_scan(entrance: "Entrance") -> None:
    yesterday = entrance.code(1002, -86_400)
    entrance.show(entrance.code(1001))
    entrance.lose_the_time()
    assert entrance.codes_said(yesterday) == ["E02"]


def test_a_clock_that_lags_since_a_power_cut_is_corrected_by_the_phones(entrance: "Entrance") -> None:
    codes = [entrance.code(person) for person in range(1001, 1006)]
    entrance.clock.set(entrance.clock.now().at - timedelta(hours=2), ClockQuality.HELD)
    said = [entrance.codes_said(code) for code in codes]
    assert said == [["E02"], ["E02"], ["H00"], ["H00"], ["H00"]], "three phones agree on another time"
    assert entrance.stores[0].scan.flags == (ScanFlag.CLOCK_UNKNOWN,)
    footers = entrance.door.footers(entrance.clock.now())
    assert [footer.text for footer in footers] == ["Jam perangkat diperkirakan"]


def test_phones_never_overrule_a_synchronised_clock(entrance: "Entrance") -> None:
    codes = [entrance.code(person, -120) for person in range(1001, 1008)]
    assert [entrance.codes_said(code) for code in codes] == [["E02"]] * 7


def test_a_clock_that_jumps_does_not_revive_a_used_code(entrance: "Entrance") -> None:
    text = entrance.code(1001)
    entrance.show(text)
    entrance.clock.advance(3_600)
    assert entrance.codes_said(text) == ["E03"]
    entrance.clock.set(entrance.clock.now().at - timedelta(seconds=3_600), ClockQuality.SYNCED)
    entrance.clock.advance(3)
    assert entrance.codes_said(text) == ["E03"]


# --- mode ketat ------------------------------------------------------------------------------------


def test_in_strict_mode_a_code_without_the_figures_is_asked_for_them(strict_entrance: "Entrance") -> None:
    figures = strict_entrance.door.challenge(strict_entrance.clock.now())
    said = strict_entrance.show(strict_entrance.code(1001))
    assert figures
    assert [message.code for message in said] == ["E09"]
    assert figures in said[0].text


def test_in_strict_mode_signed_figures_are_accepted_now_and_one_turn_later(
    strict_entrance: "Entrance",
) -> None:
    old = strict_entrance.door.challenge(strict_entrance.clock.now()) or ""
    assert strict_entrance.codes_said(strict_entrance.code(1001, challenge=old)) == ["H00"]
    assert ScanFlag.CHALLENGE_MET in strict_entrance.stores[0].scan.flags
    strict_entrance.clock.advance(31)
    assert strict_entrance.door.challenge(strict_entrance.clock.now()) != old
    assert strict_entrance.codes_said(strict_entrance.code(1002, challenge=old)) == ["H00"]
    strict_entrance.clock.advance(31)
    assert strict_entrance.codes_said(strict_entrance.code(1003, challenge=old)) == ["E06"]


def test_figures_are_forgotten_when_nobody_came_for_long(strict_entrance: "Entrance") -> None:
    old = strict_entrance.door.challenge(strict_entrance.clock.now()) or ""
    strict_entrance.clock.advance(600)
    assert strict_entrance.codes_said(strict_entrance.code(1001, challenge=old)) == ["E06"]


def test_a_door_that_is_not_strict_shows_no_figures(entrance: "Entrance") -> None:
    assert entrance.door.challenge(entrance.clock.now()) is None


# --- badges ----------------------------------------------------------------------------------------


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


# --- roster age, footers, hint ---------------------------------------------------------------------


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
