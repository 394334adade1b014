"""Scenario: a door whose hub is away for a day: 600 people pass, then the link returns.

Real door, real outbox, real uplink, real broker, real ingest; only the clock runs faster. Nothing may
be lost or doubled, every scan keeps the time it was made, and all are there soon after the
connection is. Seconds are printed, not judged: they are this machine's.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from edge.clock import SettableClock
from edge.hadir.answers import Store
from edge.hadir.door import Door
from edge.hadir.judging.memory import MemoryUses, UsedCodes
from edge.hadir.judging.roster import advance
from edge.wire.hadir.phones import SimulatedPhone, new_phone
from edge.wire.hadir.roster import LIFETIME, Entry, RosterDocument, Standing
from hub.db import Database
from hub.hadir.models import DoorScan
from tests.torture.rigs.device import PATIENCE_S, Device
from tests.torture.rigs.small_city import City, scratch_folder, wait_until

# Judged by what is lost, or by tens of seconds: another scenario may run beside it.
BESIDE = True
DEVICE, PEOPLE, SCANS = "sungai", 100, 600
OUTAGE = timedelta(hours=24)

Scan = tuple[int, str, datetime]  # person, token, at


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield the figures of one day without a hub."""
    with scratch_folder() as folder:
        city = City(folder, edges=(), others=(DEVICE,))
        city.mosquitto.start()
        city.hub.start()
        try:
            yield _one_day(city, folder, random.Random(seed))
        finally:
            city.stop()


def _one_day(city: City, folder: Path, chance: random.Random) -> dict[str, object]:
    clock = SettableClock(datetime.now(UTC).replace(microsecond=0) - OUTAGE, mono_ns=10**12)
    link = city.mosquitto.link(DEVICE, keepalive_s=5)
    device = Device(DEVICE, link=link, path=folder / "door.db", chance=chance, clock=clock, doors=("pintu",))
    uplink = device.uplink
    device.start()
    assert wait_until(lambda: uplink.is_connected, seconds=PATIENCE_S), city.logs()
    city.mosquitto.kill()
    assert wait_until(lambda: not uplink.is_connected, seconds=PATIENCE_S)
    accepted = _let_people_pass(device, clock, chance)
    city.mosquitto.start()
    assert wait_until(lambda: uplink.is_connected, seconds=PATIENCE_S), city.logs()
    back_s = time.monotonic()
    wait_until(lambda: len(_in_hub(city.database)) >= len(accepted), seconds=PATIENCE_S)
    deliver_s = time.monotonic() - back_s
    # Whoever delivers twice does it now: the device has its acknowledgements, or asks again.
    wait_until(lambda: device.waiting == 0, seconds=PATIENCE_S)
    device.stop()
    return _figures(accepted, _in_hub(city.database), round(deliver_s, 2), city.dead_letters())


def _let_people_pass(device: Device, clock: SettableClock, chance: random.Random) -> list[Scan]:
    """Let 600 codes be shown over a day; return what the outbox took."""
    phones = [new_phone(person, is_p256=person % 2 == 0) for person in range(1, PEOPLE + 1)]
    door = Door(door="pintu", direction="both", memory=UsedCodes(MemoryUses()), roster=_roster(phones, clock))
    accepted: list[Scan] = []
    for number in range(SCANS):
        clock.advance(OUTAGE.total_seconds() / SCANS)
        now = clock.now()
        text = phones[number % PEOPLE].code(int(now.at.timestamp()), chance.randrange(65_536))
        (answer,) = door.present(text, now)
        assert isinstance(answer, Store), answer
        device.outbox.append(answer.scan, at=answer.at, mono_ns=answer.mono_ns, clock=now.quality)
        door.stored(answer.ticket, is_kept=True, now=now)
        accepted.append((answer.scan.person, answer.scan.token, answer.at))
    return accepted


def _roster(phones: list[SimulatedPhone], clock: SettableClock):
    at = clock.now().at
    entries = tuple(Entry(p.person, 0, p.public_key, Standing.ACTIVE, 1, f"P{p.person}") for p in phones)
    return advance(None, RosterDocument(1, 0, at, at + LIFETIME, (), entries))


def _in_hub(database: Database) -> list[Scan]:
    with database.reading() as db:
        rows = db.execute(select(DoorScan.person, DoorScan.token, DoorScan.at)).all()
    return [(person, token, at) for person, token, at in rows]


def _figures(accepted: list[Scan], there: list[Scan], deliver_s: float, dead: int) -> dict[str, object]:
    tokens = Counter(token for _, token, _ in there)
    doubled = sum(count - 1 for count in tokens.values())
    return {
        "scenario": "outage",
        "accepted": len(accepted),
        "in_hub": len(there),
        "lost": sum(token not in tokens for _, token, _ in accepted),
        # A scan that is there with another person or time than it was made with.
        "wrong": len(set(there) - set(accepted)) + doubled,
        "dups": doubled,
        "dead": dead,
        "heal_s": deliver_s,
        "fault_happened": 1,
        "doubled": doubled,
        "deliver_s": deliver_s,
    }
