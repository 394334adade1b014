"""Scenario: 60,000 records of three days without a link drain, while things go on happening.

What happens now passes what waited: 99 of 100 live records are in the hub within two seconds, and the
backlog drains with 2,000 records a second and more.
"""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.torture.rigs.device import Device, LiveLane, reading
from tests.torture.rigs.latency import latencies_ms, percentile
from tests.torture.rigs.oracle import compared, in_hub
from tests.torture.rigs.small_city import City, scratch_folder, wait_until

DEVICE = "sungai"
BACKLOG, HELPING = 60_000, 2_000
OUTAGE = timedelta(hours=72)
LIVE_EVERY_S = 0.02
PATIENCE_S = 240.0
MOST = {"live_p99_ms": 2_000}
LEAST = {"records_per_s": 2_000}


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield one line."""
    with scratch_folder() as folder:
        city = City(folder, edges=(), others=(DEVICE,))
        city.mosquitto.start()
        city.hub.start()
        try:
            yield _drain(city, random.Random(seed))
        finally:
            city.stop()


def _drain(city: City, chance: random.Random) -> dict[str, object]:
    link = city.mosquitto.link(DEVICE)
    device = Device(DEVICE, link=link, path=city.folder / "edge.db", chance=chance)
    # The hub has started when it acknowledges something; only then does the clock run.
    first = device.accept(reading(0))
    _fill(device)
    waiting = device.waiting
    live = LiveLane(device, every_s=LIVE_EVERY_S)
    _wait_for_the_hub(city)
    device.start()
    assert wait_until(lambda: device.uplink.is_connected, seconds=60), city.logs()
    began_s = time.monotonic()
    live.start()
    wait_until(lambda: device.waiting < BACKLOG // 100, seconds=PATIENCE_S, every_s=0.05)
    drained_s = time.monotonic() - began_s
    live.end()
    is_whole = wait_until(lambda: device.waiting == 0, seconds=60)
    device.stop()
    there = in_hub(city.database)
    latencies = latencies_ms(city.database, device.accepted_at_s, live.keys)
    return {
        "scenario": "drain",
        **compared(device.accepted, there),
        "dups": city.duplicates()[1],
        "dead": city.dead_letters(),
        "heal_s": round(drained_s, 1) if is_whole else None,
        "live_p99_ms": percentile(latencies, 0.99),
        "fault_happened": waiting if first[0] in there else 0,
        "live_p50_ms": percentile(latencies, 0.5),
        "live_records": len(live.keys),
        "records_per_s": round(BACKLOG * 0.99 / drained_s),
    }


def _fill(device: Device) -> None:
    begin = datetime.now(UTC) - OUTAGE
    every = OUTAGE / BACKLOG
    for start in range(0, BACKLOG, HELPING):
        numbers = range(start, start + HELPING)
        device.accept(*(reading(number) for number in numbers), at=begin + start * every, every=every)


def _wait_for_the_hub(city: City) -> None:
    # The heartbeat is a commit: whoever writes it listens.
    assert wait_until(lambda: city.duplicates()[0] != "", seconds=60), city.logs()
