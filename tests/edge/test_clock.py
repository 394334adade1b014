"""The clock: what it says when NTP is there, when it is not, and after a cold boot in 1970."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge import clock as clock_module
from edge.clock import BUILT_AT, SettableClock, SystemClock, is_kernel_clock_synced
from edge.wire.records.bodies import ClockQuality

NOW = datetime(2026, 12, 1, 7, 14, tzinfo=UTC)


class Machine:
    """A wall clock, a monotonic clock and an NTP state to set."""

    def __init__(self, at: datetime = NOW, *, is_synced: bool = False) -> None:
        self.at = at
        self.mono_ns = 5_000_000_000
        self.is_synced = is_synced

    def clock(self, floor: Path | None = None) -> SystemClock:
        return SystemClock(
            floor,
            wall_s=lambda: float(self.at.timestamp()),
            mono_ns=lambda: self.mono_ns,
            is_ntp_synced=lambda: self.is_synced,
        )

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.mono_ns += round(seconds * 1e9)


def test_a_clock_that_ntp_keeps_is_synced() -> None:
    stamp = Machine(is_synced=True).clock().now()
    assert (stamp.at, stamp.quality, stamp.mono_ns) == (NOW, ClockQuality.SYNCED, 5_000_000_000)


def test_a_clock_without_ntp_is_held() -> None:
    assert Machine().clock().now().quality is ClockQuality.HELD


def test_a_clock_of_1970_is_unknown_and_goes_on_from_the_floor() -> None:
    machine = Machine(datetime(1970, 1, 1, tzinfo=UTC), is_synced=True)
    clock = machine.clock()
    machine.wait(90)
    stamp = clock.now()
    assert stamp.quality is ClockQuality.UNKNOWN
    assert stamp.at == BUILT_AT + timedelta(seconds=90)


def test_the_floor_outlives_a_reboot(tmp_path: Path) -> None:
    floor = tmp_path / "floor"
    Machine(NOW, is_synced=True).clock(floor).now()
    after = Machine(NOW - timedelta(days=3)).clock(floor).now()
    assert after.quality is ClockQuality.UNKNOWN
    assert after.at == NOW


def test_a_clock_that_jumps_back_a_day_while_it_runs_is_not_believed_and_time_goes_on() -> None:
    machine = Machine(is_synced=True)
    clock = machine.clock()
    clock.now()
    machine.wait(30)
    machine.is_synced = False
    machine.at -= timedelta(days=1)
    stamp = clock.now()
    assert stamp.quality is ClockQuality.UNKNOWN
    assert stamp.at == NOW + timedelta(seconds=30)
    machine.at += timedelta(days=1)
    assert clock.now().quality is ClockQuality.HELD


def test_ntp_itself_may_set_the_clock_back_by_seconds() -> None:
    machine = Machine(is_synced=True)
    clock = machine.clock()
    clock.now()
    machine.at -= timedelta(seconds=5)
    assert clock.now().quality is ClockQuality.SYNCED
    machine.is_synced = False
    assert clock.now().quality is ClockQuality.HELD


def test_the_floor_is_written_every_ten_minutes_and_only_when_synced(tmp_path: Path) -> None:
    floor = tmp_path / "floor"
    machine = Machine(NOW)
    clock = machine.clock(floor)
    clock.now()
    assert not floor.exists()
    machine.is_synced = True
    clock.now()
    first = floor.read_text()
    machine.wait(599)
    clock.now()
    assert floor.read_text() == first
    machine.wait(2)
    clock.now()
    assert datetime.fromisoformat(floor.read_text().strip()) == NOW + timedelta(seconds=601)


@pytest.mark.parametrize("text", ["", "yesterday", "2027-01-01T00:00:00", "\x00\x00"])
def test_a_garbled_floor_is_no_floor(tmp_path: Path, text: str) -> None:
    floor = tmp_path / "floor"
    floor.write_text(text)
    assert Machine().clock(floor).now().at == NOW


def test_a_floor_that_cannot_be_written_is_logged_and_time_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stamp = Machine(is_synced=True).clock(tmp_path / "missing" / "floor").now()
    assert stamp.at == NOW
    assert "cannot be written" in caplog.text


def test_the_boot_id_is_32_hexadecimal_digits_and_stays(tmp_path: Path) -> None:
    assert SystemClock().boot_id == SystemClock().boot_id
    assert len(bytes.fromhex(SystemClock().boot_id)) == 16
    invented = SystemClock(boot_id_path=tmp_path / "none").boot_id
    assert len(bytes.fromhex(invented)) == 16


def test_the_kernel_can_be_asked() -> None:
    assert is_kernel_clock_synced() in (True, False)


def test_a_kernel_that_cannot_be_asked_is_not_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_library(*_args: object, **_kwargs: object) -> None:
        raise OSError("no libc")

    monkeypatch.setattr(clock_module.ctypes, "CDLL", no_library)
    assert not is_kernel_clock_synced()


@pytest.mark.parametrize(
    ("state", "status", "max_error_us", "is_synced"),
    [
        (0, 0, 500_000, True),
        (5, 0, 500_000, False),
        (0, 0x40, 500_000, False),
        (0, 0, 9_000_000, False),
        (-1, 0, 0, False),
    ],
)
def test_the_kernels_answer_is_read(state: int, status: int, max_error_us: int, is_synced: bool) -> None:
    assert clock_module._is_synced(state, status, max_error_us) is is_synced


def test_the_settable_clock_advances_and_jumps() -> None:
    clock = SettableClock(NOW, boot_id="a" * 32)
    clock.advance(1.5)
    assert clock.now().at == NOW + timedelta(seconds=1.5)
    assert clock.now().mono_ns == 1_500_000_000
    clock.set(NOW, ClockQuality.UNKNOWN)
    assert (clock.now().at, clock.now().quality, clock.boot_id) == (NOW, ClockQuality.UNKNOWN, "a" * 32)
    assert clock.now().mono_ns == 1_500_000_000
