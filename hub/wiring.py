"""What ingest is given by the concerns: their handlers, the inventory, the rosters.

Composition for the ingest process, as ``hub/app.py`` is for the web process.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import (
    CameraCounts,
    CameraIntegrity,
    ClipKept,
    DeviceHealth,
    DoorReading,
    GaugeReading,
    HadirScan,
    SceneMeasures,
    UpdateReport,
)
from hub.alarms.watching.conditions import Source
from hub.alarms.watching.sensors import WaterMark
from hub.alarms.wiring import alarm_chores
from hub.backup.noting import backup_watch
from hub.cases.letters.issuing.source import LetterSource
from hub.casework import case_chores
from hub.cctv.events.ingest import keep_camera_events
from hub.cctv.events.keeping import forget_stills, keep_stills
from hub.cctv.events.models import WaterMark as CityMark
from hub.cctv.ingest import keep_integrity, keep_rates
from hub.cctv.measures.ingest import keep_measures
from hub.cctv.outages.keeping.keeper import KEEP_EVERY_S, OutageKeeper
from hub.config import HubConfig
from hub.db import Database
from hub.enrolment.issuing.clones import clone_conditions
from hub.enrolment.issuing.register import refused_devices
from hub.hadir.computing.keeper import ResultKeeper
from hub.hadir.ingest import keep_scans
from hub.hadir.results.reading.watermarks import keep_first_scans, keep_watermarks
from hub.hadir.roster import RosterSource
from hub.hadir.workplace.service import forget_positions
from hub.hadir.workplace.source import WorkplaceSource
from hub.ingest.chores import Chore
from hub.ingest.handlers import Arrival, Handler
from hub.ingest.pictures.clips import keep_clips
from hub.ingest.saying.desired import SeveralSources
from hub.keyfile import load_or_make_key
from hub.measuring import measure_chores
from hub.operating.retention.wiring import retention_chores
from hub.places.ingest import keep_condition
from hub.places.models import Device
from hub.places.reading.ingest import keep_readings
from hub.places.settings.source import SettingsSource
from hub.registers.market.chores import market_chores
from hub.registers.probing.chores import probe_chores
from hub.registers.probing.conditions import address_conditions
from hub.shifts.alarms import on_duty
from hub.signing import KeyStep, read_hub_keys, read_signing_key
from hub.telemetry.rollups.days import ROLL_EVERY_S, day_roller
from hub.updates.conditions import rollout_conditions
from hub.updates.ingest import keep_updates
from hub.updates.wiring import release_source, update_chores

# A reader's watermark moves with its health record, once a minute.
RESULTS_S = 60.0
FORGET_S = 3600.0
_WEIGH_EVERY_S = 6 * 3600.0
# Sooner than the few older stills of a camera are gone.
EVENT_STILLS_S = 10.0


def _in_turn(*handlers: Handler) -> Handler:
    """Give the records of one kind to several concerns, in one transaction."""

    def handle(db: Session, arrivals: Sequence[Arrival]) -> None:
        for handler in handlers:
            handler(db, arrivals)

    return handle


HANDLERS: dict[type, Handler] = {
    CameraCounts: keep_rates,
    CameraIntegrity: _in_turn(keep_integrity, keep_camera_events),
    ClipKept: keep_clips,
    SceneMeasures: _in_turn(keep_measures, keep_camera_events),
    GaugeReading: _in_turn(keep_measures, keep_camera_events),
    DeviceHealth: _in_turn(keep_condition, keep_watermarks),
    HadirScan: _in_turn(keep_scans, keep_first_scans),
    DoorReading: keep_readings,
    UpdateReport: keep_updates,
}


# What concerns watch, besides what alarms watch themselves.
CONDITIONS: tuple[Source, ...] = (clone_conditions, address_conditions, rollout_conditions, backup_watch)


class KnownDevices:
    """Whether a device is in the inventory and not revoked; asked for every message, so remembered."""

    RENEW_AFTER_S = 2.0

    def __init__(self, database: Database, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        """Take the database; nothing is read yet."""
        self._database = database
        self._monotonic_s = monotonic_s
        self._lock = threading.Lock()
        self._known: frozenset[str] = frozenset()
        self._read_at_s: float | None = None

    def __call__(self, device: str) -> bool:
        """Return whether the device may speak."""
        with self._lock:
            now_s = self._monotonic_s()
            if self._read_at_s is None or now_s - self._read_at_s >= self.RENEW_AFTER_S:
                with self._database.reading() as db:
                    listed = frozenset(db.scalars(select(Device.id).where(Device.is_retired.is_(False))))
                    self._known = listed - refused_devices(db)
                self._read_at_s = now_s
            return device in self._known


def roster_source(config: HubConfig, database: Database) -> RosterSource:
    """Return the source of rosters.

    Raises:
        ConfigError: the signing key cannot be used.
    """
    path = Path(config.signing_key)
    keys = read_hub_keys(path)
    changed_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return RosterSource(
        database=database,
        keys=keys,
        certificates=Path(config.device_certificates),
        changed_keys_at=changed_at if keys.step is KeyStep.SWITCHED else None,
        zone=ZoneInfo(config.timezone),
    )


def desired_sources(config: HubConfig, database: Database) -> SeveralSources:
    """Return who knows what devices should have: rosters, camera settings, keys of codes, letters.

    Raises:
        ConfigError: one of the hub's keys cannot be used.
    """
    settings = SettingsSource(
        database=database,
        signing_key=read_signing_key(Path(config.signing_key)),
        certificates=Path(config.device_certificates),
    )
    workplace = WorkplaceSource(
        database=database,
        hub_key=load_or_make_key(Path(config.workplace.key), setting="workplace.key"),
        address=config.workplace.address,
        signing_key=read_signing_key(Path(config.signing_key)),
        certificates=Path(config.device_certificates),
    )
    letters = LetterSource(
        database=database,
        addresses=(config.letters.address, *config.letters.former_addresses),
        signing_key=read_signing_key(Path(config.signing_key)),
        certificates=Path(config.device_certificates),
        zone=ZoneInfo(config.timezone),
    )
    releases = release_source(config, database)
    return SeveralSources(roster_source(config, database), settings, workplace, letters, releases)


def event_chores(config: HubConfig, database: Database) -> tuple[Chore, ...]:
    """Return what is done about the stills of events."""
    folder = Path(config.folder)

    def keep() -> None:
        with database.writing() as db:
            keep_stills(db, folder, now=datetime.now(UTC))

    def forget() -> None:
        with database.writing() as db:
            forget_stills(db, folder, config.events, now=datetime.now(UTC))

    return (
        Chore("keeping stills of events", every_s=EVENT_STILLS_S, act=keep),
        Chore("forgetting stills of events", every_s=FORGET_S, act=forget, is_for_idle=True),
    )


def _water_marks(db: Session) -> list[WaterMark]:
    rows = db.scalars(select(CityMark))
    return [WaterMark(row.device, row.camera, row.gauge, row.level_m) for row in rows]


def chores_of_concerns(config: HubConfig, database: Database) -> tuple[Chore, ...]:
    """Return what concerns do beside records; for one process only, however many share the messages."""
    keeper = ResultKeeper(database=database, zone=ZoneInfo(config.timezone), now=lambda: datetime.now(UTC))

    outages = OutageKeeper(database=database, now=lambda: datetime.now(UTC))

    def forget() -> None:
        with database.writing() as db:
            forget_positions(db, datetime.now(UTC))

    return (
        Chore("working out days", every_s=RESULTS_S, act=keeper, is_for_idle=True),
        Chore("forgetting positions", every_s=FORGET_S, act=forget, is_for_idle=True),
        Chore("keeping outages", every_s=KEEP_EVERY_S, act=outages),
        Chore("rolling up days", every_s=ROLL_EVERY_S, act=day_roller(database), is_for_idle=True),
        Chore("weighing tables", every_s=_WEIGH_EVERY_S, act=database.weigh_tables, is_for_idle=True),
        *event_chores(config, database),
        *retention_chores(config.retention, database, lambda: datetime.now(UTC)),
        *update_chores(database),
        *case_chores(config, database),
        *measure_chores(database),
        *probe_chores(database, lambda: datetime.now(UTC)),
        *market_chores(database, lambda: datetime.now(UTC)),
        *alarm_chores(config, database, on_duty=on_duty, marks=_water_marks, more=CONDITIONS),
    )
