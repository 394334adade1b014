"""What an update does when nobody is killed: what it refuses, waits for, and says."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge.update.life.machine import FETCH_AGAIN_S, QUIET_LOOK_S, SETTLED_LOOK_S
from edge.update.life.progress import ProgressFile
from edge.update.port import BundleFacts, SystemBusyError
from edge.wire.updates import SETTLED, UpdateFault, UpdateState
from tests.edge.update.device import BOARD, KEY, RECOVERY_KEY, STRANGER, TRIAL_S, Device


def end_of(device: Device, document: Any) -> tuple[UpdateState, UpdateFault | None]:
    progress = device.live_on(document)
    assert device.machine.is_working
    return progress.state, progress.fault


def test_a_good_release_is_committed_and_said_state_by_state(tmp_path: Path) -> None:
    device = Device(tmp_path)
    assert end_of(device, device.release(2)) == (UpdateState.COMMITTED, None)
    told = [report.state for report in device.said]
    assert told[:2] == [UpdateState.IDLE, UpdateState.OFFERED]
    assert told[-3:] == [UpdateState.TRYING, UpdateState.COMMITTING, UpdateState.COMMITTED]
    last = device.said[-1]
    assert (last.running_number, last.number, last.floor, last.board) == (2, 2, 2, BOARD)
    assert not list((tmp_path / "update").glob("*.bundle"))


def test_the_recovery_key_signs_as_well_and_a_stranger_does_not(tmp_path: Path) -> None:
    device = Device(tmp_path)
    assert end_of(device, device.release(2, key=RECOVERY_KEY))[0] is UpdateState.COMMITTED
    refused = end_of(device, device.release(3, key=STRANGER))
    assert refused == (UpdateState.REFUSED, UpdateFault.NOT_SIGNED)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"board": "rpi"}, UpdateFault.OTHER_BOARD),
        ({"facts": BundleFacts("rpi", 5, "0.5.0")}, UpdateFault.OTHER_CONTENT),
        ({"facts": BundleFacts(BOARD, 4, "0.5.0")}, UpdateFault.OTHER_CONTENT),
        ({"tamper": lambda content: content[:-1] + b"!"}, UpdateFault.NOT_SIGNED),
        ({"tamper": lambda content: content[:300] + b"!" + content[301:]}, UpdateFault.NOT_SIGNED),
        ({"tamper": lambda _content: b"no bundle at all"}, UpdateFault.NOT_SIGNED),
    ],
    ids=["board", "other board inside", "older inside", "payload", "facts", "garbage"],
)
def test_what_is_not_for_this_device_is_refused_and_nothing_restarts(
    tmp_path: Path, wrong: dict[str, Any], fault: UpdateFault
) -> None:
    device = Device(tmp_path)
    assert end_of(device, device.release(5, **wrong)) == (UpdateState.REFUSED, fault)
    assert device.restarts == 0
    assert device.machine.status().number == 1


def test_a_release_never_goes_below_what_once_ran_well(tmp_path: Path) -> None:
    device = Device(tmp_path)
    end_of(device, device.release(4))
    again = replace(device.release(3, order="again"), version=9)
    assert end_of(device, again) == (UpdateState.REFUSED, UpdateFault.NOT_NEWER)


def test_the_release_that_runs_already_needs_nothing(tmp_path: Path) -> None:
    device = Device(tmp_path)
    assert end_of(device, device.release(1))[0] is UpdateState.COMMITTED
    assert device.restarts == 0


def test_a_full_disk_is_named_before_anything_is_fetched(tmp_path: Path) -> None:
    device = Device(tmp_path, free_bytes=10_000)
    assert end_of(device, device.release(2)) == (UpdateState.FAILED, UpdateFault.NO_ROOM)
    assert "perlu 64 MiB" in device.said[-1].detail


def test_a_file_that_is_wrong_twice_is_given_up(tmp_path: Path) -> None:
    device = Device(tmp_path)
    document = device.release(2)
    device.served[document.sha256] = device.served[document.sha256][:-1] + b"!"
    assert end_of(device, document) == (UpdateState.FAILED, UpdateFault.DAMAGED)
    gone = replace(device.release(3), sha256="0" * 64, url="http://hub.example/rilis/none")
    assert end_of(device, gone) == (UpdateState.FAILED, UpdateFault.GONE)


@pytest.mark.parametrize("is_deaf", [True, False], ids=["not heard", "does not start"])
def test_a_bad_release_returns_by_itself_and_is_not_tried_again(tmp_path: Path, is_deaf: bool) -> None:
    device = Device(tmp_path, deaf_numbers=(2,) if is_deaf else ())
    document = device.release(2, starts=is_deaf)
    began_s = device.now_s
    fault = UpdateFault.NOT_HEARD if is_deaf else UpdateFault.NOT_STARTED
    assert end_of(device, document) == (UpdateState.RETURNED, fault)
    assert not is_deaf or device.now_s - began_s >= TRIAL_S
    restarts = device.restarts
    assert end_of(device, replace(document, version=7)) == (UpdateState.RETURNED, fault)
    assert device.restarts == restarts
    # Another order of the same release is another try.
    device.deaf_numbers = ()
    again = device.release(2, order="2.2", version=8)
    assert end_of(device, again) == (UpdateState.COMMITTED, None)


def test_it_waits_for_a_pause_at_the_door_and_for_the_quiet_hours(tmp_path: Path) -> None:
    device = Device(tmp_path, is_free=False, minute=None)
    document = device.release(2, quiet_from=1080, quiet_until=60)
    assert device.live(document).state is UpdateState.WAITING
    device.is_free = True
    assert device.live(document).state is UpdateState.INSTALLED
    device.minute = 600
    assert device.live(document).state is UpdateState.INSTALLED
    device.minute, device.is_free = 1100, False
    assert device.live(document).state is UpdateState.INSTALLED
    assert device.restarts == 0
    device.is_free = True
    assert end_of(device, document)[0] is UpdateState.COMMITTED


def test_an_order_taken_back_is_forgotten_until_the_restart(tmp_path: Path) -> None:
    device = Device(tmp_path, is_free=False)
    document = device.release(2)
    device.live(document)
    taken_back = replace(document, version=5, is_withdrawn=True)
    progress = device.live(taken_back)
    assert (progress.state, progress.fault) == (UpdateState.IDLE, UpdateFault.WITHDRAWN)
    assert not list((tmp_path / "update").glob("*.bundle"))
    # An old document that comes late says nothing any more.
    assert device.live(document).state is UpdateState.IDLE


def test_another_order_replaces_one_that_waits_but_not_one_on_trial(tmp_path: Path) -> None:
    device = Device(tmp_path, is_free=False)
    device.live(device.release(2))
    device.is_free = True
    assert end_of(device, device.release(3))[0] is UpdateState.COMMITTED
    # On trial: the next one waits for the verdict.
    fourth, fifth = device.release(4), device.release(5)
    device.is_hub_there = False
    device.live(fourth)
    updater = device.start()
    updater.begin()
    assert updater.progress.state is UpdateState.TRYING
    updater.accept(fifth)
    assert updater.progress.state is UpdateState.TRYING
    device.is_hub_there = True
    while updater.progress.state is not UpdateState.OFFERED:
        updater.step()
    assert updater.progress.document == fifth
    assert device.machine.status().number == 4


def test_a_new_permit_does_not_begin_the_download_anew(tmp_path: Path) -> None:
    device = Device(tmp_path, is_wanted=False)
    document = device.release(2)
    assert device.live(document, most_steps=4).state is UpdateState.DOWNLOADING
    fetched = [what for _, what in device.events].count("fetch")
    device.is_wanted = True
    renewed = replace(document, version=6)
    assert end_of(device, renewed)[0] is UpdateState.COMMITTED
    pieces = -(-document.size_bytes // 4096)
    assert [what for _, what in device.events].count("fetch") == pieces
    assert fetched > 0


def test_a_hub_that_does_not_answer_is_asked_again_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Device(tmp_path)
    updater = device.start()
    updater.begin()
    updater.accept(device.release(2))
    from tests.edge.update import device as world

    def nobody(*_: object, **__: object) -> object:
        raise world.FetchError(UpdateFault.UNREACHABLE, "nobody")

    monkeypatch.setattr(world.TrippedSource, "read", nobody)
    waits = [updater.step() for _ in range(5)]
    assert waits[-2:] == [FETCH_AGAIN_S, FETCH_AGAIN_S]
    assert [report.fault for report in device.said].count(UpdateFault.UNREACHABLE) == 1


def test_a_machine_that_is_busy_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(tmp_path, is_free=False)
    document = device.release(2)
    device.live(document)
    device.is_free = True

    def busy(_bundle: Path) -> None:
        raise SystemBusyError("already processing")

    monkeypatch.setattr(device.machine, "install", busy)
    updater = device.start()
    updater.begin()
    assert [updater.step(), updater.step()] == [0.0, QUIET_LOOK_S]
    assert updater.progress.state is UpdateState.INSTALLING


def test_a_progress_that_was_lost_in_a_trial_is_heard_or_taken_back(tmp_path: Path) -> None:
    for number, is_there in ((2, True), (3, False)):
        device = Device(tmp_path / str(number))
        device.is_hub_there = False
        device.live(device.release(number))
        (device.folder / "update" / "progress.json").write_bytes(b"\xff garbage")
        device.is_hub_there = is_there
        progress = device.live(None, most_steps=1000)
        if not is_there:
            progress = device.live(None)
        assert progress.state in SETTLED
        assert device.machine.status().number == (2 if is_there else 1)
        assert device.machine.status().is_committed


def test_a_settled_device_sleeps(tmp_path: Path) -> None:
    updater = Device(tmp_path).start()
    updater.begin()
    assert updater.step() == SETTLED_LOOK_S


def test_progress_in_a_folder_that_cannot_be_made_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    file = ProgressFile(tmp_path / "file" / "update")
    assert file.read().state is UpdateState.IDLE
    assert KEY is not STRANGER
