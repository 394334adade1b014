"""Between loop and thread: documents in, reports out, the hub's acknowledgement, the restart at the end."""

import queue
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from edge.clock import SettableClock
from edge.config import EdgeConfig, UpdateSettings
from edge.update.building import NoUpdates, build_updates, minute_of, system_of
from edge.update.desk import Inbox, Mailbox, RestartWish, UpdateDesk
from edge.update.life.machine import Updater
from edge.update.port import InstallError, Surroundings
from edge.update.scan_pause import ScanPause
from edge.wire.desired import DesiredError
from edge.wire.messages import Ack, Desired
from edge.wire.records.bodies import Body, ClockQuality, ScanRefused, UpdateReport
from edge.wire.updates import (
    DOCUMENT,
    ReleaseDocument,
    UpdateFault,
    UpdateState,
    encode_release,
    is_quiet,
)
from tests.edge.update.device import Device, TrippedSource

EPOCH = "00000000000000aa"


def sealed(document: ReleaseDocument, *, version: int = 0) -> Desired:
    plain = encode_release(document).decode()
    return Desired(document=DOCUMENT, version=version or document.version, sealed=plain, signature="")


def unseal(desired: Desired) -> bytes:
    if not desired.sealed:
        raise DesiredError("not signed by the hub for this device")
    return desired.sealed.encode()


class Box:
    """An outbox that counts."""

    def __init__(self) -> None:
        self.kept: queue.Queue[Body] = queue.Queue()
        self.seq = 0
        self.is_full = False

    def put(self, body: Body) -> int | None:
        if self.is_full:
            return None
        self.kept.put(body)
        self.seq += 1
        return self.seq

    def until(self, desk: UpdateDesk, state: UpdateState) -> UpdateReport:
        """Turn the agent's loop until this state is said."""
        ends_at_s = time.monotonic() + 240
        while time.monotonic() < ends_at_s:
            desk.turn()
            try:
                body = self.kept.get(timeout=0.01)
            except queue.Empty:
                continue
            if isinstance(body, UpdateReport) and body.state is state:
                return body
        raise AssertionError(f"{state} was never said")


def desk_of(device: Device, box: Box, ended: list[bool]) -> UpdateDesk:
    mailbox, inbox = Mailbox(note=box.put, epoch=lambda: EPOCH), Inbox.empty()
    wish = RestartWish(lambda: ended.append(True))
    around = Surroundings(
        monotonic=lambda: device.now_s,
        now=lambda: SettableClock().now().at,
        minute_of_day=lambda: 0,
        is_free=lambda: True,
        is_wanted=inbox.is_calm,
        free_bytes=lambda: 10**9,
        restart=wish,
    )
    updater = Updater(
        system=device.machine,
        source=TrippedSource(device),
        voice=mailbox,
        around=around,
        folder=device.folder / "update",
        trial_s=900,
    )
    return UpdateDesk(
        updater=updater, system=device.machine, mailbox=mailbox, inbox=inbox, wish=wish, unseal=unseal
    )


def test_an_update_through_two_lives_of_the_agent(tmp_path: Path) -> None:
    device, box = Device(tmp_path), Box()
    ended: list[bool] = []
    desk = desk_of(device, box, ended)
    desk.start()
    assert box.until(desk, UpdateState.IDLE).running_number == 1
    desk.desire(sealed(device.release(2)))
    box.until(desk, UpdateState.RESTARTING)
    while not ended:
        time.sleep(0.01)
    assert device.machine.status().number == 1  # the agent has not ended yet
    desk.stop(5)
    desk.restart_machine()
    assert device.machine.status().number == 2
    assert not device.machine.status().is_committed
    second = desk_of(device, box, ended)
    second.start()
    box.until(second, UpdateState.TRYING)
    second.acknowledged(Ack(epoch="00000000000000bb", ranges=((1, 10**6),)))
    second.acknowledged(Ack(epoch=EPOCH, ranges=((box.seq, box.seq),)))
    assert box.until(second, UpdateState.COMMITTED).floor == 2
    second.acknowledged(Ack(epoch=EPOCH, ranges=((box.seq, box.seq),)))
    second.stop(5)
    second.restart_machine()
    assert device.machine.status().is_committed
    assert device.machine.status().number == 2


def test_only_an_acknowledgement_of_a_report_of_this_process_counts() -> None:
    box = Box()
    mailbox = Mailbox(note=box.put, epoch=lambda: EPOCH)
    box.is_full = True
    mailbox.say(UpdateReport(state=UpdateState.TRYING))
    mailbox.post()
    assert not mailbox.acknowledged(Ack(epoch=EPOCH, ranges=((1, 99),)))
    box.is_full = False
    box.seq = 41
    mailbox.post()
    assert not mailbox.acknowledged(Ack(epoch=EPOCH, ranges=((1, 41),)))
    assert not mailbox.is_heard()
    assert mailbox.acknowledged(Ack(epoch=EPOCH, ranges=((40, 50),)))
    assert mailbox.is_heard()


def test_a_document_that_is_not_the_hubs_is_not_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    device = Device(tmp_path)
    desk = desk_of(device, Box(), [])
    document = device.release(2)
    for wrong in (
        Desired(document=DOCUMENT, version=2, sealed="", signature=""),
        Desired(document=DOCUMENT, version=2, sealed="{}", signature=""),
        sealed(document, version=9),
    ):
        desk.desire(wrong)
    assert caplog.text.count("is not used") == 3
    assert desk._inbox.is_calm()


def test_an_updater_that_stumbles_or_has_no_machine_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk = desk_of(Device(tmp_path), Box(), [])

    def broken() -> float:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(desk._updater, "step", broken)
    assert desk._step() == 30.0
    assert "stumbled" in caplog.text

    def silent() -> None:
        raise InstallError("D-Bus is not there yet")

    monkeypatch.setattr(desk._updater, "begin", silent)
    desk._inbox.is_stopping.set()
    desk._run()
    assert "updates wait" in caplog.text
    desk._wish(False)

    def refuses(*, is_trial: bool) -> None:
        raise InstallError(f"no {is_trial}")

    monkeypatch.setattr(desk._system, "restart", refuses)
    desk.restart_machine()
    assert "cannot be restarted" in caplog.text


def config_of(folder: Path, system: Any) -> EdgeConfig:
    return EdgeConfig(device="pi-01", update=UpdateSettings(system=system, folder=str(folder / "update")))


def built(folder: Path, system: Any, box: Box) -> Any:
    return build_updates(
        config_of(folder, system),
        clock=SettableClock(),
        pause=ScanPause(lambda: 0.0, pause_s=100),
        unseal=unseal,
        note=box.put,
        epoch=lambda: EPOCH,
        end_agent=lambda: None,
    )


def test_a_device_without_slots_says_no_once_an_order(tmp_path: Path) -> None:
    box, device = Box(), Device(tmp_path / "other")
    updates = built(tmp_path, "none", box)
    document = device.release(2)
    updates.start()
    for each in (document, document, msgspec.structs.replace(document, order="2.2", is_withdrawn=True)):
        updates.desire(sealed(each))
    updates.desire(Desired(document=DOCUMENT, version=2, sealed="", signature=""))
    updates.turn()
    updates.acknowledged(Ack(epoch=EPOCH, ranges=()))
    updates.stop(0)
    updates.restart_machine()
    said = box.kept.get_nowait()
    assert isinstance(said, UpdateReport)
    assert (said.state, said.fault) == (UpdateState.REFUSED, UpdateFault.UNSUPPORTED)
    assert box.kept.empty()


def test_a_simulated_machine_is_built_and_one_that_cannot_be_is_said(tmp_path: Path) -> None:
    box = Box()
    desk = built(tmp_path, "simulated", box)
    desk.start()
    assert box.until(desk, UpdateState.IDLE).board == "simulasi"
    desk.stop(5)
    (tmp_path / "wrong").write_text("")
    assert isinstance(built(tmp_path / "wrong", "simulated", box), NoUpdates)
    assert system_of(UpdateSettings(system="rauc")) is not None
    assert system_of(UpdateSettings(system="none")) is None


def test_the_hour_is_unknown_with_the_clock_and_a_scan_is_remembered() -> None:
    clock = SettableClock()
    assert minute_of(clock) == 0
    assert minute_of(SettableClock(quality=ClockQuality.UNKNOWN)) is None
    now = [0.0]
    pause = ScanPause(lambda: now[0], pause_s=100)
    assert pause.is_free()
    pause.kept(UpdateReport(state=UpdateState.IDLE))
    assert pause.is_free()
    pause.kept(ScanRefused(door="d", message="E03", count=1))
    assert not pause.is_free()
    now[0] = 100.0
    assert pause.is_free()


def test_quiet_hours_may_span_midnight(tmp_path: Path) -> None:
    document = Device(tmp_path).release(2)
    night = msgspec.structs.replace(document, quiet_from=1320, quiet_until=60)
    noon = msgspec.structs.replace(document, quiet_from=660, quiet_until=780)
    assert [is_quiet(night, minute) for minute in (1319, 1320, 0, 59, 60)] == [False, True, True, True, False]
    assert [is_quiet(noon, minute) for minute in (659, 660, 779, 780)] == [False, True, True, False]
    assert is_quiet(document, 700)
