"""Mode ketat: figures that the phone signs."""

from typing import TYPE_CHECKING

from edge.wire.records.bodies import (
    ScanFlag,
)

if TYPE_CHECKING:
    from conftest import Entrance


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
