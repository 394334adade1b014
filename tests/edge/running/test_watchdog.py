"""systemd hears the agent, and hears nothing when a loop stands still."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.running.watchdog import Notifier, Watchdog, interval_s


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(str(tmp_path / "notify"))
        end.settimeout(240)
        yield end


def test_lines_arrive_in_one_datagram(systemd: socket.socket) -> None:
    Notifier(systemd.getsockname()).notify("READY=1", "STATUS=four cameras")
    assert systemd.recv(1_000) == b"READY=1\nSTATUS=four cameras"


def test_an_abstract_address_works() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(b"\0pontive-test-%d" % id(end))
        end.settimeout(240)
        Notifier("@" + end.getsockname()[1:].decode()).notify("READY=1")
        assert end.recv(100) == b"READY=1"


def test_without_systemd_nothing_happens() -> None:
    Notifier(None).notify("READY=1")


def test_a_deaf_systemd_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    notifier = Notifier(str(tmp_path / "nobody"))
    with caplog.at_level(logging.WARNING):
        notifier.notify("READY=1")
        notifier.notify("READY=1")
    assert len(caplog.records) == 1


def test_the_watchdog_is_fed_when_every_loop_moved(systemd: socket.socket) -> None:
    progress = [1.0, 1.0]
    watchdog = Watchdog(
        notifier=Notifier(systemd.getsockname()), every_s=10, progress=lambda: (progress[0], progress[1])
    )
    assert watchdog.feed(0)
    assert systemd.recv(100) == b"WATCHDOG=1"
    progress[:] = [2, 2]
    assert not watchdog.feed(9.9), "too early"
    assert watchdog.feed(10)


@pytest.mark.parametrize("moved", [(2.0, 1.0), (1.0, 2.0), (1.0, 1.0)])
def test_a_loop_that_stands_still_starves_it(moved: tuple[float, float]) -> None:
    progress = [(1.0, 1.0)]
    watchdog = Watchdog(notifier=Notifier(None), every_s=10, progress=lambda: progress[0])
    assert watchdog.feed(0)
    progress[0] = moved
    assert not watchdog.feed(60)
    progress[0] = (3.0, 3.0)
    assert watchdog.feed(61)


def test_no_watchdog_is_never_fed() -> None:
    assert not Watchdog(notifier=Notifier(None), every_s=None, progress=lambda: (0.0,)).feed(1_000)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 10.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, 10.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_interval_is_a_third_of_the_patience(environment: dict[str, str], expected: float | None) -> None:
    assert interval_s(environment, own_pid=7) == expected
