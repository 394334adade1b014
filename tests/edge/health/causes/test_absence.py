"""Silences: a link that broke, power that went, hands and watchdogs."""

from datetime import datetime, timedelta

import msgspec
import pytest

from edge.clock import BUILT_AT, Stamp
from edge.config import Medium
from edge.health.causes.absence import AbsenceWatch, Moment, boot_reason
from edge.health.causes.life import Life
from edge.health.probing.board import Reset
from edge.wire.records.bodies import BootReason, Cause, ClockQuality, DeviceReturned

OLD, NEW = "0" * 32, "1" * 32
LEFT = Life(
    boot_id=OLD,
    at=BUILT_AT + timedelta(seconds=10),
    uptime_s=5_010,
    connected_at=BUILT_AT,
    connected_uptime_s=5_000,
)


class Rows:
    """Counts as the outbox would; remembers since when it was asked."""

    def __init__(self, count: int = 0) -> None:
        self.count = count
        self.since: list[datetime] = []

    def __call__(self, since: datetime) -> int:
        self.since.append(since)
        return self.count


def watch(
    previous: Life | None = LEFT, *, boot: str = NEW, rows: int = 0, reset: Reset | None = None
) -> AbsenceWatch:
    return AbsenceWatch(
        previous=previous, boot_id=boot, reset=reset, medium=Medium.FIBRE, count_rows=Rows(rows)
    )


def moment(
    uptime_s: float,
    *,
    on: bool = True,
    kept: int = 0,
    later_s: float = 0,
    quality: ClockQuality = ClockQuality.SYNCED,
) -> Moment:
    stamp = Stamp(BUILT_AT + timedelta(seconds=later_s), quality, round(uptime_s * 1e9))
    return Moment(stamp, is_connected=on, kept=kept)


def test_a_first_start_ever_has_nothing_to_explain() -> None:
    here = watch(previous=None)
    assert here.boot is BootReason.UNKNOWN
    assert here.step(moment(10, on=False)) is None
    assert here.step(moment(12)) is None
    assert not here.is_first_word_due


def test_a_power_cut_is_told_by_the_new_boot_and_the_short_uptime() -> None:
    here = watch()
    assert here.step(moment(40, on=False, later_s=3_590)) is None
    returned = here.step(moment(50, kept=9, later_s=3_600))
    assert returned == DeviceReturned(
        outage_s=3_600,
        cause=Cause.POWER,
        confidence=returned.confidence if returned else 0,
        evidence=("restarted-at-the-end",),
        boot=BootReason.POWER_CUT,
    )
    assert here.step(moment(51, later_s=3_601)) is None, "said once"


def test_a_last_gasp_on_the_disk_makes_it_sure_even_if_the_board_was_stopped_in_order() -> None:
    left = msgspec.structs.replace(LEFT, has_gasped=True, is_stopped=True)
    returned = watch(left, rows=20).step(moment(50, later_s=7_200))
    assert returned is not None
    assert (returned.cause, returned.evidence[0], returned.boot) == (
        Cause.POWER,
        "last-gasp",
        BootReason.POWER_CUT,
    )
    assert returned.confidence >= 0.9


def test_a_link_that_broke_while_the_agent_lived_is_the_links() -> None:
    here = watch(previous=None)
    here.step(moment(100))
    assert here.step(moment(200, on=False, kept=5)) is None
    here.saw(is_gateway_answering=False, is_signal_falling=True)
    returned = here.step(moment(800, kept=25))
    assert returned is not None
    assert (returned.outage_s, returned.cause, returned.rows_from_gap) == (600, Cause.LINK, 20)
    assert returned.boot is BootReason.SAME_BOOT
    assert "gateway-was-mute" in returned.evidence


def test_a_short_break_is_everyday_life() -> None:
    here = watch(previous=None)
    here.step(moment(100))
    here.step(moment(200, on=False))
    assert here.step(moment(215)) is None


def test_an_agent_that_restarts_during_a_silence_counts_the_rows_of_both_lives() -> None:
    returned = watch(boot=OLD, rows=30).step(moment(6_000, kept=4, quality=ClockQuality.UNKNOWN))
    assert returned is not None
    assert (returned.outage_s, returned.cause, returned.rows_from_gap) == (1_000, Cause.LINK, 34)


def test_a_quick_restart_of_the_agent_is_not_mentioned() -> None:
    assert watch(boot=OLD).step(moment(5_012)) is None


def test_rows_shortly_after_the_last_connection_are_not_from_the_silence() -> None:
    rows = Rows()
    AbsenceWatch(previous=LEFT, boot_id=NEW, reset=None, medium=Medium.FIBRE, count_rows=rows)
    assert rows.since == [BUILT_AT + timedelta(seconds=45)]


def test_without_a_clock_the_word_waits_two_minutes_and_then_guesses_low() -> None:
    here = watch()
    for uptime_s in (30, 60, 149):
        assert here.step(moment(uptime_s, quality=ClockQuality.UNKNOWN)) is None
    returned = here.step(moment(150, quality=ClockQuality.UNKNOWN))
    assert returned is not None
    assert returned.outage_s == 10 + 150 - 120


def test_the_clock_may_come_back_in_time() -> None:
    here = watch()
    assert here.step(moment(30, quality=ClockQuality.UNKNOWN)) is None
    returned = here.step(moment(40, later_s=1_000))
    assert returned is not None
    assert returned.outage_s == 990, "the silence ended with the connection"


def test_a_stop_by_hand_is_nobodys_fault() -> None:
    returned = watch(msgspec.structs.replace(LEFT, is_stopped=True)).step(moment(300, later_s=900))
    assert returned is not None
    assert (returned.cause, returned.boot) == (Cause.UNKNOWN, BootReason.REBOOT)
    assert returned.evidence == ("stopped-by-hand",)


STOPPED = msgspec.structs.replace(LEFT, is_stopped=True)
GASPED = msgspec.structs.replace(LEFT, has_gasped=True)
POWERED, BARKED = Reset(is_power_on=True, is_watchdog=False), Reset(is_power_on=True, is_watchdog=True)


@pytest.mark.parametrize(
    ("previous", "reset", "expected"),
    [
        (LEFT, None, BootReason.POWER_CUT),
        (LEFT, POWERED, BootReason.POWER_CUT),
        (LEFT, BARKED, BootReason.WATCHDOG),
        (STOPPED, BARKED, BootReason.REBOOT),
        (GASPED, BARKED, BootReason.POWER_CUT),
        (None, None, BootReason.UNKNOWN),
        (None, POWERED, BootReason.POWER_CUT),
    ],
)
def test_the_reason_of_a_boot(previous: Life | None, reset: Reset | None, expected: BootReason) -> None:
    assert boot_reason(previous, is_same_boot=False, reset=reset) is expected
    assert boot_reason(previous, is_same_boot=True, reset=reset) is BootReason.SAME_BOOT


def test_a_watchdog_restart_is_not_called_power() -> None:
    returned = watch(reset=BARKED).step(moment(30, later_s=120))
    assert returned is not None
    assert (returned.cause, returned.boot) == (Cause.UNKNOWN, BootReason.WATCHDOG)
