"""A city with something in every tile of the front page."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.cases.complaints.examples import play
from hub.cases.keeping.versions import load_shipped
from hub.casework import case_engine
from hub.db import Database
from hub.measures.examples import add_examples as add_measures
from hub.people.models import Opd
from hub.places.areas import load_areas
from hub.places.models import Sensor
from hub.portal.commands import example_forecast
from hub.portal.weather.service import keep_forecast
from hub.registers.sample import add_examples as add_registers
from tests.browser.sample import SampleCity
from tests.hub.screens import make_config

WIB = ZoneInfo("Asia/Pontianak")


def fill_town(database: Database, folder: Path, now: datetime) -> None:
    """Fill a hub with tables and nothing in them."""
    SampleCity(database, folder).load()
    with database.writing() as db:
        load_areas(db)
        load_shipped(db, now=now)
        db.add(Opd(number=1, name="Dinas Komunikasi dan Informatika"))
        db.add(Sensor(device="pi-tugu", id="debu", name="Debu halus", quantity="pm2_5_ug_m3"))
        db.flush()
        add_measures(db, now=now)
        keep_forecast(db, example_forecast(now), actor="contoh", now=now)
        play(db, case_engine(make_config(folder)), folder / "case-files", now)
    with database.writing() as db:
        add_registers(db, now=now, zone=WIB)
