"""Scenario: the memory of edge and hub while records flow, in bytes a record after both warmed up.

An edge takes in what many sensors say; the hub takes in what a device drains as fast as it can. What grows
with records fills a Pi in weeks. The slope is a line through a minute, of the process's own memory: pages
of files that it has mapped (libraries, SQLite's index of its log) are the kernel's to take back.

An edge takes in too few records in a minute to tell two bytes each from one step of its allocator:
``minutes`` looks at it longer. The hub is looked at for one minute, which is ten times as many.
"""

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import psutil

from tests.torture.rigs.device import Device, reading
from tests.torture.rigs.oracle import compared, in_hub
from tests.torture.rigs.small_city import City, scratch_folder, wait_until

EDGE, DRAINER = "sungai", "pasar"
WARM_UP_S, MINUTE_S, EVERY_S = 20.0, 60.0, 0.25
# Python takes memory in arenas of so much (CPython 3.10, 2021, Objects/obmalloc.c), the C library in parts of
# that: a step of one arena in a minute is no slope.
ARENA_BYTES = 2**20
HELPING, MOST_WAITING = 500, 5_000
PATIENCE_S = 120.0
MOST = {"rss_slope": 2.0}
# As much as is taken in at once even on a busy machine: an outbox that fills is no constant size.
_BUSY = "health_every_s = 5\n" + "".join(
    f'[[sensors]]\nid = "s{n}"\nsource = "simulated:number?seed={n}"\nquantity = "number"\nevery_s = 0.005\n'
    for n in range(4)
)


def run(seed: int, *, minutes: float = 1.0) -> Iterator[dict[str, object]]:
    """Yield one line; the edge is looked at for so many minutes, at least one."""
    with scratch_folder() as folder:
        city = City(folder, edges=(EDGE,), others=(DRAINER,), producing=_BUSY)
        try:
            yield _run_city(city, random.Random(seed), measured_s=max(minutes, 1.0) * MINUTE_S)
        finally:
            city.stop()


def _run_city(city: City, chance: random.Random, *, measured_s: float) -> dict[str, object]:
    city.start()
    city.wait_until_it_lives()
    device = Device(DRAINER, link=city.mosquitto.link(DRAINER), path=city.folder / "drain.db", chance=chance)
    device.start()
    is_over = threading.Event()
    pump = threading.Thread(target=_pump, args=(device, is_over))
    pump.start()
    time.sleep(WARM_UP_S)
    log = city.folder / EDGE / "accepted.log"
    samples = {
        "edge": Samples(psutil.Process(city.edges[EDGE].pid), lambda: log.read_bytes().count(b"\n")),
        "hub": Samples(psutil.Process(city.hub.pid), city.records_in_hub),
    }
    _look(samples.values(), seconds=MINUTE_S)
    is_over.set()
    pump.join()
    _look([samples["edge"]], seconds=measured_s - MINUTE_S)
    city.stop_producing()
    accepted = city.accepted() | device.accepted
    wait_until(lambda: device.waiting == 0, seconds=PATIENCE_S)
    devices = (EDGE, DRAINER)
    wait_until(
        lambda: accepted.keys() <= in_hub(city.database, devices).keys(), seconds=PATIENCE_S, every_s=1.0
    )
    device.stop()
    return {
        "scenario": "memory",
        **compared(accepted, in_hub(city.database, devices)),
        "dups": city.duplicates()[1],
        "dead": city.dead_letters(),
        "rss_slope": max(one.judged() for one in samples.values()),
        "fault_happened": sum(one.grown for one in samples.values()),
        **{f"{name}_slope": one.slope() for name, one in samples.items()},
        **{f"{name}_sees_from": one.sees_from() for name, one in samples.items()},
        **{f"{name}_records": one.grown for name, one in samples.items()},
        **{f"{name}_mib": one.mib for name, one in samples.items()},
    }


def _look(samples: Iterable["Samples"], *, seconds: float) -> None:
    ends_at_s = time.monotonic() + seconds
    while time.monotonic() < ends_at_s:
        for one in samples:
            one.look()
        time.sleep(EVERY_S)


def _pump(device: Device, is_over: threading.Event) -> None:
    number = 0
    while not is_over.wait(0.02):
        if device.waiting < MOST_WAITING:
            number += HELPING
            device.accept(*(reading(number + n) for n in range(HELPING)))


class Samples:
    """Memory against records, of one process."""

    def __init__(self, process: psutil.Process, count: Callable[[], int]) -> None:
        """Take what is looked at, and what counts its records."""
        self._process, self._count = process, count
        self._points: list[tuple[int, int]] = []

    def look(self) -> None:
        """Take one sample."""
        memory = self._process.memory_info()
        self._points.append((self._count(), memory.rss - memory.shared))

    @property
    def grown(self) -> int:
        """How many records came while it was looked at."""
        return self._points[-1][0] - self._points[0][0]

    @property
    def mib(self) -> int:
        """The memory at the end."""
        return round(self._points[-1][1] / 2**20)

    def judged(self) -> float:
        """Return the slope, or 0 when all that it comes to is less than an arena."""
        return 0.0 if self.slope() * self.grown < ARENA_BYTES else self.slope()

    def sees_from(self) -> float:
        """Return the smallest slope that can be told from a step of one arena, bytes a record."""
        return round(ARENA_BYTES / max(self.grown, 1), 1)

    def slope(self) -> float:
        """Return bytes a record; what a collector has not collected yet is no growth, so lows count."""
        size = max(len(self._points) // 12, 1)
        parts = [self._points[start : start + size] for start in range(0, len(self._points), size)]
        lows = [min(part, key=lambda point: point[1]) for part in parts]
        records, memory = zip(*lows, strict=True)
        return round(statistics.linear_regression(records, memory).slope, 2)
