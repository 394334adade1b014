"""A door whose hub is away for a day: 600 people pass, then the link returns.

Real door, real outbox, real uplink, real broker, real ingest; only the clock runs faster. Nothing may
be lost or doubled, every scan keeps the time it was made, and all are there soon after the
connection is. Seconds are printed, not judged: they are this machine's.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from small_city import City, wait_until
from sqlalchemy import select

from edge.clock import SettableClock
from edge.hadir.answers import Store
from edge.hadir.door import Door
from edge.hadir.judging.memory import MemoryUses, UsedCodes
from edge.hadir.judging.roster import advance
from edge.outbox import Outbox
from edge.uplink import Backoff, Schedule, Uplink
from edge.wire.hadir.phones import SimulatedPhone, new_phone
from edge.wire.hadir.roster import LIFETIME, Entry, RosterDocument, Standing
from edge.wire.messages import Online
from hub.db import Database
from hub.hadir.models import DoorScan

DEVICE, PEOPLE, SCANS = "sungai", 100, 600
OUTAGE = timedelta(hours=24)
_PATIENCE_S = 120.0

Scan = tuple[int, str, datetime]  # person, token, at


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield the figures of one day without a hub."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        city = City(folder, edge_program=[sys.executable, "-m", "edge.cli"])
        city.mosquitto.start()
        city.hub.start()
        try:
            yield _one_day(city, folder, random.Random(seed))
        finally:
            city.hub.stop()
            city.mosquitto.stop()


def _one_day(city: City, folder: Path, chance: random.Random) -> dict[str, object]:
    clock = SettableClock(datetime.now(UTC).replace(microsecond=0) - OUTAGE, mono_ns=10**12)
    outbox = Outbox.open(folder / "door.db", max_bytes=16 * 2**20, clock=clock)
    uplink = _uplink(city, outbox, clock, chance)
    uplink.start()
    assert wait_until(lambda: uplink.is_connected, seconds=_PATIENCE_S), city.logs()
    city.mosquitto.kill()
    assert wait_until(lambda: not uplink.is_connected, seconds=_PATIENCE_S)
    accepted = _let_people_pass(outbox, clock, chance)
    city.mosquitto.start()
    assert wait_until(lambda: uplink.is_connected, seconds=_PATIENCE_S), city.logs()
    back_s = time.monotonic()
    database = Database(f"sqlite:///{folder / 'hub' / 'hub.db'}")
    wait_until(lambda: len(_in_hub(database)) >= len(accepted), seconds=_PATIENCE_S)
    deliver_s = time.monotonic() - back_s
    # Whoever delivers twice does it now: the device has its acknowledgements, or asks again.
    wait_until(lambda: not any(lane.rows for lane in outbox.stats().values()), seconds=_PATIENCE_S)
    uplink.stop(5.0)
    outbox.close()
    there = _in_hub(database)
    database.close()
    return _figures(accepted, there, round(deliver_s, 2), city.dead_letters())


def _let_people_pass(outbox: Outbox, clock: SettableClock, chance: random.Random) -> list[Scan]:
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
        outbox.append(answer.scan, at=answer.at, mono_ns=answer.mono_ns, clock=now.quality)
        door.stored(answer.ticket, is_kept=True, now=now)
        accepted.append((answer.scan.person, answer.scan.token, answer.at))
    return accepted


def _roster(phones: list[SimulatedPhone], clock: SettableClock):
    at = clock.now().at
    entries = tuple(Entry(p.person, 0, p.public_key, Standing.ACTIVE, 1, f"P{p.person}") for p in phones)
    return advance(None, RosterDocument(1, 0, at, at + LIFETIME, (), entries))


def _uplink(city: City, outbox: Outbox, clock: SettableClock, chance: random.Random) -> Uplink:
    def birth() -> Online:
        return Online(
            epoch=outbox.epoch,
            boot_id=clock.boot_id,
            at=clock.now().at,
            clock=clock.now().quality,
            firmware="torture",
            hardware="none",
            uptime_s=1.0,
            doors=("pintu",),
        )

    return Uplink(
        device=DEVICE,
        link=city.mosquitto.link(DEVICE, keepalive_s=5),
        boot_id=clock.boot_id,
        outbox=outbox,
        schedule=Schedule(outbox, chance=chance),
        # What counts is what happens after the connection is back; a real device may wait longer for it.
        backoff=Backoff(chance, cap_s=2.0),
        birth=birth,
        on_command=lambda command, answer: None,
        on_desired=lambda desired: None,
    )


def _in_hub(database: Database) -> list[Scan]:
    with database.reading() as db:
        rows = db.execute(select(DoorScan.person, DoorScan.token, DoorScan.at)).all()
    return [(person, token, at) for person, token, at in rows]


def _figures(accepted: list[Scan], there: list[Scan], deliver_s: float, dead: int) -> dict[str, object]:
    tokens = Counter(token for _, token, _ in there)
    doubled = sum(count - 1 for count in tokens.values())
    lost = sum(token not in tokens for _, token, _ in accepted)
    return {
        "scenario": "outage",
        "control": None,
        "accepted": len(accepted),
        "in_hub": len(there),
        "lost": lost,
        # A scan that is there with another person or time than it was made with.
        "wrong": len(set(there) - set(accepted)) + doubled,
        "dups": doubled,
        "dead": dead,
        "heal_s": deliver_s,
        "cuts": 1,
        "doubled": doubled,
        "deliver_s": deliver_s,
    }
