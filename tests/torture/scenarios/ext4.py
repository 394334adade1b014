"""Scenario: power cuts on a real ext4 in a loop device, while an outbox accepts.

The writer is stopped, the disk is copied as it is below the file system, and the copy is mounted: ext4
replays its journal as after a cut. Everything the writer had called accepted must be there. A control
that syncs nothing must lose. Needs root and loop devices.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from edge.clock import SettableClock
from edge.outbox import Outbox
from edge.wire.records.bodies import Lane
from tests.torture.report import skipped
from tests.torture.rigs.oracle import compared
from tests.torture.rigs.small_city import scratch_folder

# Judged by what is lost, or by tens of seconds: another scenario may run beside it.
BESIDE = True
CUTS, CONTROL_CUTS = 12, 5
DISK_MIB, OUTBOX_BYTES = 32, 8 * 2**20
_WRITER = Path(__file__).parents[1] / "rigs" / "ext4_writer.py"


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield the outbox as it is, then one that does not sync."""
    with scratch_folder() as folder:
        if reason := _why_not(folder):
            yield skipped("ext4", reason)
            return
        for synchronous, cuts in (("FULL", CUTS), ("OFF", CONTROL_CUTS)):
            yield _run(folder / synchronous, synchronous, cuts, random.Random(f"{seed}-{synchronous}"))


def _why_not(folder: Path) -> str:
    if os.geteuid() != 0:
        return "not root: file systems cannot be mounted"
    if shutil.which("mkfs.ext4", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None:
        return "no mkfs.ext4: apt-get install e2fsprogs"
    try:
        with _mounted(_new_disk(folder / "probe.img"), folder / "probe"):
            return ""
    except subprocess.CalledProcessError as error:
        return f"loop devices cannot be mounted here: {error.stderr.decode().strip()[:200]}"


def _run(folder: Path, synchronous: str, cuts: int, chance: random.Random) -> dict[str, object]:
    folder.mkdir()
    accepted: dict = {}
    there: dict = {}
    happened, slowest_s = 0, 0.0
    for number in range(cuts):
        disk = _new_disk(folder / f"{number}.img")
        copy = folder / f"{number}.copy"
        said = _write_until_cut(disk, copy, folder / "at", synchronous, chance.uniform(0.15, 0.8))
        began_s = time.monotonic()
        with _mounted(copy, folder / "after"):
            found = _rows_of(folder / "after" / "outbox.db")
        slowest_s = max(slowest_s, time.monotonic() - began_s)
        accepted |= {(str(number), *key): crc for key, crc in said.items()}
        there |= {(str(number), *key): crc for key, crc in found.items()}
        happened += bool(said)
        disk.unlink()
        copy.unlink()
    # An outbox that lost its file begins a new life: its rows belong to nobody, which only a control may do.
    return {
        "scenario": "ext4",
        "control": None if synchronous == "FULL" else f"synchronous={synchronous}",
        **compared(accepted, there),
        "heal_s": round(slowest_s, 2),
        "fault_happened": happened,
    }


def _write_until_cut(
    disk: Path, copy: Path, place: Path, synchronous: str, seconds: float
) -> dict[tuple[str, int], int]:
    """Let a writer accept for a while, cut the power, and return what it had said by then."""
    with _mounted(disk, place):
        writer = subprocess.Popen(
            [sys.executable, str(_WRITER), str(place / "outbox.db"), synchronous, str(OUTBOX_BYTES)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        try:
            said = [writer.stdout.readline()]  # it has opened its outbox
            time.sleep(seconds)
            writer.send_signal(signal.SIGSTOP)
            os.set_blocking(writer.stdout.fileno(), False)
            # Read before the disk is copied: what is said is on it, what is not said may be.
            rest = os.read(writer.stdout.fileno(), 2**20).decode()
            shutil.copyfile(disk, copy)
        finally:
            writer.kill()
            writer.wait()
            writer.stdout.close()
    lines = [line for line in (said[0] + rest).splitlines(keepends=True) if line.endswith("\n")]
    parts = [line.split() for line in lines]
    return {(epoch, int(seq)): int(crc, 16) for epoch, seq, crc in parts}


def _rows_of(path: Path) -> dict[tuple[str, int], int]:
    outbox = Outbox.open(path, max_bytes=OUTBOX_BYTES, clock=SettableClock())
    rows = {
        (row.epoch, row.seq): crc32(row.payload) for lane in Lane for row in outbox.rows(lane, limit=100_000)
    }
    outbox.close()
    return rows


def _new_disk(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(DISK_MIB * 2**20)
    _must("mkfs.ext4", "-q", "-F", str(path))
    return path


@contextmanager
def _mounted(disk: Path, place: Path) -> Iterator[None]:
    place.mkdir(exist_ok=True)
    _must("mount", "-o", "loop", str(disk), str(place))
    try:
        yield
    finally:
        _must("umount", str(place))


def _must(*command: str) -> None:
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PATH": path})
