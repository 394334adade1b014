"""Scenario: 500 devices with certificates of their own come back at once, while one goes on recording.

The broker is killed with all of them connected, and starts again: every one shakes hands in the same
moment, without the jitter that real devices have. 99 of 100 records of the one are in the hub within
five seconds, its own way back included.
"""

import random
import time
from collections.abc import Iterator

from tests.torture.rigs.device import Device, LiveLane
from tests.torture.rigs.herd import Herd
from tests.torture.rigs.latency import committed_at_s, latencies_ms, percentile
from tests.torture.rigs.oracle import compared, in_hub
from tests.torture.rigs.small_city import City, scratch_folder, wait_until

DEVICE, HERD = "sungai", 500
PATIENCE_S = 180.0
MOST = {"live_p99_ms": 5_000}


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield one line."""
    names = [f"kawan-{number:03}" for number in range(HERD)]
    with scratch_folder() as folder:
        city = City(folder, edges=(), others=(DEVICE, *names))
        city.mosquitto.start()
        city.hub.start()
        herd = Herd(city.mosquitto, names)
        try:
            yield _run_city(city, herd, random.Random(seed))
        finally:
            herd.end()
            city.stop()


def _run_city(city: City, herd: Herd, chance: random.Random) -> dict[str, object]:
    device = Device(DEVICE, link=city.mosquitto.link(DEVICE), path=city.folder / "edge.db", chance=chance)
    device.start()
    live = LiveLane(device, every_s=0.05)
    live.start()
    assert wait_until(lambda: in_hub(city.database), seconds=PATIENCE_S), city.logs()
    herd.start()
    assert wait_until(lambda: herd.present == HERD, seconds=PATIENCE_S), f"{herd.present} came\n{city.logs()}"
    before = herd.connections
    city.mosquitto.kill()
    assert wait_until(lambda: herd.present == 0, seconds=PATIENCE_S)
    city.mosquitto.start()
    back_at_s = time.time()
    wait_until(lambda: device.uplink.is_connected, seconds=PATIENCE_S, every_s=0.05)
    device_back_s = time.time() - back_at_s
    is_back = wait_until(lambda: herd.present == HERD, seconds=PATIENCE_S)
    heal_s = time.time() - back_at_s if is_back else None
    wait_until(lambda: device.waiting < 20, seconds=PATIENCE_S)
    live.end()
    wait_until(lambda: device.waiting == 0, seconds=PATIENCE_S)
    device.stop()
    ends_at_s = back_at_s + (heal_s or PATIENCE_S)
    during = [key for key in live.keys if back_at_s <= device.accepted_at_s[key] <= ends_at_s]
    latencies = latencies_ms(city.database, device.accepted_at_s, during)
    there, committed = in_hub(city.database), committed_at_s(city.database)
    return {
        "scenario": "herd",
        **compared(device.accepted, {key: crc for key, crc in there.items() if key[0] == DEVICE}),
        "dups": city.duplicates()[1],
        "dead": city.dead_letters(),
        "heal_s": None if heal_s is None else round(heal_s, 1),
        "live_p99_ms": percentile(latencies, 0.99),
        "fault_happened": herd.connections - before,
        "live_p50_ms": percentile(latencies, 0.5),
        "live_records": len(during),
        "device_back_s": round(device_back_s, 1),
        "hub_back_s": round(min(at for at in committed.values() if at > back_at_s) - back_at_s, 1),
        "herd_in_hub": len({device for device, _, _ in there if device != DEVICE}),
    }
