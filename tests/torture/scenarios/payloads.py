"""Scenario: a device with a good certificate sends what nobody should, while another one records.

Everything on every channel it may use: broken, lying, deep, huge, a fixed list and what Hypothesis
invents and bends. Nothing stops the records of the other device; what is no record is buried with its reason.
"""

import contextlib
import itertools
import json
import random
import threading
import time
from collections.abc import Iterator

import psutil
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from edge.wire.records.bodies import DeviceIncident
from hub.ingest.keeping.deadletter import MAX_RAW_BYTES
from hub.ingest.models import DeadLetter
from tests.torture.rigs.device import Device, LiveLane
from tests.torture.rigs.hostile import CHANNELS, LIE, PAYLOADS, ROGUE
from tests.torture.rigs.latency import latencies_ms, percentile
from tests.torture.rigs.oracle import compared, in_hub
from tests.torture.rigs.small_city import City, scratch_folder, wait_until
from tests.torture.rigs.voice import Voice

GOOD = "sungai"
EXAMPLES = 300
PATIENCE_S = 90.0
MOST = {"heal_s": 1.0, "live_p99_ms": 2_000, "hub_grew_mib": 20.0}
_WORDS = st.sampled_from(
    ["epoch", "lane", "records", "v", "seq", "at", "clock", "boot_id", "mono_ns", "body", "kind", "telemetry"]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | _WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(_WORDS | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


def run(seed_of_run: int) -> Iterator[dict[str, object]]:
    """Yield one line."""
    with scratch_folder() as folder:
        city = City(folder, edges=(), others=(GOOD,))
        city.mosquitto.start()
        city.hub.start()
        try:
            yield _run_city(city, seed_of_run)
        finally:
            city.stop()


def _run_city(city: City, seed_of_run: int) -> dict[str, object]:
    chance = random.Random(seed_of_run)
    device = Device(GOOD, link=city.mosquitto.link(GOOD), path=city.folder / "edge.db", chance=chance)
    device.start()
    live = LiveLane(device, every_s=0.05)
    live.start()
    assert wait_until(lambda: in_hub(city.database), seconds=PATIENCE_S), city.logs()
    begun = len(live.keys)  # those before waited for the hub's start
    hub = psutil.Process(city.hub.pid)
    before_mib = hub.memory_info().rss / 2**20
    said = _say_everything(city, seed_of_run, chance)
    live.end()
    began_s = time.monotonic()
    last = device.accept(DeviceIncident(what="last"))[0]
    is_heard = wait_until(lambda: last in in_hub(city.database), seconds=PATIENCE_S, every_s=0.02)
    heal_s = round(time.monotonic() - began_s, 2) if is_heard else None
    wait_until(lambda: device.waiting == 0, seconds=PATIENCE_S)
    device.stop()
    there = in_hub(city.database)
    line = compared(device.accepted, {key: crc for key, crc in there.items() if key[0] == GOOD})
    line["wrong"] += _buried_too_large(city) + (city.hub.exit_code is not None)
    latencies = latencies_ms(city.database, device.accepted_at_s, live.keys[begun:])
    return {
        "scenario": "payloads",
        **line,
        "dead": city.dead_letters(),
        "heal_s": heal_s,
        "live_p99_ms": percentile(latencies, 0.99),
        "fault_happened": min(said, city.dead_letters()),
        "said": said,
        "kept_of_rogue": len(there) - line["in_hub"],
        "hub_grew_mib": round(hub.memory_info().rss / 2**20 - before_mib, 1),
    }


def _say_everything(city: City, seed_of_run: int, chance: random.Random) -> int:
    """Send it all, each on a connection that lives; return how much was sent."""
    count = itertools.count()
    mouth = _Mouth(city)
    for channel, payload in itertools.product(CHANNELS, PAYLOADS):
        mouth.say(f"pontive/1/up/{ROGUE}/{channel}", payload)
        next(count)
    mouth.say(f"pontive/1/up/{GOOD}/records", LIE)  # the broker does not pass it on; the oracle would see it

    @seed(seed_of_run)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        value=_VALUES, cut=st.integers(0, 400), base=st.sampled_from(PAYLOADS), junk=st.binary(max_size=64)
    )
    def say(value: object, cut: int, base: bytes, junk: bytes) -> None:
        invented = json.dumps(value).encode("utf-8", "surrogatepass")
        bent = base[:cut] + junk + base[cut + chance.randrange(8) :]
        for payload in (invented, bent):
            mouth.say(f"pontive/1/up/{ROGUE}/{chance.choice(CHANNELS)}", payload[:200_000])
            next(count)

    say()
    mouth.close()
    return next(count)


class _Mouth:
    """Speaks on, on a new connection when the broker hung up."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._voice: Voice | None = None
        self._lock = threading.Lock()

    def say(self, topic: str, payload: bytes) -> None:
        with self._lock:
            if self._voice is None or self._voice.ended is not None:
                self.close()
                self._voice = Voice(self._city.mosquitto, ROGUE, client_id=ROGUE)
            # Without waiting for the answer, as somebody who means harm.
            with contextlib.suppress(ValueError):
                self._voice.say_and_go_on(topic, payload)

    def close(self) -> None:
        if self._voice is not None:
            self._voice.close()


def _buried_too_large(city: City) -> int:
    with city.database.reading() as db:
        query = (
            select(func.count()).select_from(DeadLetter).where(func.length(DeadLetter.raw) > MAX_RAW_BYTES)
        )
        return db.scalar(query) or 0
