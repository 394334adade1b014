"""The state of the city in one look, for programs: who is online, what delivers, what was kept.

``pontive-hub status --json``. Reads every concern through its service, as the composition root
does; must not judge, only say how old the newest thing of each source is.
"""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import CameraFault
from hub.boards.health import read_ingest_state
from hub.cctv.rules import CameraState
from hub.cctv.service import CameraView, list_cameras
from hub.command_line import ReadyDatabase, config_option
from hub.hadir.service import list_doors, start_of_day
from hub.places.device.service import list_devices
from hub.places.models import Sensor
from hub.telemetry.store import Series, TelemetryStore
from hub.telemetry.tables import TableTelemetry

# Doors are quiet between two persons, the others speak every few seconds to every minute.
FRESH_FOR = timedelta(seconds=150)


@dataclass(frozen=True, slots=True)
class CityStatus:
    """What is said; keys of ``sources`` and ``troubles`` are ``device/source``."""

    devices: dict[str, bool]
    sources: dict[str, bool]
    troubles: dict[str, str]
    records: int
    dead_letters: int


def read_status(db: Session, telemetry: TelemetryStore, *, now: datetime, zone: ZoneInfo) -> CityStatus:
    """Return the state of the city.

    Args:
        db: A reading session.
        telemetry: Where the newest values of sensors are.
        now: The time, aware UTC.
        zone: The city's time zone.
    """
    ingest = read_ingest_state(db)
    cameras = list_cameras(db, now)
    return CityStatus(
        devices={device.device: bool(device.is_online) for device in list_devices(db)},
        sources={
            **{f"{c.device}/{c.camera}": _is_delivering(c, now) for c in cameras},
            **_doors(db, now, zone),
            **_sensors(db, telemetry, now),
        },
        troubles={
            f"{c.device}/{c.camera}": f"{c.verdict.fault}: {c.detail}"
            for c in cameras
            if c.verdict.fault is not CameraFault.NONE
        },
        records=ingest.records if ingest else 0,
        dead_letters=ingest.dead_letters if ingest else 0,
    )


def _is_delivering(camera: CameraView, now: datetime) -> bool:
    is_counted = _is_fresh(camera.counts_at, now)
    return camera.verdict.state is CameraState.LIVE and is_counted and _is_fresh(camera.still_at, now)


def _doors(db: Session, now: datetime, zone: ZoneInfo) -> dict[str, bool]:
    doors = list_doors(db, since=start_of_day(now, zone))
    return {
        f"{door.device}/{door.door}": bool(door.is_online)
        and _is_fresh(door.scans[0].at if door.scans else None, now)
        for door in doors
    }


def _sensors(db: Session, telemetry: TelemetryStore, now: datetime) -> dict[str, bool]:
    sensors = db.scalars(select(Sensor).where(Sensor.is_retired.is_(False))).all()
    series = {f"{one.device}/{one.id}": Series(one.device, one.id, one.quantity) for one in sensors}
    newest = telemetry.last(series.values())
    return {name: one in newest and _is_fresh(newest[one].at, now) for name, one in series.items()}


def _is_fresh(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at <= FRESH_FOR


def status_command(ready: ReadyDatabase, *, now: Callable[[], datetime]) -> click.Command:
    """Return the command, on a database that ``ready`` opens."""

    @click.command("status")
    @config_option
    @click.option("--json", "is_json", is_flag=True, help="Answer for a program.")
    def status(config_path: Path, is_json: bool) -> None:
        """Say who is online and what was kept."""
        with ready(config_path) as (config, database), database.reading() as db:
            state = read_status(db, TableTelemetry(db), now=now(), zone=ZoneInfo(config.timezone))
        if is_json:
            click.echo(json.dumps(dataclasses.asdict(state)))
            return
        for name, is_there in {**state.devices, **state.sources}.items():
            click.echo(f"{'online ' if is_there else 'offline'} {name}")
        click.echo(f"{state.records} records, {state.dead_letters} dead letters")

    return status
