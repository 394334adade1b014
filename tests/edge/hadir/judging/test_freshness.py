"""Phones as witnesses of the time."""

import dataclasses
from datetime import UTC, datetime

import pytest

from edge.clock import Stamp
from edge.hadir.judging.freshness import MAX_WITNESSES, Witnesses, believed_clock
from edge.wire.hadir.codes import PhoneCode, read_code
from edge.wire.hadir.phones import new_phone
from edge.wire.records.bodies import ClockQuality

PHONE = new_phone(1)
NOW_S = 1_795_216_449


def code_of(person: int, issued_at_s: int) -> PhoneCode:

    code = read_code(PHONE.code(issued_at_s, 0))
    assert isinstance(code, PhoneCode)
    return dataclasses.replace(code, person=person)


def test_fewer_than_three_people_agree_on_nothing() -> None:
    witnesses = Witnesses()
    for person in (1, 2, 2, 2):
        witnesses.hear(code_of(person, NOW_S), 100)
    assert witnesses.time_s(100) is None
    witnesses.hear(code_of(3, NOW_S), 100)
    assert witnesses.time_s(107.5) == NOW_S + 7.5


def test_the_median_counts_and_a_person_has_one_voice() -> None:
    witnesses = Witnesses()
    for person, off_s in ((1, 0), (2, 1), (3, 2), (4, 9_000)):
        witnesses.hear(code_of(person, NOW_S + off_s), 100)
    for _ in range(20):
        witnesses.hear(code_of(4, NOW_S + 9_000), 100)
    assert witnesses.time_s(100) == NOW_S + 1.5


def test_only_the_newest_fifteen_people_are_heard() -> None:
    witnesses = Witnesses()
    for person in range(1, 20):
        witnesses.hear(code_of(person, NOW_S + 1_000), 100)
    for person in range(20, 20 + MAX_WITNESSES):
        witnesses.hear(code_of(person, NOW_S), 100)
    assert witnesses.time_s(100) == NOW_S


@pytest.mark.parametrize(
    ("quality", "behind_s", "believed"),
    [
        (ClockQuality.SYNCED, 3_600, ClockQuality.SYNCED),
        (ClockQuality.HELD, 3_600, ClockQuality.UNKNOWN),
        (ClockQuality.HELD, -3_600, ClockQuality.UNKNOWN),
        (ClockQuality.HELD, 15, ClockQuality.HELD),
        (ClockQuality.UNKNOWN, 0, ClockQuality.UNKNOWN),
    ],
)
def test_phones_contradict_a_held_clock_only(
    quality: ClockQuality, behind_s: int, believed: ClockQuality
) -> None:
    witnesses = Witnesses()
    now = Stamp(at=datetime.fromtimestamp(NOW_S - behind_s, UTC), quality=quality, mono_ns=100 * 10**9)
    assert believed_clock(now, witnesses) is quality
    for person in (1, 2, 3):
        witnesses.hear(code_of(person, NOW_S), 100)
    assert believed_clock(now, witnesses) is believed
