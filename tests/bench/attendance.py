"""Day results of a whole city and month: how long a recompute takes, from the database and back."""

import json
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import func, insert, select

from hub.db import Base, Database
from hub.hadir.editing.files.hours import EXAMPLES, load_hours, read_hours
from hub.hadir.models import DayOutcome, DoorScan, DoorWatermark, ReaderService
from hub.hadir.results.publishing.outcomes import settle
from hub.migrations.schema import upgrade
from hub.people.models import Opd, Person, Placement
from hub.places.areas import load_areas
from hub.places.models import Device, Door, Site

FIRST = date(2026, 10, 1)
ZONE = ZoneInfo("Asia/Pontianak")
NOW = datetime(2026, 12, 1, tzinfo=UTC)
# OPDs of the city, as the portal of Kota Pontianak lists them (2024).
OPDS = 69


def fill(database: Database, *, people: int, days: int, seed: int) -> None:
    """Write a city: people of all OPDs and two scans of almost everybody on almost every day."""
    chance = random.Random(seed)
    with database.writing() as db:
        load_areas(db)
        load_hours(db, read_hours(EXAMPLES), is_example=True)
        places: list[Base] = [
            Site(id="balai", name="Balai", kelurahan="61.71.05.1003", latitude=0.0, longitude=109.34),
        ]
        db.add_all(places)
        db.flush()
        db.add(Device(id="pi-balai", site="balai", name="Pi"))
        db.flush()
        db.add(Door(device="pi-balai", id="pintu", name="Pintu", direction="both"))
        db.add(DoorWatermark(device="pi-balai", complete_until=NOW))
        db.add(ReaderService(device="pi-balai", site="balai", since=datetime(2020, 1, 1, tzinfo=UTC)))
        db.add_all(Opd(number=number, name=f"OPD {number}") for number in range(1, OPDS + 1))
        db.flush()
        numbers = range(1, people + 1)
        db.execute(
            insert(Person),
            [{"number": n, "short_name": f"P{n}", "opd": 0, "changed_at": NOW} for n in numbers],
        )
        db.execute(
            insert(Placement),
            [{"person_number": n, "opd": n % OPDS + 1, "valid_from": date(2020, 1, 1)} for n in numbers],
        )
        for day in range(days):
            db.execute(insert(DoorScan), list(_scans(chance, numbers, FIRST + timedelta(days=day))))


def _scans(chance: random.Random, numbers: range, day: date) -> Iterator[dict[str, object]]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    for person in numbers:
        for half, hour in enumerate((7.2, 16.2)):
            if chance.random() < 0.04:
                continue
            at = midnight + timedelta(hours=chance.gauss(hour, 0.4))
            seq = (day.toordinal() * 100_000 + person) * 2 + half
            yield {
                "device": "pi-balai",
                "epoch": "00000000000000ab",
                "seq": seq,
                "door": "pintu",
                "person": person,
                "method": "phone",
                "assurance": "strong",
                "token": f"{seq:032x}",
                "flags": "",
                "roster_version": 1,
                "issued_at": at,
                "at": at,
                "clock": "synced",
                "received_at": at,
                "is_late": False,
                "is_repeated": False,
            }


@click.command()
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@click.option("--people", default=6_000, show_default=True)
@click.option("--days", default=31, show_default=True)
@click.option("--seed", default=74, show_default=True)
def command(is_json: bool, people: int, days: int, seed: int) -> None:
    """Work out and publish every day result of a city and month, and print how long it took."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'hub.db'}")
        upgrade(database)
        fill(database, people=people, days=days, seed=seed)
        began_s, cpu_began_s = time.perf_counter(), time.process_time()
        with database.writing() as db:
            settle(db, persons=None, first=FIRST, last=FIRST + timedelta(days=days - 1), zone=ZONE, now=NOW)
        took_s, cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_began_s
        with database.reading() as db:
            written = db.scalar(select(func.count()).select_from(DayOutcome)) or 0
        database.close()
    assert written == people * days, f"{written} results for {people} people and {days} days"
    figures = {
        "people": people,
        "days": days,
        "seconds": round(took_s, 2),
        "day_results_per_cpu_s": round(written / cpu_s),
    }
    print(
        json.dumps(figures) if is_json else "\n".join(f"{name:24} {value}" for name, value in figures.items())
    )
