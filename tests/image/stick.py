"""A USB stick with one FAT file system, as a technician brings it to a device without a network."""

import subprocess
from pathlib import Path

from provisioning.image.recipe import MIB

STICK_BYTES = 64 * MIB


class Stick:
    """Lies in the machine from its start on; this PC looks at it meanwhile."""

    def __init__(self, path: Path) -> None:
        """Make an empty one."""
        self.path = path
        path.unlink(missing_ok=True)
        with path.open("wb") as file:
            file.truncate(STICK_BYTES)
        subprocess.run(["mkfs.vfat", "-F", "32", path], check=True, stdout=subprocess.DEVNULL)

    def put(self, source: Path, name: str) -> None:
        """Write a file to it; the machine must be off."""
        subprocess.run(["mcopy", "-o", "-i", self.path, source, f"::{name}"], check=True)

    def text(self, name: str) -> str:
        """Return what a file on it says; empty when there is none."""
        command = ["mtype", "-i", self.path, f"::{name}"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
