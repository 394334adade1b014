"""Views come out of committed rows as they were, also when whoever rebuilds them is killed on the way."""

import os
import random
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import DeclarativeBase

from hub.cases.complaints.models import ComplaintTally
from hub.cctv.outages.examples import add_examples
from hub.cctv.outages.models import Outage
from hub.cli import main
from hub.db import Database
from hub.hadir.models import DayOutcome
from hub.measures.catalogue.reading import shipped
from hub.measures.keeping.models import MeasureCity, MeasureRollup
from hub.measures.keeping.points import Said, keep
from hub.measures.keeping.series import Facets
from hub.measures.keeping.sources import SourceKind, source_id
from hub.rebuilding import VIEWS, Given
from hub.telemetry import tables
from hub.telemetry.catalogue import Catalogue
from hub.telemetry.models import TelemetryDaily, TelemetryHourly, TelemetryLast
from hub.telemetry.rollups.days import SETTLED_DAYS, DayRoller
from hub.telemetry.store import Channel, Reading, day_of_ms, ms_of_instant
from tests.browser.sample import SampleCity
from tests.hub.backup.small_hub import make_hub
from tests.hub.hadir.conftest import MONDAY, Office, local, office
from tests.hub.screens import START, city, clock, make_config, screens

__all__ = ["city", "clock", "office", "screens"]

Rows = list[tuple[object, ...]]


def rows_of(database: Database, *models: type[DeclarativeBase], without: tuple[str, ...] = ()) -> Rows:
    found: Rows = []
    with database.reading() as db:
        for model in models:
            columns = [one for one in model.__table__.columns if one.name not in without]
            found += sorted((tuple(row) for row in db.execute(select(*columns))), key=str)
    return found


def rebuild(view: str, given: Given) -> int:
    return sum(1 for _ in VIEWS[view].rebuild(given))


def killed_after(steps: int, view: str, given: Given) -> None:
    """Rebuild in a process of its own that is killed in the middle of the step after so many."""
    child = os.fork()
    if child == 0:  # pragma: no cover (measured in the parent only)
        given.database.engine.dispose(close=False)
        for number, _ in enumerate(VIEWS[view].rebuild(given)):
            if number == steps:
                os.kill(os.getpid(), signal.SIGKILL)
        os._exit(0)
    os.waitpid(child, 0)


def check(view: str, given: Given, look: Callable[[], Rows], wreck: Callable[[], None]) -> None:
    before = look()
    assert before
    assert rebuild(view, given) > 0
    assert look() == before, "a rebuild of what is right changes nothing"
    for steps in (0, 1, 3):
        wreck()
        assert look() != before
        killed_after(steps, view, given)
        rebuild(view, given)
        assert look() == before


def test_telemetry_comes_back_from_hot_and_sealed_days(database: Database, tmp_path: Path) -> None:
    chance, catalogue, readings = random.Random(5), Catalogue(), []
    days = SETTLED_DAYS + 4
    for number in range(600):
        at_ms = ms_of_instant(START - timedelta(seconds=chance.randrange(days * 86_400)))
        camera = chance.choice(("utara", "selatan"))
        channel = chance.choice((("forward.a", "backward.a"), ("forward.a", "quality")))
        values = (float(chance.randrange(50)), chance.choice((float("nan"), 3.0)))
        readings.append(Reading(Channel("pi-1", camera, channel), at_ms, number, values, at_ms))
    with database.writing() as db:
        tables.TableTelemetry(db, catalogue=catalogue).append(sorted(readings, key=lambda one: one.at_ms))
        while tables.TableTelemetry(db, catalogue=catalogue).seal((START - timedelta(days=7)).date()):
            pass
    roller = DayRoller(database=database, today=lambda: day_of_ms(ms_of_instant(START)))
    while roller():
        pass
    given = Given(make_config(tmp_path), database, START)
    models = (TelemetryHourly, TelemetryLast, TelemetryDaily)

    def spoil() -> None:
        with database.writing() as db:
            db.execute(update(TelemetryHourly).values(total=TelemetryHourly.total + 1))
            db.execute(delete(TelemetryHourly).where(TelemetryHourly.samples > 2))
            db.execute(update(TelemetryLast).values(value=-1.0))

    check("telemetry-hours", given, lambda: rows_of(database, *models, without=("received_ms",)), spoil)

    def spoil_days() -> None:
        with database.writing() as db:
            db.execute(delete(TelemetryDaily).where(TelemetryDaily.samples > 1))

    check("telemetry-days", given, lambda: rows_of(database, *models), spoil_days)


def test_outages_are_judged_as_they_were(database: Database, tmp_path: Path) -> None:
    SampleCity(database, tmp_path).load()
    with database.writing() as db:
        assert add_examples(db, START)
    given = Given(make_config(tmp_path), database, START)
    rebuild("outages", given)

    def spoil() -> None:
        with database.writing() as db:
            db.execute(update(Outage).values(cause="unknown", confidence=0.0))

    check("outages", given, lambda: rows_of(database, Outage), spoil)


def test_measures_come_back_from_points(database: Database, tmp_path: Path) -> None:
    measure = next(one for one in shipped().measures.values() if not one.formula)
    with database.writing() as db:
        source = source_id(db, SourceKind.FILE, "uji", now=START)
        said = [
            Said(
                Facets(dimension=f"d{number % 3}"),
                START - timedelta(days=number),
                float(number),
            )
            for number in range(40)
        ]
        keep(db, measure, said, source=source)

    def spoil() -> None:
        with database.writing() as db:
            db.execute(update(MeasureRollup).values(total=-1.0))
            db.execute(delete(MeasureCity))

    given = Given(make_config(tmp_path), database, START)
    check("measures", given, lambda: rows_of(database, MeasureRollup, MeasureCity), spoil)


def test_complaints_are_counted_anew(database: Database, tmp_path: Path) -> None:
    given = Given(make_config(tmp_path), database, START)
    with database.writing() as db:
        db.execute(insert(ComplaintTally), [{"month": "2026-11", "side": "x", "key": "y", "count": 9}])
    assert rebuild("complaints", given) == 1
    assert rows_of(database, ComplaintTally) == []


def test_results_of_days_come_back(office: Office, tmp_path: Path) -> None:
    for person in (101, 103):
        office.day(person, MONDAY, "07:12", "16:05")
    office.delivered(local(MONDAY + timedelta(days=1), "00:01"))
    database = office.database
    given = Given(make_config(tmp_path), database, local(MONDAY + timedelta(days=1), "03:00"))
    assert rebuild("attendance", given)

    def spoil() -> None:
        with database.writing() as db:
            db.execute(delete(DayOutcome))

    check("attendance", given, lambda: rows_of(database, DayOutcome, without=("id",)), spoil)


def test_the_command_names_the_views_and_says_what_it_did(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub", word="x")
    told = CliRunner().invoke(main, ["rebuild", "--help"]).output
    assert all(name in told for name in VIEWS)
    done = CliRunner().invoke(main, ["rebuild", "telemetry-hours", "--config", str(hub)])
    assert "0 rows" in done.output
