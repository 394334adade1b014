"""A device with two slots that can be killed, cut off and made to fail at every single thing it does.

Everything an updater does beyond thinking passes a tripwire: each write of its progress, each call of
the machine, each piece of a download. A :class:`Fault` says at which of them what happens.
"""

import errno
import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge.update.download import FetchError
from edge.update.life.machine import Updater
from edge.update.life.progress import Progress, ProgressFile
from edge.update.port import BundleFacts, InstallError, Surroundings, SystemStatus
from edge.update.simulated.bundle import pack
from edge.update.simulated.system import SimulatedSystem
from edge.wire.updates import SETTLED, ReleaseDocument, UpdateFault, UpdateReport, UpdateState

BOARD = "virt"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
RECOVERY_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))
PAYLOAD = bytes(range(256)) * 40
TRIAL_S = 900.0
URL = "http://hub.example/rilis/x"


class Kind(StrEnum):
    KILL = "kill"
    POWER_CUT = "power-cut"
    ERROR = "error"
    SIGKILL = "sigkill"  # the test's own process dies


class Killed(BaseException):
    """Skips everything that would clean up, as SIGKILL does."""


class Restarted(BaseException):
    """The machine goes down."""


@dataclass(frozen=True)
class Fault:
    """What happens at the ``place``-th thing done in a state; for ever, or once."""

    state: UpdateState
    place: int
    kind: Kind
    is_for_ever: bool = False


def public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@dataclass
class Device:
    """One device through all its lives; everything but the disk is forgotten at each."""

    folder: Path
    fault: Fault | None = None
    is_hub_there: bool = True
    deaf_numbers: tuple[int, ...] = ()
    served: dict[str, bytes] = field(default_factory=dict)
    events: list[tuple[UpdateState, str]] = field(default_factory=list)
    said: list[UpdateReport] = field(default_factory=list)
    now_s: float = 1000.0
    restarts: int = 0
    installs: int = 0
    is_over: bool = False
    free_bytes: int = 10**9
    minute: int | None = 0
    is_free: bool = True
    is_wanted: bool = True

    def __post_init__(self) -> None:
        keys = self.folder / "machine" / "keys"
        keys.mkdir(parents=True, exist_ok=True)
        (keys / "firmware.pem").write_bytes(public_pem(KEY))
        (keys / "recovery.pem").write_bytes(public_pem(RECOVERY_KEY))
        self.machine = SimulatedSystem(self.folder / "machine", board=BOARD)
        self.state = UpdateState.IDLE
        self.places = 0

    def release(
        self,
        number: int,
        *,
        order: str = "",
        version: int = 0,
        starts: bool = True,
        key: Ed25519PrivateKey = KEY,
        facts: BundleFacts | None = None,
        tamper: Callable[[bytes], bytes] = bytes,
        **changes: Any,
    ) -> ReleaseDocument:
        """Publish a release at the hub, and return the document that orders it."""
        name = f"0.{number}.0"
        path = self.folder / "made.bundle"
        pack(path, facts=facts or BundleFacts(BOARD, number, name), key=key, payload=PAYLOAD, starts=starts)
        content = tamper(path.read_bytes())
        sha256 = hashlib.sha256(content).hexdigest()
        self.served[sha256] = content
        values: dict[str, Any] = {
            "version": version or number,
            "order": order or f"{number}.1",
            "number": number,
            "name": name,
            "board": BOARD,
            "sha256": sha256,
            "size_bytes": len(content),
            "url": f"{URL}{sha256}",
        }
        return ReleaseDocument(**(values | changes))

    def live(self, document: ReleaseDocument | None, *, most_steps: int = 200) -> Progress:
        """Live once: until settled, killed, or restarted; return the progress in memory."""
        updater = self.start()
        try:
            updater.begin()
            if document is not None:
                updater.accept(document)
            for _ in range(most_steps):
                if updater.progress.state in SETTLED:
                    break
                self.now_s += updater.step()
        except (Killed, Restarted):
            pass
        except InstallError:
            # The machine does not say what runs: the agent asks again later.
            self.now_s += 30.0
        return updater.progress

    def live_on(self, document: ReleaseDocument | None, *, most_lives: int = 40) -> Progress:
        """Live until an update is settled, the hub saying at each birth what it wants."""
        progress = Progress()
        for _ in range(most_lives):
            progress = self.live(document)
            done = progress.document
            is_same = done is not None and document is not None and done.order == document.order
            if progress.state in SETTLED and is_same:
                break
        return progress

    def start(self) -> Updater:
        """Return an updater as a process that starts has it."""
        updater = Updater(
            system=TrippedSystem(self),
            source=TrippedSource(self),
            voice=self,
            around=Surroundings(
                monotonic=lambda: self.now_s,
                now=lambda: datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=self.now_s),
                minute_of_day=lambda: self.minute,
                is_free=lambda: self.is_free,
                is_wanted=lambda: self.is_wanted,
                free_bytes=lambda: self.free_bytes,
                restart=self.restart,
            ),
            folder=self.folder / "update",
            trial_s=TRIAL_S,
        )
        ledger = updater._ledger
        ledger._file = TrippedFile(self, self.folder / "update")
        self.state = UpdateState.IDLE
        return updater

    def say(self, report: UpdateReport) -> None:
        self.said.append(report)

    def is_heard(self) -> bool:
        return self.is_hub_there and self.machine.status().number not in self.deaf_numbers

    def restart(self, is_trial: bool) -> None:
        """End the agent in order, then restart the machine."""
        self.restarts += 1
        try:
            TrippedSystem(self).restart(is_trial=is_trial)
        except InstallError as error:
            # The agent has ended already; it is started again on the same boot.
            raise Restarted from error
        raise Restarted

    def trip(self, what: str) -> None:
        """Let happen what is to happen here."""
        self.events.append((self.state, what))
        fault = self.fault
        if fault is None or fault.state is not self.state or self.is_over:
            return
        self.places += 1
        if fault.is_for_ever:
            is_here = what == self.wanted_event
        else:
            is_here = self.places - 1 == fault.place
            self.is_over = is_here
        if is_here:
            self._strike(fault.kind, what)

    wanted_event: str = ""

    def _strike(self, kind: Kind, what: str) -> None:
        if kind is Kind.SIGKILL:
            os.kill(os.getpid(), signal.SIGKILL)
        if kind is Kind.POWER_CUT:
            self.machine.cut_power()
        if kind is not Kind.ERROR:
            raise Killed
        if what.startswith(("write", "wrote")):
            raise OSError(errno.ENOSPC, "No space left on device")
        if what.startswith("fetch"):
            raise FetchError(UpdateFault.UNREACHABLE, "cut off")
        raise InstallError("the machine says no")


class TrippedFile(ProgressFile):
    """The progress file: tripped before and after each write."""

    def __init__(self, device: Device, folder: Path) -> None:
        super().__init__(folder)
        self._device = device

    def write(self, progress: Progress) -> None:
        self._device.state = progress.state
        self._device.trip("write")
        super().write(progress)
        self._device.trip("wrote")


class TrippedSystem:
    """The machine: tripped before and after each call."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def status(self) -> SystemStatus:
        self._device.trip("status")
        return self._device.machine.status()

    def check(self, bundle: Path) -> BundleFacts:
        self._device.trip("check")
        return self._device.machine.check(bundle)

    def install(self, bundle: Path) -> None:
        self._device.trip("install")
        self._device.installs += 1
        self._device.machine.install(bundle)
        self._device.trip("installed")

    def restart(self, *, is_trial: bool) -> None:
        self._device.trip("restart")
        self._device.machine.restart(is_trial=is_trial)
        self._device.trip("restarted")

    def mark_good(self) -> None:
        self._device.trip("mark")
        self._device.machine.mark_good()
        self._device.trip("marked")


class TrippedSource:
    """The hub's files, in small pieces, going on where asked."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def read(self, url: str, *, start: int) -> Iterator[tuple[int, bytes]]:
        content = self._device.served.get(url.removeprefix(URL))
        if content is None:
            raise FetchError(UpdateFault.GONE, "no such file")
        for place in range(start, len(content), 4096):
            self._device.trip("fetch")
            yield place, content[place : place + 4096]
