"""Scenario: clocks that say 1970, go back a day, jump ahead a day, and are set right while records are made.

Only the wall clock lies, as on a Pi without a battery. Nothing is lost, the order of a device's records is
the order in which things happened whatever the clock said, each record says how good its clock was, none
is older than the software, and records of now go on arriving at once.
"""

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select

from edge.clock import BUILT_AT, SystemClock
from edge.wire.records.bodies import DeviceIncident
from hub.ingest.models import Event
from tests.torture.rigs.device import Device, reading
from tests.torture.rigs.latency import latencies_ms, percentile
from tests.torture.rigs.oracle import Key, compared, in_hub
from tests.torture.rigs.small_city import City, scratch_folder, wait_until

DEVICE = "sungai"
DAY_S = 86_400.0
# What the wall clock is off by (None: it says 1970), whether NTP keeps it, and what the records must say.
PHASES = (
    ("synced", 0.0, True, "synced"),
    ("a day back", -DAY_S, False, "unknown"),
    ("right again", 0.0, True, "synced"),
    ("a day ahead", DAY_S, False, "held"),
    ("back from ahead", 0.0, True, "synced"),
    ("reboot in 1970", None, False, "unknown"),
    ("set right while running", 0.0, True, "synced"),
    ("an hour off without NTP", 3_600.0, False, "held"),
)
RECORDS_A_PHASE = 60
PATIENCE_S = 90.0
MOST = {"live_p99_ms": 2_000}


class _Wall:
    """The wall clock of the device."""

    def __init__(self) -> None:
        self.off_s: float | None = 0.0
        self.is_synced = True

    def time_s(self) -> float:
        # 1970 on a Pi: seconds since it was switched on.
        return 40.0 if self.off_s is None else time.time() + self.off_s


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield one line."""
    with scratch_folder() as folder:
        city = City(folder, edges=(), others=(DEVICE,))
        city.mosquitto.start()
        city.hub.start()
        try:
            yield _run_city(city, folder, random.Random(seed))
        finally:
            city.stop()


def _run_city(city: City, folder: Path, chance: random.Random) -> dict[str, object]:
    wall = _Wall()
    device = _boot(city, folder, wall, chance)
    first = device.accept(DeviceIncident(what="tick", detail="0"))
    assert wait_until(lambda: first[0] in in_hub(city.database), seconds=PATIENCE_S), city.logs()
    accepted, accepted_at_s = dict(device.accepted), dict(device.accepted_at_s)
    said: list[tuple[Key, str]] = [(first[0], "synced")]
    for name, off_s, is_synced, quality in PHASES:
        wall.off_s, wall.is_synced = off_s, is_synced
        if name.startswith("reboot"):
            device.stop()
            device = _boot(city, folder, wall, chance)
        for _ in range(RECORDS_A_PHASE):
            keys = device.accept(DeviceIncident(what="tick", detail=str(len(said))), reading(len(said)))
            said.append((keys[0], quality))
            time.sleep(0.02)
        accepted |= device.accepted
        accepted_at_s |= device.accepted_at_s
    wait_until(lambda: device.waiting == 0, seconds=PATIENCE_S)
    device.stop()
    line = compared(accepted, in_hub(city.database))
    line["wrong"] += _told_wrong(city, said)
    latencies = latencies_ms(city.database, accepted_at_s, [key for key, _ in said[1:]])
    return {
        "scenario": "clocks",
        **line,
        "dups": city.duplicates()[1],
        "dead": city.dead_letters(),
        "live_p99_ms": percentile(latencies, 0.99),
        "fault_happened": len(PHASES) if len({quality for _, quality in said}) == 3 else 0,
        "live_p50_ms": percentile(latencies, 0.5),
    }


def _boot(city: City, folder: Path, wall: _Wall, chance: random.Random) -> Device:
    clock = SystemClock(folder / "floor", wall_s=wall.time_s, is_ntp_synced=lambda: wall.is_synced)
    link = city.mosquitto.link(DEVICE, keepalive_s=5)
    device = Device(DEVICE, link=link, path=folder / "edge.db", chance=chance, clock=clock)
    device.start()
    return device


def _told_wrong(city: City, said: list[tuple[Key, str]]) -> int:
    """Count records that are out of order, older than the software, or wrong about their clock."""
    with city.database.reading() as db:
        rows = db.execute(
            select(Event).where(Event.device == DEVICE, Event.kind == "device-incident")
        ).scalars()
        events = {(event.device, event.epoch, event.seq): event for event in rows}
    in_order = [events[key] for key in sorted(key for key, _ in said if key in events)]
    numbers = [int(event.body.rpartition('"detail":"')[2].rstrip('"}')) for event in in_order]
    disordered = sum(one >= other for one, other in pairwise(numbers))
    mistold = sum(events[key].clock != quality for key, quality in said if key in events)
    too_old = sum(event.at < BUILT_AT - timedelta(seconds=1) for event in in_order)
    return disordered + mistold + too_old
