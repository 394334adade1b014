"""A door whose clock is good, held or unknown."""

from datetime import timedelta
from typing import TYPE_CHECKING

from edge.wire.records.bodies import (
    Assurance,
    ClockQuality,
    ScanFlag,
)

if TYPE_CHECKING:
    from conftest import Entrance


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
