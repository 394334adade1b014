"""Scenario: three edges on bad links: one's cable is pulled, one's swallows everything, one's is narrow.

Then the broker is killed three times and starts at once. Nothing is lost, every edge finds back by itself,
and after the broker is back the first new record of each edge is in the hub within five seconds.
"""

import random
import time
from collections.abc import Iterator

from tests.torture.rigs.cable import Cable, laid_cable
from tests.torture.rigs.oracle import compared
from tests.torture.rigs.proxy import BadLink
from tests.torture.rigs.small_city import EDGE_PROGRAM, EDGES, PRODUCING, City, scratch_folder, wait_until

# After the broker is back; a cable that was pulled is found again by the backoff, which may have grown.
MOST = {"broker_back_s": 5.0}
PULLED, SWALLOWED, NARROW = EDGES
BITS_PER_S, DELAY_S = 256_000.0, 0.05
AWAY_S = (12.0, 16.0)
PATIENCE_S = 120.0
BROKER_KILLS = 3
# Half a second apart for each sensor of each edge, or a narrow link would never have drained.
_SLOWER = PRODUCING.replace("every_s = 0.05", "every_s = 0.2")


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield one line."""
    with scratch_folder() as folder, laid_cable() as cable:
        links: dict[str, BadLink] = {}

        def broker_of(device: str, port: int) -> tuple[str, int]:
            if device == PULLED:
                return (cable.host, port) if isinstance(cable, Cable) else ("127.0.0.1", port)
            if device not in links:
                narrow = {"bits_per_s": BITS_PER_S, "delay_s": DELAY_S} if device == NARROW else {}
                links[device] = BadLink(port, **narrow).__enter__()
            return "127.0.0.1", links[device].port

        city = City(
            folder,
            producing=_SLOWER,
            broker_of=broker_of,
            addresses=("127.0.0.1", cable.host) if isinstance(cable, Cable) else ("127.0.0.1",),
            edge_program=lambda device: (
                cable.program() if device == PULLED and isinstance(cable, Cable) else EDGE_PROGRAM
            ),
        )
        try:
            yield _run_city(city, cable, links[SWALLOWED], random.Random(seed))
        finally:
            city.stop()
            for link in links.values():
                link.__exit__(None, None, None)


def _run_city(city: City, cable: Cable | str, hole: BadLink, chance: random.Random) -> dict[str, object]:
    city.start()
    city.wait_until_it_lives()
    was_cut = _cut_off(city, cable, hole, chance.uniform(*AWAY_S))
    began_s = time.monotonic()
    is_back = wait_until(_all_say_something_new(city), seconds=PATIENCE_S)
    heal_s = round(time.monotonic() - began_s, 1) if is_back else None
    back_s = [_kill_broker(city, chance) for _ in range(BROKER_KILLS)]
    city.stop_producing()
    accepted = city.accepted()
    wait_until(lambda: accepted.keys() <= city.in_hub().keys(), seconds=PATIENCE_S)
    return {
        "scenario": "partition",
        **compared(accepted, city.in_hub()),
        "dups": city.duplicates()[1],
        "dead": city.dead_letters(),
        "heal_s": heal_s,
        "fault_happened": was_cut and BROKER_KILLS + was_cut,
        "broker_back_s": None if None in back_s else max(back_s),
        "cable": "pulled" if isinstance(cable, Cable) else cable,
        "swallowed_bytes": hole.swallowed_bytes,
    }


def _cut_off(city: City, cable: Cable | str, hole: BadLink, seconds: float) -> int:
    """Cut two edges off for a while; return how many of them the hub really did not hear."""
    hole.swallow()
    if isinstance(cable, Cable):
        cable.pull()
    time.sleep(1.0)  # what was under way arrives
    before = _count(city)
    kept = {device: len(list(city.accepted_by(device))) for device in (PULLED, SWALLOWED)}
    time.sleep(seconds)
    after = _count(city)
    cut = (PULLED, SWALLOWED) if isinstance(cable, Cable) else (SWALLOWED,)
    silent = [name for name in cut if after.get(name) == before.get(name)]
    went_on = [name for name in silent if len(list(city.accepted_by(name))) > kept[name]]
    if after.get(NARROW, 0) == before.get(NARROW, 0):
        raise RuntimeError(f"the narrow link carries nothing: {after}\n{city.logs()}")
    hole.heal()
    if isinstance(cable, Cable):
        cable.plug_in()
    return len(went_on) if len(went_on) == len(cut) else 0


def _kill_broker(city: City, chance: random.Random) -> float | None:
    """Kill the broker; return after how many seconds every edge was heard again."""
    time.sleep(chance.uniform(5.5, 7.0))  # a connection that held starts the backoff anew
    city.mosquitto.kill()
    city.mosquitto.start()
    began_s = time.monotonic()
    is_back = wait_until(_all_say_something_new(city), seconds=PATIENCE_S, every_s=0.1)
    return round(time.monotonic() - began_s, 1) if is_back else None


def _all_say_something_new(city: City):
    """Return what is true once the hub has of each edge what was accepted after now."""
    marks = {name: max((key[2] for key, _ in city.accepted_by(name)), default=0) for name in EDGES}

    def is_heard() -> bool:
        there = city.in_hub()
        newest = {name: max((seq for device, _, seq in there if device == name), default=0) for name in EDGES}
        return all(newest[name] > marks[name] for name in EDGES)

    return is_heard


def _count(city: City) -> dict[str, int]:
    counts: dict[str, int] = {}
    for device, _, _ in city.in_hub():
        counts[device] = counts.get(device, 0) + 1
    return counts
