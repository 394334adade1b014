"""The chores of the leader on a fleet that grows: none asks once a camera, a door or a device."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from edge.wire.messages import Record
from edge.wire.records.bodies import Body, CameraIntegrity, ClockQuality, DoorReading, PictureState
from hub.config import HubConfig
from hub.db import Database
from hub.enrolment.models import DeviceClone
from hub.enrolment.wiring import enrolment_parts
from hub.ingest.chores import Chore
from hub.ingest.slicing import Sliced
from hub.notify.sender import Background
from hub.places.areas import load_areas
from hub.places.inventory import CameraEntry, DeviceEntry, DoorEntry, Inventory, SensorEntry, SiteEntry
from hub.places.service import load_inventory
from hub.wiring import HANDLERS, chores_of_concerns
from provisioning.trust.keyfiles import ensure_signing_key
from tests.bench.fleet_parts.site import CAMERAS, RECORDS_A_MINUTE, Site
from tests.hub.ingest.rig import Rig, batch_of, message_of
from tests.hub.statements import asked

FEW, MANY = 4, 40
# Whoever asks once a device more asks at least 36 times more. The hour of the test may end meanwhile:
# then one more is looked at, 17 statements.
SLACK = 24


class Fleet:
    """Sites as of the fleet bench, each with a door besides, on the real handlers and chores."""

    def __init__(self, database: Database, folder: Path) -> None:
        ensure_signing_key(folder / "hub-signing.key", folder / "hub-signing.pem")
        config = msgspec.structs.replace(
            HubConfig(), folder=str(folder), signing_key=str(folder / "hub-signing.key")
        )
        enrolment = msgspec.structs.replace(config.enrolment, folder=str(folder / "none"))
        config = msgspec.structs.replace(config, enrolment=enrolment)
        self.database = database
        self.rig = Rig(database, folder, handlers=HANDLERS)
        self.sites: list[Site] = []
        with database.writing() as db:
            load_areas(db)
        self.chores: Sequence[Chore] = (
            *chores_of_concerns(config, database),
            *enrolment_parts(config, database).chores,
        )

    def grow_to(self, sites: int) -> None:
        """Add sites, and have all say what they saw in a minute of the hour before and of this one."""
        new = [Site(f"site-{number:03}") for number in range(len(self.sites), sites)]
        self.sites += new
        now = datetime.now(UTC)
        with self.database.writing() as db:
            load_inventory(db, _inventory([site.device for site in new]), date(2026, 1, 5))
            long_ago = now - timedelta(hours=2)  # one of now is an alarm, and each of those is written
            db.add_all(DeviceClone(device=site.device, first_at=long_ago, last_at=long_ago) for site in new)
        for at in (now - timedelta(hours=1), now):
            for site in self.sites:
                self._say(site, at)

    def _say(self, site: Site, at: datetime) -> None:
        for place in range(RECORDS_A_MINUTE):
            site.accept(place, 1.0)
        said: list[Body] = [row.record.body for row in site.rows.values()]
        site.rows.clear()
        said += [
            CameraIntegrity(camera=f"cam-{number}", picture=PictureState.GOOD)
            for number in range(1, CAMERAS + 1)
        ]
        said.append(_door_reading())
        for body in said:
            site.seq += 1
            record = Record(
                seq=site.seq, at=at, clock=ClockQuality.SYNCED, boot_id=site.boot_id, mono_ns=1, body=body
            )
            payload = batch_of(record, epoch=site.epoch)
            self.rig.link.inbox.append(message_of(payload, device=site.device, received_at=at))
        self.rig.ingest.writer.keep(self.rig.link.take(0.0))

    def statements(self) -> Counter[str]:
        """Run every chore to its end; return how many statements each took."""
        counts = Counter[str]()
        for chore in self.chores:
            if isinstance(chore.act, Background):
                continue  # looks outside, in a thread of its own
            with asked(self.database) as statements:
                while chore.act():
                    pass
            counts[chore.name] = len(statements)
        return counts


def _inventory(devices: Sequence[str]) -> Inventory:
    cameras = tuple(CameraEntry(id=f"cam-{one}", name=f"Kamera {one}") for one in range(1, CAMERAS + 1))
    sensors = (
        SensorEntry(id="air-1", name="Air", quantity="water_level_m"),
        SensorEntry(id="debu", name="Debu", quantity="pm2_5_ug_m3"),
    )
    sites = (SiteEntry(id=one, name=one, kelurahan="61.71.04.1004", lat=0.0, lon=109.322) for one in devices)
    hung = (
        DeviceEntry(
            id=one, site=one, name=one, cameras=cameras, sensors=sensors, doors=(DoorEntry(id="a", name="A"),)
        )
        for one in devices
    )
    return Inventory(sites=tuple(sites), devices=tuple(hung))


def _door_reading() -> DoorReading:
    return DoorReading(
        door="a",
        period_s=60.0,
        frames=900,
        looked_at=120,
        read=11,
        misses=9,
        unreadable=2,
        decode_p50_ms=4.0,
        decode_p95_ms=9.0,
    )


@pytest.fixture
def fleet(database: Database, tmp_path: Path) -> Fleet:
    return Fleet(database, tmp_path)


def test_what_chores_ask_does_not_grow_with_the_fleet(fleet: Fleet) -> None:
    fleet.grow_to(FEW)
    first, again = fleet.statements(), fleet.statements()
    fleet.grow_to(MANY)
    first_of_many, again_of_many = fleet.statements(), fleet.statements()
    grown = {
        name: (few[name], many[name])
        for few, many in ((first, first_of_many), (again, again_of_many))
        for name in many
        if many[name] > few[name] + SLACK
    }
    assert not grown, f"statements of {FEW} and of {MANY} sites"
    # That they had something to do.
    worked = {"feeding measures", "watching for alarms", "keeping outages", "looking for clones"}
    assert all(first_of_many[name] > 0 for name in worked)


def test_long_chores_are_cut_into_slices(fleet: Fleet) -> None:
    sliced = {chore.name for chore in fleet.chores if isinstance(chore.act, Sliced)}
    assert sliced >= {"watching for alarms", "feeding measures", "keeping air, river and rain"}
