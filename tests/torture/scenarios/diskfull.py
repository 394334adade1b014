"""Scenario: not one byte free, on the disk of a device and then on the disk of the hub.

The device has no link either and too much to say: telemetry leaves and every gap is a record with its
number, attendance is kept to the last scan. The hub stops acknowledging instead of losing: devices keep
theirs, and all is there once the disk has room again. Needs root, for small file systems in memory.
"""

import contextlib
import os
import random
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from edge.errors import OutboxFullError
from edge.wire.messages import decode_body
from edge.wire.records.bodies import CameraIntegrity, HadirScan, Lane, OutboxGap, PictureState
from tests.torture.report import skipped
from tests.torture.rigs.device import Device, LiveLane, reading
from tests.torture.rigs.oracle import Key, compared, in_hub
from tests.torture.rigs.small_city import City, scratch_folder, wait_until

# Judged by what is lost, or by tens of seconds: another scenario may run beside it.
BESIDE = True
DOOR, OTHER = "sungai", "pasar"
EDGE_DISK_MIB, OUTBOX_MIB, HUB_DISK_MIB = 8, 4, 40
SCANS, HELPING, HELPINGS = 400, 50, 900
FULL_S = 6.0
PATIENCE_S = 120.0


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield a line for the device, and one for the hub."""
    if os.geteuid() != 0:
        yield skipped("diskfull", "not root: no small file system can be mounted")
        return
    with scratch_folder() as folder, contextlib.ExitStack() as disks:
        edge_disk = disks.enter_context(_small_disk(folder / "edge", EDGE_DISK_MIB))
        hub_disk = disks.enter_context(_small_disk(folder / "hub", HUB_DISK_MIB))
        city = City(folder, edges=(), others=(DOOR, OTHER))
        city.mosquitto.start()
        city.hub.start()
        try:
            chance = random.Random(seed)
            yield _full_edge(city, edge_disk, chance)
            yield _full_hub(city, hub_disk, chance)
        finally:
            city.stop()


def _full_edge(city: City, disk: Path, chance: random.Random) -> dict[str, object]:
    link = city.mosquitto.link(DOOR, keepalive_s=5)
    device = Device(
        DOOR,
        link=link,
        path=disk / "outbox.db",
        chance=chance,
        max_bytes=OUTBOX_MIB * 2**20,
        doors=("pintu",),
    )
    free_bytes = _fill(disk)
    scans, refused = _say_too_much(device, chance)
    gaps = [body for body in _bodies(device) if isinstance(body, OutboxGap)]
    thinned = sum(gap.count for gap in gaps)
    device.start()
    began_s = time.monotonic()
    is_whole = wait_until(lambda: device.waiting == 0, seconds=PATIENCE_S)
    heal_s = time.monotonic() - began_s
    device.stop()
    there = in_hub(city.database, (DOOR,))
    line = compared(device.accepted, there)
    gone = [key for key in device.accepted if key not in there]
    # What the gap records count has left as promised; a scan that is gone, or one more than counted, is lost.
    line["lost"] = sum(key in scans for key in gone) + max(len(gone) - thinned, 0)
    line["wrong"] += abs(len(gone) - thinned) + (free_bytes > 0)
    return {
        "scenario": "diskfull",
        **line,
        "dead": city.dead_letters(),
        "heal_s": round(heal_s, 1) if is_whole else None,
        "fault_happened": thinned,
        "where": "edge",
        "scans": len(scans),
        "scans_refused": refused,
        "thinned": thinned,
        "gap_records": len(gaps),
    }


def _say_too_much(device: Device, chance: random.Random) -> tuple[set[Key], int]:
    """Let far more happen than there is room for; return the scans that were accepted."""
    scans: set[Key] = set()
    refused = 0
    between = HELPINGS // SCANS + 1
    for number in range(HELPINGS):
        with contextlib.suppress(OutboxFullError):
            device.accept(
                *(_large(chance) for _ in range(HELPING // 5)), *(reading(number) for _ in range(HELPING))
            )
        for _ in range(SCANS // HELPINGS + 1 if number % between == 0 else 0):
            try:
                scans.update(device.accept(_scan(number)))
            except OutboxFullError:
                refused += 1
    return scans, refused


def _bodies(device: Device) -> list[object]:
    return [decode_body(row.payload) for lane in Lane for row in device.outbox.rows(lane, limit=1_000_000)]


def _full_hub(city: City, disk: Path, chance: random.Random) -> dict[str, object]:
    device = Device(OTHER, link=city.mosquitto.link(OTHER), path=city.folder / "other.db", chance=chance)
    device.start()
    live = LiveLane(device, every_s=0.02)
    live.start()
    assert wait_until(lambda: in_hub(city.database, (OTHER,)), seconds=PATIENCE_S), city.logs()
    filler = disk / "filler"
    is_stuck = wait_until(lambda: _fill(disk) == 0 and _is_stuck(city), seconds=PATIENCE_S, every_s=0.5)
    before = len(in_hub(city.database, (OTHER,)))
    kept_before = device.waiting
    time.sleep(FULL_S)
    stayed = device.waiting - kept_before
    acknowledged = len(in_hub(city.database, (OTHER,))) - before
    for path in disk.glob(f"{filler.name}*"):
        path.unlink()
    began_s = time.monotonic()
    live.end()
    is_whole = wait_until(lambda: device.waiting == 0, seconds=PATIENCE_S)
    heal_s = time.monotonic() - began_s
    device.stop()
    return {
        "scenario": "diskfull",
        **compared(device.accepted, in_hub(city.database, (OTHER,))),
        "dups": city.duplicates()[1],
        "dead": city.dead_letters(),
        "heal_s": round(heal_s, 1) if is_whole else None,
        "fault_happened": stayed if is_stuck else 0,
        "where": "hub",
        "kept_meanwhile": stayed,
        "committed_meanwhile": acknowledged,
        "exit_code": city.hub.exit_code,
    }


def _is_stuck(city: City) -> bool:
    return city.hub.said("nothing can be committed") > 0 or city.hub.exit_code is not None


@contextlib.contextmanager
def _small_disk(place: Path, size_mib: int) -> Iterator[Path]:
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_mib}m,mode=755", "tmpfs", str(place)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)


def _fill(disk: Path) -> int:
    """Take every byte that is left; return how many there are after that."""
    number = len(list(disk.glob("filler*")))
    with (disk / f"filler{number}").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    free = os.statvfs(disk)
    return free.f_bavail * free.f_frsize


def _large(chance: random.Random) -> CameraIntegrity:
    return CameraIntegrity(camera="utara", picture=PictureState.BLACK, detail="x" * chance.choice((100, 480)))


def _scan(number: int) -> HadirScan:
    return HadirScan(
        door="pintu",
        person=number + 1,
        method="phone",
        assurance="strong",
        issued_at=datetime.now(UTC),
        token=f"{number:032x}",
        roster_version=1,
        flags=(),
    )
