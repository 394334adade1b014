"""The simulated machine: slots are files, a restart is a line in another, a trial is one start only."""

import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from edge.enrolment.files import write_whole
from edge.update.port import BundleError, BundleFacts, InstallError, SystemStatus
from edge.update.simulated.bundle import read_public_keys, unpack

_PIECE_BYTES = 4096
_SLOTS = ("a", "b")
Shape = TypeVar("Shape", bound=msgspec.Struct)


class Slot(msgspec.Struct, frozen=True):
    """What is in a slot; ``is_whole`` no: writing it was begun and not ended."""

    number: int = 0
    name: str = ""
    is_whole: bool = False
    starts: bool = True


class Machine(msgspec.Struct, frozen=True):
    """What a boot loader remembers: ``primary`` starts next time, ``booted`` runs."""

    primary: str
    booted: str
    boot: str


class SimulatedSystem:
    """A :class:`edge.update.port.SystemUpdater` in a folder."""

    def __init__(
        self,
        folder: Path,
        *,
        board: str,
        first: tuple[int, str] = (1, "0.1.0"),
        keys: Path | None = None,
        new_boot: Callable[[], str] = lambda: secrets.token_hex(16),
        start_again: Callable[[], None] = lambda: None,
    ) -> None:
        """Make a new machine in an empty folder, or find the one that is there.

        Args:
            folder: The machine.
            board: What it is.
            first: Number and name of the release it left the factory with.
            keys: Folder of the public keys that sign bundles; ``keys`` in ``folder`` by default.
            new_boot: Names a boot, 32 hexadecimal digits.
            start_again: Starts the agent of the machine anew, after a restart.
        """
        self._folder = folder
        self._board = board
        self._keys = keys or folder / "keys"
        self._new_boot = new_boot
        self._start_again = start_again
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / "machine.json").exists():
                number, name = first
                self._write("a.json", Slot(number=number, name=name, is_whole=True))
                self._write("b.json", Slot())
                self._write("machine.json", Machine(primary="a", booted="a", boot=new_boot()))
        except OSError as error:
            raise InstallError(f"{folder}: {error.strerror}") from error

    def status(self) -> SystemStatus:
        """See the port."""
        machine = self._machine()
        slot = self._slot(machine.booted)
        return SystemStatus(
            board=self._board,
            slot=machine.booted,
            boot=machine.boot,
            number=slot.number,
            name=slot.name,
            is_committed=machine.booted == machine.primary,
        )

    def check(self, bundle: Path) -> BundleFacts:
        """See the port."""
        facts, _ = unpack(bundle, read_public_keys(self._keys))
        return BundleFacts(board=facts.board, number=facts.number, name=facts.name)

    def install(self, bundle: Path) -> None:
        """See the port; as with dm-verity, the payload is judged while it is written."""
        facts, payload = unpack(bundle, read_public_keys(self._keys))
        free = self._free()
        try:
            self._write(f"{free}.json", Slot(number=facts.number, name=facts.name))
            with (self._folder / f"{free}.img").open("wb") as file:
                for start in range(0, len(payload), _PIECE_BYTES):
                    file.write(payload[start : start + _PIECE_BYTES])
            if hashlib.sha256(payload).hexdigest() != facts.payload_sha256:
                raise BundleError("isi bundel diubah setelah ditandatangani")
            whole = Slot(number=facts.number, name=facts.name, is_whole=True, starts=facts.starts)
            self._write(f"{free}.json", whole)
        except OSError as error:
            raise InstallError(f"slot {free}: {error.strerror}") from error

    def restart(self, *, is_trial: bool) -> None:
        """See the port; what does not start is followed by the primary slot, as a watchdog sees to."""
        machine = self._machine()
        slot = self._free_of(machine) if is_trial else machine.primary
        there = self._slot(slot)
        is_up = there.is_whole and there.starts
        self._set(replace(machine, booted=slot if is_up else machine.primary, boot=self._new_boot()))
        self._start_again()

    def cut_power(self) -> None:
        """Restart as after a power cut: into the primary slot."""
        machine = self._machine()
        self._set(replace(machine, booted=machine.primary, boot=self._new_boot()))

    def mark_good(self) -> None:
        """See the port."""
        machine = self._machine()
        self._set(replace(machine, primary=machine.booted))

    @property
    def is_working(self) -> bool:
        """Whether what runs, and what would start next, are whole releases that start."""
        machine = self._machine()
        slots = [self._slot(name) for name in (machine.booted, machine.primary)]
        return all(slot.is_whole and slot.starts for slot in slots)

    def _free(self) -> str:
        return self._free_of(self._machine())

    def _free_of(self, machine: Machine) -> str:
        # Never the one that starts next time, also while the other one is being tried.
        return next(name for name in _SLOTS if name != machine.primary)

    def _machine(self) -> Machine:
        return self._read("machine.json", Machine)

    def _slot(self, name: str) -> Slot:
        return self._read(f"{name}.json", Slot)

    def _set(self, machine: Machine) -> None:
        try:
            self._write("machine.json", machine)
        except OSError as error:
            raise InstallError(f"machine.json: {error.strerror}") from error

    def _read(self, name: str, shape: type[Shape]) -> Shape:
        try:
            return msgspec.json.decode((self._folder / name).read_bytes(), type=shape)
        except (OSError, msgspec.MsgspecError) as error:
            raise InstallError(f"{name}: {error}") from error

    def _write(self, name: str, content: msgspec.Struct) -> None:
        write_whole(self._folder / name, msgspec.json.encode(content))
