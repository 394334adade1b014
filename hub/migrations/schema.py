"""All tables of the hub in one place, and bringing a database to them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

from hub.alarms import models as alarms
from hub.backup import models as backup
from hub.boards import models as boards
from hub.cases.asking import models as asking
from hub.cases.bookings import models as bookings
from hub.cases.citizens import models as citizens
from hub.cases.complaints import models as complaints
from hub.cases.editor import models as editor
from hub.cases.keeping import models as cases
from hub.cases.letters import models as letters
from hub.cctv import models as cctv
from hub.cctv.events import models as events
from hub.cctv.findings import models as findings
from hub.cctv.live import models as live
from hub.cctv.measures import models as measures
from hub.cctv.outages import models as outages
from hub.cctv.pictures import models as pictures
from hub.cctv.points import models as points
from hub.cctv.steering import models as steering
from hub.cctv.wall import models as wall
from hub.db import Base, Database
from hub.enrolment import models as enrolment
from hub.hadir import models as hadir
from hub.hadir.workplace import models as workplace
from hub.ingest import models as ingest
from hub.measures.keeping import models as city_measures
from hub.measures.performance import models as performance
from hub.measures.spbe import models as spbe
from hub.notify import models as notify
from hub.people import models as people
from hub.people.badges import models as badges
from hub.people.importing import models as importing
from hub.people.programs import models as programs
from hub.people.second_factor import models as second_factor
from hub.places import models as places
from hub.places.importing import models as inventory
from hub.places.reading import models as reading
from hub.portal.weather import models as weather
from hub.registers.importing import models as register_drafts
from hub.registers.keeping import models as registers
from hub.registers.market import models as market
from hub.registers.probing import models as probes
from hub.shifts import models as shifts
from hub.telemetry import models as telemetry
from hub.updates import models as updates

# Importing them is what fills the metadata.
MODEL_MODULES = (
    alarms,
    asking,
    backup,
    badges,
    boards,
    bookings,
    cases,
    cctv,
    citizens,
    city_measures,
    complaints,
    editor,
    enrolment,
    events,
    findings,
    hadir,
    importing,
    ingest,
    inventory,
    letters,
    live,
    market,
    measures,
    notify,
    outages,
    people,
    performance,
    pictures,
    points,
    places,
    steering,
    wall,
    reading,
    probes,
    programs,
    second_factor,
    register_drafts,
    registers,
    shifts,
    spbe,
    telemetry,
    updates,
    weather,
    workplace,
)
# Telemetry makes a table a day as days come; they are no part of the revisions.
DAY_TABLE_PREFIX = "telemetry_day_"


def metadata() -> MetaData:
    """Return every table of the hub."""
    return Base.metadata


def alembic_config() -> Config:
    """Return Alembic's settings; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(database: Database) -> None:
    """Bring a database to the newest revision; does nothing when it is there."""
    config = alembic_config()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Return whether the database is at the newest revision."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def is_ours(name: str | None, kind: str) -> bool:
    """Return whether Alembic should look at a thing in the database."""
    return kind != "table" or not (name or "").startswith(DAY_TABLE_PREFIX)
