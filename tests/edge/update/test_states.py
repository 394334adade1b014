"""Killed, cut off and made to fail at everything it does in every state: always a working version.

Mender's way: the list of what can go wrong is not written by hand, it is what a good run and a bad one
really do. A fault strikes once, or every time from then on.
"""

import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from edge.wire.updates import SETTLED, UpdateFault, UpdateState
from tests.edge.update.device import Device, Fault, Kind

ROOT = Path(__file__).parents[3]
# Three times for each direction, and what a kill leaves open.
MOST_RESTARTS = 8
MOST_INSTALLS = 4
EVENTS = tuple[tuple[UpdateState, str], ...]


@functools.cache
def what_happens(*, is_good: bool) -> EVENTS:
    with tempfile.TemporaryDirectory() as folder:
        device = Device(Path(folder), deaf_numbers=() if is_good else (2,))
        end = device.live_on(device.release(2)).state
        assert end is (UpdateState.COMMITTED if is_good else UpdateState.RETURNED)
        return tuple(device.events)


def places_of(state: UpdateState, *, is_good: bool) -> list[str]:
    return [what for at, what in what_happens(is_good=is_good) if at is state]


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


def check_the_end(device: Device, where: str) -> None:
    """It works, it is calm about the same order, and another one puts it right."""
    assert device.machine.is_working, where
    assert device.restarts <= MOST_RESTARTS, where
    assert device.installs <= MOST_INSTALLS, where
    device.fault = None
    device.deaf_numbers = ()
    if not device.machine.status().is_committed:
        # It would not restart when told; its own timer, or a hand at the plug, does it.
        device.machine.cut_power()
    device.live_on(device.release(3, order="3.1"))
    assert device.machine.status().number == 3, where
    assert device.machine.status().is_committed, where


@pytest.mark.parametrize("kind", [Kind.KILL, Kind.POWER_CUT, Kind.ERROR], ids=str)
@pytest.mark.parametrize("state", list(UpdateState), ids=str)
def test_struck_once_at_anything_in_a_state_it_ends_on_a_working_version(
    state: UpdateState, kind: Kind, tmp_path: Path
) -> None:
    for is_good in (True, False):
        for place, what in enumerate(places_of(state, is_good=is_good)):
            where = f"{kind} in {state}, {place}: {what}, {'good' if is_good else 'bad'} release"
            folder = tmp_path / f"{is_good}-{place}"
            device = Device(folder, fault=Fault(state, place, kind), deaf_numbers=() if is_good else (2,))
            document = device.release(2)
            end = device.live_on(document)
            assert end.state in SETTLED, where
            if is_good and kind is Kind.KILL:
                assert end.state is UpdateState.COMMITTED, f"{where}: a kill alone is no failure"
            # What the disk did not take cannot be remembered: it may go on after the next start.
            if end.fault is not UpdateFault.DISK:
                before = device.restarts, device.installs
                for _ in range(3):
                    device.live(document)
                assert (device.restarts, device.installs) == before, f"{where}: tried again"
            check_the_end(device, where)


@pytest.mark.parametrize("kind", [Kind.KILL, Kind.POWER_CUT, Kind.ERROR], ids=str)
@pytest.mark.parametrize("state", list(UpdateState), ids=str)
def test_struck_every_time_in_a_state_it_never_loops(state: UpdateState, kind: Kind, tmp_path: Path) -> None:
    for is_good in (True, False):
        for what in sorted(set(places_of(state, is_good=is_good))):
            where = f"{kind} always in {state}: {what}, {'good' if is_good else 'bad'} release"
            folder = tmp_path / f"{is_good}-{what}"
            fault = Fault(state, 0, kind, is_for_ever=True)
            device = Device(folder, fault=fault, deaf_numbers=() if is_good else (2,))
            device.wanted_event = what
            document = device.release(2)
            for _ in range(15):
                device.live(document, most_steps=60)
            check_the_end(device, where)


def test_every_state_is_passed_or_ends_an_update() -> None:
    passed = {state for is_good in (True, False) for state, _ in what_happens(is_good=is_good)}
    assert passed == set(UpdateState) - {UpdateState.REFUSED, UpdateState.FAILED}


@pytest.mark.parametrize(
    "state",
    [
        UpdateState.DOWNLOADING,
        UpdateState.INSTALLING,
        UpdateState.RESTARTING,
        UpdateState.TRYING,
        UpdateState.COMMITTING,
        UpdateState.RETURNING,
    ],
    ids=str,
)
def test_a_process_really_killed_in_a_state_goes_on_in_the_next(state: UpdateState, tmp_path: Path) -> None:
    is_good = state is not UpdateState.RETURNING
    command = (
        sys.executable,
        "-m",
        "tests.edge.update.victim",
        str(tmp_path),
        state.value,
        str(int(is_good)),
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert result.returncode == -9, result.stderr
    device = Device(tmp_path, deaf_numbers=() if is_good else (2,))
    end = device.live_on(device.release(2))
    assert end.state is (UpdateState.COMMITTED if is_good else UpdateState.RETURNED)
    check_the_end(device, f"SIGKILL in {state}")
