"""The emulated device: QEMU, and before it what the Raspberry Pi's firmware does with ``autoboot.txt``.

QEMU ends at every restart of the guest (``-no-reboot``); then the next boot partition is chosen anew,
kernel and initrd are taken from it, and QEMU starts again: the kernel of a slot travels with the slot.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from stick import Stick

from provisioning.image.disk.layout import Partition, partitions
from provisioning.image.recipe import MIB, read_recipe

HOST_FROM_GUEST = "10.0.2.2"
MEMORY_MIB = 1024
POLL_S = 0.5
# A card in a shop is larger than the image: the data partition has to grow into it.
CARD_BYTES = 4 * 1024 * MIB
_STATUS = re.compile(r"pontive: (version=\S* .*)")


class EmulatedPi:
    """One card in one machine. Not thread safe: the tests call :meth:`tick` while they wait."""

    def __init__(
        self, card: Path, folder: Path, *, say: Callable[[str], None], has_stick: bool = False
    ) -> None:
        """Take a copy of a card.

        Args:
            card: The image, which stays as it is.
            folder: Where copy, kernel and serial log are kept; made anew.
            say: Takes a line for a person.
            has_stick: Whether there is a USB stick in it.
        """
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._folder = folder
        self.card = folder / "card.img"
        subprocess.run(["cp", "--sparse=always", card, self.card], check=True)
        with self.card.open("r+b") as file:
            file.truncate(CARD_BYTES)
        self.stick = Stick(folder / "stick.img") if has_stick else None
        self._say = say
        self._partitions = {each.number: each for each in partitions(read_recipe().card)}
        self._process: subprocess.Popen[bytes] | None = None
        self.serial = folder / "serial.log"
        self.boots: list[str] = []
        self.qemu_s: list[float] = []

    def put(self, source: Path, name: str) -> None:
        """Write a file to the first partition, as a technician's PC does."""
        subprocess.run(["mcopy", "-o", "-i", self._fat(1), source, f"::{name}"], check=True)

    def has(self, name: str) -> bool:
        """Return whether the first partition has a file; the machine must be off."""
        command = ["mdir", "-b", "-i", self._fat(1), f"::{name}"]
        return subprocess.run(command, capture_output=True).returncode == 0

    def power_on(self) -> None:
        """Do what the firmware does, and start QEMU."""
        partition = self._choose_partition()
        self.boots.append("A" if partition == 2 else "B")
        for name in ("vmlinuz", "initrd", "cmdline.txt"):
            target = self._folder / name
            target.unlink(missing_ok=True)
            subprocess.run(["mcopy", "-i", self._fat(partition), f"::{name}", target], check=True)
        words = (self._folder / "cmdline.txt").read_text().strip()
        self._say(f"  power on: slot {self.boots[-1]}")
        with self.serial.open("ab") as log:
            log.write(f"\n=== power on, slot {self.boots[-1]}\n".encode())
            log.flush()
            self._process = subprocess.Popen(
                self._command(f"{words} pontive.boot_partition={partition}"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def tick(self) -> None:
        """Start the machine again when it restarted by itself."""
        if self._process is not None and self._process.poll() is not None:
            self.power_on()

    def cut_power(self) -> None:
        """Pull the plug: nothing that was not on the disk yet is kept."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def last_status(self) -> dict[str, str]:
        """Return what the device last said of itself on its screen; empty before the first time."""
        text = self.serial.read_text("utf-8", "replace").rpartition("=== power on")[2]
        lines = _STATUS.findall(text)
        return _words(lines[-1]) if lines else {}

    def statuses(self) -> list[dict[str, str]]:
        """Return all it said of itself since the card was made."""
        return [_words(line) for line in _STATUS.findall(self.serial.read_text("utf-8", "replace"))]

    def said(self, words: str) -> bool:
        """Return whether something was said on the screen since the last start."""
        return words in self.serial.read_text("utf-8", "replace").rpartition("=== power on")[2]

    def last_lines(self, count: int = 30) -> str:
        """Return the end of what was on the screen."""
        return "\n".join(self.serial.read_text("utf-8", "replace").splitlines()[-count:])

    def wait_for(self, what: str, is_there: Callable[[], bool], within_s: float) -> float:
        """Wait, and return the seconds it took.

        Raises:
            TimeoutError: it did not come; with the end of the screen.
        """
        began_s = time.monotonic()
        while not is_there():
            if time.monotonic() - began_s > within_s:
                raise TimeoutError(f"no {what} within {within_s:.0f} s\n{self.last_lines()}")
            self.tick()
            time.sleep(POLL_S)
        took_s = time.monotonic() - began_s
        self._say(f"  {what}: {took_s:.0f} s")
        return took_s

    def _choose_partition(self) -> int:
        file = self._folder / "autoboot.txt"
        file.unlink(missing_ok=True)
        subprocess.run(["mcopy", "-i", self._fat(1), "::autoboot.txt", file], check=True)
        by_itself, _, on_trial = file.read_text().partition("[tryboot]")
        is_trial = self.has("tryboot")
        if is_trial:  # once
            subprocess.run(["mdel", "-i", self._fat(1), "::tryboot"], check=True)
        found = re.search(r"boot_partition=(\d)", on_trial if is_trial else by_itself)
        assert found is not None, file.read_text()
        return int(found.group(1))

    def _fat(self, number: int) -> str:
        partition: Partition = self._partitions[number]
        return f"{self.card}@@{partition.start_mib}M"

    def _command(self, words: str) -> list[str]:
        command = ["nice", "-n", "5", "qemu-system-aarch64", "-M", "virt,gic-version=2", "-cpu", "cortex-a53"]
        command += ["-smp", "2", "-m", str(MEMORY_MIB), "-accel", "tcg,thread=multi", "-nographic"]
        command += ["-no-reboot", "-monitor", "none", "-serial", "stdio"]
        command += ["-kernel", str(self._folder / "vmlinuz"), "-initrd", str(self._folder / "initrd")]
        command += ["-append", words]
        # What the guest wrote outlives QEMU, killed or not, in this machine: no need to wait for its disks.
        command += ["-drive", f"file={self.card},format=raw,if=none,id=card,cache=unsafe"]
        command += ["-device", "virtio-blk-pci,drive=card,romfile="]
        if self.stick is not None:
            command += ["-device", "qemu-xhci,romfile="]
            command += ["-drive", f"file={self.stick.path},format=raw,if=none,id=stick,cache=unsafe"]
            command += ["-device", "usb-storage,drive=stick,removable=on"]
        command += ["-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile="]
        command += ["-device", "virtio-rng-pci,romfile=", "-device", "i6300esb"]
        return command


def _words(line: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in line.split() if "=" in word)
