"""The releases of a trial: the first as a card, later ones as bundles, good ones and bad ones.

A later good one is the first with another number, written into its file system by ``debugfs``: building
it anew would take minutes and prove nothing more.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from provisioning.image.bundle import make_bundle
from provisioning.image.keys import ensure_update_keys
from provisioning.image.recipe import MIB, Release, read_board

BOARD = "virt"
FIRST = 10
# Enough for what is refused before anything of it is started.
SMALL_BYTES = 4 * MIB
# Small, so that fetching and writing it does not take minutes once more.
EMPTY_BYTES = 64 * MIB


class Releases:
    """Builds by ``pontive-provision image build``; steps are kept between trials."""

    def __init__(self, folder: Path, scratch: Path, *, say: Callable[[str], None]) -> None:
        """Take the folder of the builds and one for bundles."""
        self._folder = folder
        self._scratch = scratch
        self._say = say
        self._root = self._boot = folder

    def build_first(self) -> tuple[Path, int]:
        """Return the card's image and how large it is compressed."""
        command = [str(Path(sys.executable).parent / "pontive-provision"), "image", "build", "--json"]
        command += ["--board", BOARD, "--number", str(FIRST), "--folder", str(self._folder)]
        done = subprocess.run(["nice", "-n", "10", *command], stdout=subprocess.PIPE, check=False)
        assert done.returncode == 0, f"the build failed ({done.returncode})"
        told: dict[str, Any] = json.loads(done.stdout)
        self._root, self._boot = Path(told["root"]), Path(told["boot"])
        return Path(told["card"]), int(told["image_bytes_compressed"])

    def good(self, number: int) -> Path:
        """Return a release that works."""
        return self._pack(number, self._renumbered(number))

    def broken(self, number: int) -> Path:
        """Return a release, properly signed, whose system does not start: its root is empty."""
        path = self._scratch / f"root-{number}.ext4"
        with path.open("wb") as file:
            file.truncate(EMPTY_BYTES)
        subprocess.run(["/sbin/mke2fs", "-q", "-t", "ext4", path], check=True)
        return self._pack(number, path)

    def tampered(self, number: int) -> Path:
        """Return one whose content was changed after it was signed."""
        path = self._pack(number, self._small())
        content = bytearray(path.read_bytes())
        # In the middle of the payload, well before the hashes and the signature at the end.
        at = len(content) // 3
        content[at : at + 64] = bytes(byte ^ 0xFF for byte in content[at : at + 64])
        path.write_bytes(content)
        return path

    def of_a_stranger(self, number: int) -> Path:
        """Return one that was signed under another root."""
        keys = self._scratch / "stranger"
        ensure_update_keys(keys, now=datetime.now(UTC))
        return self._pack(number, self._small(), keys=keys)

    def small(self, number: int) -> Path:
        """Return one, properly signed, whose system is nothing."""
        return self._pack(number, self._small())

    def _renumbered(self, number: int) -> Path:
        path = self._scratch / f"root-{number}.ext4"
        subprocess.run(["cp", "--sparse=always", self._root, path], check=True)
        about = self._scratch / f"release-{number}.toml"
        lines = [
            f'version = "0.1.{number}"',
            f"number = {number}",
            f'board = "{BOARD}"',
            f'model = "{BOARD}"',
        ]
        about.write_text("\n".join(lines) + "\n")
        name = "/etc/pontive/release.toml"
        commands = [f"rm {name}", f"write {about} {name}", f"sif {name} mode 0100644"]
        script = self._scratch / "debugfs"
        script.write_text("\n".join(commands) + "\n")
        subprocess.run(
            ["/sbin/debugfs", "-w", "-f", script, path],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return path

    def _small(self) -> Path:
        path = self._scratch / "small.ext4"
        # Not compressible: what is changed in the bundle is then surely content.
        path.write_bytes(bytes((place * 2654435761 >> 13) & 0xFF for place in range(SMALL_BYTES)))
        return path

    def _pack(self, number: int, root: Path, *, keys: Path | None = None) -> Path:
        path = self._scratch / f"{number}.raucb"
        keys = keys or self._folder / "keys"
        make_bundle(
            path,
            family=read_board(BOARD).family,
            release=Release(f"0.1.{number}", number, BOARD),
            root=root,
            boot=self._boot,
            certificate=keys / "signer.pem",
            key=keys / "signer.key",
        )
        if root.name.startswith("root-"):
            root.unlink()
        self._say(f"  bundle {number}: {path.stat().st_size / MIB:.0f} MiB")
        return path
