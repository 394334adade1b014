"""A small city written into a database through the ingest handlers, for tests that look at screens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from edge.wire.messages import Offline, OfflineReason, Online, Record
from edge.wire.records.bodies import (
    Assurance,
    Body,
    CameraCounts,
    CameraFault,
    CameraIntegrity,
    ClipKept,
    ClipReason,
    ClockQuality,
    DeviceHealth,
    HadirScan,
    LineCount,
    PictureState,
    ScanMethod,
)
from hub.cctv.outages.models import MaintenanceWindow, Outage, OutageCamera
from hub.cctv.outages.tickets.service import close_ticket_of, open_ticket
from hub.db import Database
from hub.hadir.editing.files.hours import EXAMPLES, load_hours, read_hours
from hub.ingest.handlers import Arrival, dispatch
from hub.ingest.health import Heartbeat
from hub.ingest.models import Clip
from hub.ingest.pictures.clips import HERE, clip_path
from hub.ingest.pictures.stills import Picture, note_still, write_still
from hub.ingest.presence import GRACE, Heard, PresenceBook
from hub.ingest.process import base_handlers
from hub.people.models import Opd, Person, Placement, Unit
from hub.places.inventory import Inventory
from hub.places.service import load_inventory
from hub.telemetry.catalogue import Catalogue
from hub.wiring import HANDLERS
from tests.browser.room import fill_room, jpeg

EPOCH = "00000000000000ab"
# A clip of pi-jawi/utara that was fetched.
FETCHED_CLIP = "20261121t025950z-0badcafe"
BOOT = "0" * 32

INVENTORY = {
    "sites": [
        {
            "id": "tugu",
            "name": "Tugu Khatulistiwa",
            "kelurahan": "61.71.04.1004",
            "lat": 0.0,
            "lon": 109.3222,
        },
        {
            "id": "jawi",
            "name": "Simpang Empat Sungai Jawi",
            "kelurahan": "61.71.05.1005",
            "lat": -0.0283,
            "lon": 109.3189,
        },
        {
            "id": "balai",
            "name": "Balai Kota Pontianak",
            "kelurahan": "61.71.05.1003",
            "lat": -0.0239,
            "lon": 109.3406,
        },
    ],
    "devices": [
        {
            "id": "pi-jawi",
            "site": "jawi",
            "name": "Pi Sungai Jawi",
            "cameras": [
                {
                    "id": "utara",
                    "name": "Lengan utara",
                    "kind": "ptz",
                    "owner": "Dinas Perhubungan",
                    "lines": [
                        {
                            "id": "jalan",
                            "name": "Jl. Sungai Jawi",
                            "forward": "ke kota",
                            "backward": "ke luar kota",
                        }
                    ],
                },
                {
                    "id": "selatan",
                    "name": "Lengan selatan",
                    "medium": "wireless",
                    "lines": [
                        {
                            "id": "zebra",
                            "name": "Penyeberangan",
                            "forward": "ke pasar",
                            "backward": "dari pasar",
                        }
                    ],
                },
            ],
        },
        {
            "id": "pi-tugu",
            "site": "tugu",
            "name": "Pi Tugu",
            "cameras": [
                {"id": "plaza", "name": "Pelataran tugu", "lines": [{"id": "gerbang", "name": "Gerbang"}]},
                {"id": "sungai", "name": "Tepi Kapuas"},
            ],
            "sensors": [{"id": "air", "name": "Tinggi air Kapuas", "quantity": "water_level_m"}],
        },
        {
            "id": "pi-balai",
            "site": "balai",
            "name": "Pi Balai Kota",
            "cameras": [{"id": "lobi", "name": "Lobi"}],
            "doors": [{"id": "pintu", "name": "Pintu utama"}],
        },
    ],
}


@dataclass
class SampleCity:
    """Says things in the name of devices."""

    database: Database
    folder: Path
    seq: int = 0
    heartbeat: Heartbeat = field(init=False)
    presence: PresenceBook = field(default_factory=PresenceBook)
    catalogue: Catalogue = field(default_factory=Catalogue)

    def __post_init__(self) -> None:
        self.heartbeat = Heartbeat(worker=0, started_at=datetime.now(UTC))

    def load(self, inventory: Mapping[str, object] = INVENTORY) -> None:
        with self.database.writing() as db:
            load_inventory(db, msgspec.convert(inventory, Inventory), date(2026, 1, 5))

    def say(self, device: str, *bodies: Body, at: datetime, received_at: datetime | None = None) -> None:
        with self.database.writing() as db:
            self.say_in(db, device, *bodies, at=at, received_at=received_at)

    def say_in(
        self, db: Session, device: str, *bodies: Body, at: datetime, received_at: datetime | None = None
    ) -> None:
        came_at = received_at or at
        arrivals = []
        for body in bodies:
            self.seq += 1
            record = Record(
                seq=self.seq, at=at, clock=ClockQuality.SYNCED, boot_id=BOOT, mono_ns=1, body=body
            )
            arrivals.append(
                Arrival(device=device, epoch=EPOCH, record=record, received_at=came_at, is_late=False)
            )
        table = base_handlers(catalogue=self.catalogue, has_feed=False, added=HANDLERS)
        dispatch(db, arrivals, table)
        self.presence.touch(db, {device: Heard(epoch=EPOCH, boot_id=BOOT, at=came_at)})
        self.heartbeat.records += len(arrivals)

    def beat(self, at: datetime) -> None:
        with self.database.writing() as db:
            self.heartbeat.beat(db, now=at, queue_length=0)

    def birth(self, device: str, at: datetime) -> None:
        state = Online(
            epoch=EPOCH,
            boot_id=BOOT,
            at=at,
            clock=ClockQuality.SYNCED,
            firmware="0.1.0",
            hardware="Raspberry Pi 4",
            uptime_s=60,
        )
        with self.database.writing() as db:
            self.presence.say(db, device, state, at=at)

    def will(self, device: str, at: datetime, reason: OfflineReason = OfflineReason.WILL) -> None:
        with self.database.writing() as db:
            self.presence.say(db, device, Offline(boot_id=BOOT, reason=reason), at=at)
            self.presence.end_grace(db, now=at + GRACE)

    def still(self, device: str, camera: str, at: datetime, shade: int = 40) -> None:
        picture = Picture(
            device=device,
            camera=camera,
            jpeg=jpeg(f"{device} / {camera}", shade),
            said_at=at.isoformat(),
            received_at=at,
        )
        write_still(self.folder, picture)
        with self.database.writing() as db:
            note_still(db, picture)

    def clip(self, device: str, camera: str, at: datetime, film: bytes) -> None:
        """A clip that somebody has fetched already."""
        body = ClipKept(
            camera=camera,
            clip=FETCHED_CLIP,
            started_at=at,
            duration_s=20.04,
            bytes=len(film),
            reason=ClipReason.MOTION,
        )
        self.say(device, body, at=at)
        path = clip_path(self.folder, device, camera, FETCHED_CLIP)
        path.parent.mkdir(parents=True)
        path.write_bytes(film)
        with self.database.writing() as db:
            db.get_one(Clip, (device, camera, FETCHED_CLIP)).state = HERE

    def employ(self, now: datetime) -> None:
        """Persons 101 to 107 of one OPD, its hours and tariff, as they are since two months."""
        with self.database.writing() as db:
            load_hours(db, read_hours(EXAMPLES), is_example=True)
            db.add(Opd(number=1, name="Dinas Komunikasi dan Informatika"))
            db.flush()
            db.add(Unit(number=11, opd=1, name="Bidang Aplikasi", site="balai"))
            for number in range(101, 108):
                db.add(Person(number=number, short_name=f"Pegawai {number}", opd=1, changed_at=now))
            db.flush()
            since = (now - timedelta(days=60)).date()
            for number in range(101, 108):
                db.add(Placement(person_number=number, opd=1, unit=11, valid_from=since))

    def once_dark(self, now: datetime) -> None:
        """An outage long ago with its ticket, and maintenance far ahead; their number is 101."""
        began_at, ended_at = now - timedelta(days=60), now - timedelta(days=60, hours=-2)
        with self.database.writing() as db:
            outage = Outage(
                id=101,
                scope="camera",
                key="pi-jawi/utara",
                site="jawi",
                began_at=began_at,
                ended_at=ended_at,
                facts='{"scope":"camera"}',
            )
            db.add(outage)
            db.flush()
            held = OutageCamera(
                outage=101,
                device="pi-jawi",
                camera="utara",
                is_dark=True,
                began_at=began_at,
                ended_at=ended_at,
            )
            db.add(held)
            open_ticket(db, outage=101, owner="Dinas Perhubungan", now=began_at)
            close_ticket_of(db, outage=101, now=ended_at)
            window = MaintenanceWindow(
                id=101,
                site="tugu",
                begins_at=now + timedelta(days=20),
                ends_at=now + timedelta(days=21),
                why="ganti tiang",
                by="siti",
                made_at=now,
            )
            db.add(window)

    def fill(self, now: datetime) -> None:
        """Everything a board shows: live, disturbed, dark, unheard, scans, a day of counts."""
        self.load()
        self.employ(now)
        self.once_dark(now)
        for device in ("pi-jawi", "pi-tugu", "pi-balai"):
            self.birth(device, now - timedelta(hours=5))
        with self.database.writing() as db:
            for hour in range(1, 24):
                at = now - timedelta(hours=hour)
                self.say_in(
                    db, "pi-jawi", counts("utara", "jalan", 40 + 17 * hour % 90, 35 + 11 * hour % 70), at=at
                )
        self.say("pi-jawi", counts("utara", "jalan", 42, 38), counts("selatan", "zebra", 7, 11), at=now)
        self.say("pi-tugu", counts("plaza", "gerbang", 3, 2), at=now)
        self.clip("pi-jawi", "utara", now - timedelta(hours=1), bytes(range(256)) * 8)
        self.say("pi-balai", counts("lobi"), at=now)
        for device, camera, shade in (
            ("pi-jawi", "utara", 60),
            ("pi-jawi", "selatan", 80),
            ("pi-tugu", "plaza", 45),
            ("pi-balai", "lobi", 30),
        ):
            self.still(device, camera, now - timedelta(seconds=2), shade)
        self.say(
            "pi-jawi",
            CameraIntegrity(camera="selatan", picture=PictureState.COVERED),
            at=now - timedelta(minutes=12),
        )
        self.say(
            "pi-tugu",
            CameraIntegrity(
                camera="sungai",
                picture=PictureState.ABSENT,
                fault=CameraFault.UNAUTHORISED,
                detail="401 dari 10.0.0.7",
            ),
            at=now - timedelta(hours=2),
        )
        for device in ("pi-jawi", "pi-balai"):
            self.say(device, health(), at=now - timedelta(seconds=20))
        for number in range(7):
            self.say(
                "pi-balai",
                scan(101 + number, f"{number:032x}"),
                at=now - timedelta(seconds=40 * (7 - number)),
            )
        self.say("pi-balai", scan(103, f"{2:032x}"), at=now - timedelta(seconds=10))
        self.will("pi-tugu", now - timedelta(minutes=3))
        self.beat(now)
        fill_room(self.database, self.folder, now)


def counts(camera: str, line: str | None = None, forward: int = 0, backward: int = 0) -> CameraCounts:
    lines = ()
    if line is not None:
        lines = (
            LineCount(
                line=line, forward=forward, backward=backward, forward_total=forward, backward_total=backward
            ),
        )
    return CameraCounts(camera=camera, period_s=60, frames=600, lines=lines, motion_share=0.2, confidence=0.9)


def health() -> DeviceHealth:
    return DeviceHealth(
        uptime_s=18_000,
        load=0.7,
        memory_free_mib=1_820,
        disk_free_mib=21_400,
        outbox_rows=14,
        outbox_bytes=8_300,
        temperature_c=54.2,
        under_voltage=False,
    )


def scan(person: int, token: str) -> HadirScan:
    return HadirScan(
        door="pintu",
        person=person,
        method=ScanMethod.PHONE,
        assurance=Assurance.STRONG,
        issued_at=datetime(2026, 11, 21, tzinfo=UTC),
        token=token,
        roster_version=1,
    )


__all__ = ["EPOCH", "INVENTORY", "SampleCity", "counts", "health", "jpeg", "scan"]
