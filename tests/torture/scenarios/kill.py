"""Scenario: 30 s of random kill -9 and SIGSTOP of broker, hub and three edges, lies in between.

Everything is the real program. What an edge logged as accepted must be in the hub's database
afterwards, with the same checksum. The control runs edges that believe the broker: it must lose.
"""

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.torture.rigs.hostile import ROGUE, Rogue
from tests.torture.rigs.oracle import compared
from tests.torture.rigs.programs import Victim
from tests.torture.rigs.small_city import EDGES, City, scratch_folder, wait_until

# Judged by what is lost, or by tens of seconds: another scenario may run beside it.
BESIDE = True
CHAOS_S = 30.0
DRAIN_TIMEOUT_S = 120.0
_FOLDER = Path(__file__).parents[1] / "rigs"
_EDGE = [sys.executable, "-m", "edge.cli"]
_BELIEVING_EDGE = [sys.executable, str(_FOLDER / "puback_edge.py")]
# Rest between two blows, in seconds: the hub and an edge need some to start at all.
_REST_S = {"broker": (2.0, 5.0), "hub": (2.5, 6.0), "edge": (4.0, 9.0)}


def run(seed: int) -> Iterator[dict[str, object]]:
    """Run the city as it is, then with edges that delete on the broker's PUBACK."""
    for control, program in ((None, _EDGE), ("edge deletes on PUBACK", _BELIEVING_EDGE)):
        with scratch_folder() as folder:
            yield _run_one(folder, control, program, random.Random(f"{seed}-{control}"))


def _run_one(
    folder: Path, control: str | None, program: list[str], chance: random.Random
) -> dict[str, object]:
    city = City(folder, edge_program=program)
    blows: Counter[str] = Counter()
    duplicates: dict[str, int] = {}
    try:
        city.start()
        city.wait_until_it_lives()
        rogue = Rogue(city.mosquitto, victim=EDGES[0], chance=random.Random(chance.random()))
        rogue.start()
        _let_chaos_reign(city, chance, blows, duplicates)
        rogue.stop()
        city.stop_producing()
        accepted = city.accepted()
        began_s = time.monotonic()
        is_whole = wait_until(lambda: accepted.keys() <= city.in_hub().keys(), seconds=_patience_s(control))
        heal_s = round(time.monotonic() - began_s, 1) if is_whole else None
        _note_duplicates(city, duplicates)
        in_hub = city.in_hub()
        dead = city.dead_letters()
    finally:
        city.stop()
    _check_that_it_happened(blows, rogue.published, dead)
    if not is_whole and not control:
        print(city.logs(), file=sys.stderr)
    return {
        "scenario": "kill",
        "control": control,
        **compared(accepted, in_hub),
        "dups": sum(duplicates.values()),
        "dead": dead,
        "heal_s": heal_s,
        "fault_happened": sum(count for name, count in blows.items() if name.endswith("kill")),
    }


def _patience_s(control: str | None) -> float:
    return 10.0 if control else DRAIN_TIMEOUT_S


def _let_chaos_reign(
    city: City, chance: random.Random, blows: Counter[str], duplicates: dict[str, int]
) -> None:
    ends_at_s = time.monotonic() + CHAOS_S
    victims: list[tuple[str, Victim]] = [("broker", city.mosquitto), ("hub", city.hub)]
    victims += [("edge", edge) for edge in city.edges.values()]
    threads = [
        threading.Thread(
            target=_torment, args=(name, victim, random.Random(chance.random()), ends_at_s, blows)
        )
        for name, victim in victims
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        _note_duplicates(city, duplicates)
        time.sleep(0.5)
    _strike_at_the_weakest_moment(city, blows)


def _strike_at_the_weakest_moment(city: City, blows: Counter[str]) -> None:
    """Kill the broker while it holds what it has taken for a hub that does not listen."""
    city.hub.freeze()
    blows["hub freeze"] += 1
    time.sleep(2.0)
    city.mosquitto.kill()
    blows["broker kill"] += 1
    city.mosquitto.start()
    city.hub.thaw()


def _torment(name: str, victim: Victim, chance: random.Random, ends_at_s: float, blows: Counter[str]) -> None:
    while True:
        rest_s = chance.uniform(*_REST_S[name])
        if time.monotonic() + rest_s > ends_at_s:
            return
        time.sleep(rest_s)
        if chance.random() < 0.6:
            victim.kill()
            blows[f"{name} kill"] += 1
            time.sleep(chance.choice((0.0, 0.3, 1.5)))
            victim.start()
        else:
            victim.freeze()
            blows[f"{name} freeze"] += 1
            time.sleep(chance.uniform(0.3, 3.0))
            victim.thaw()


def _note_duplicates(city: City, duplicates: dict[str, int]) -> None:
    started_at, count = city.duplicates()
    duplicates[started_at] = max(duplicates.get(started_at, 0), count)


def _check_that_it_happened(blows: Counter[str], published: int, dead: int) -> None:
    print(f"{dict(sorted(blows.items()))}, {published} hostile publishes by {ROGUE}", file=sys.stderr)
    kinds = {name.partition(" ")[0] for name, count in blows.items() if count and name.endswith("kill")}
    if kinds != {"broker", "hub", "edge"}:
        raise RuntimeError(f"only {sorted(kinds)} were killed: the run proves nothing; take another seed")
    if not any(name.endswith("freeze") for name in blows) or published == 0 or dead == 0:
        raise RuntimeError(f"nothing was frozen, or nothing hostile arrived ({published}, {dead} dead)")
