"""A hub with two devices of two slots in the rings, and a release that was added."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from edge.wire.desired import open_desired
from edge.wire.messages import Desired, Record
from edge.wire.records.bodies import ClockQuality, UpdateReport
from edge.wire.updates import ReleaseDocument, UpdateFault, UpdateState, decode_release
from hub.ingest.handlers import Arrival
from hub.updates.ingest import keep_updates
from hub.updates.models import Release, Rollout
from hub.updates.releases import add_release
from hub.updates.rings import put_in_ring
from hub.updates.rollouts import ALWAYS, Wish, advance_rollouts, newest_rollout, start_rollout
from hub.updates.serving.source import ReleaseSource
from tests.hub.screens import Screens, city, clock, screens

__all__ = ["Fleet", "city", "clock", "fleet", "screens"]

BOARD = "rpi"
SECRET_KEY = b"k" * 32


def self_signed(device: str, now: datetime) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, device)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=9))
    )
    return key, builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


@dataclass
class Fleet:
    """The hub of the sample city, with what updates need."""

    screens: Screens
    hub_key: Ed25519PrivateKey
    keys: dict[str, ec.EllipticCurvePrivateKey] = field(default_factory=dict)
    seq: int = 0

    @property
    def folder(self) -> Path:
        return self.screens.folder

    @property
    def now(self) -> datetime:
        return self.screens.clock()

    def add(self, number: int = 7, content: bytes = b"bundle" * 1000) -> Release:
        source = self.folder / "given.raucb"
        source.write_bytes(content)
        with self.screens.database.writing() as db:
            return add_release(
                db,
                source,
                folder=self.folder / "releases",
                board=BOARD,
                number=number,
                name=f"0.{number}.0",
                notes="Perbaikan hitungan",
                actor="uji",
                now=self.now,
            )

    def start(self, release: Release, *, most_failed_percent: int = 10) -> None:
        with self.screens.database.writing() as db:
            wish = Wish(quiet=ALWAYS, most_failed_percent=most_failed_percent)
            start_rollout(db, release, wish, actor="uji", now=self.now)

    def says(
        self,
        device: str,
        state: UpdateState,
        order: str = "",
        *,
        running: int = 6,
        fault: UpdateFault | None = None,
        board: str = BOARD,
        at: datetime | None = None,
    ) -> None:
        """Let a device report."""
        self.seq += 1
        body = UpdateReport(
            state=state,
            order=order,
            number=7,
            name="0.7.0",
            running_number=running,
            running_name=f"0.{running}.0" if running else "",
            board=board,
            slot="rootfs.0",
            floor=running,
            fault=fault,
            detail="rincian" if fault else "",
        )
        record = Record(
            seq=self.seq,
            at=at or self.now,
            clock=ClockQuality.SYNCED,
            boot_id="0" * 32,
            mono_ns=1,
            body=body,
        )
        arrival = Arrival(
            device=device, epoch="00000000000000aa", record=record, received_at=self.now, is_late=False
        )
        with self.screens.database.writing() as db:
            keep_updates(db, [arrival])

    def advance(self, **span: float) -> None:
        """Let time pass, then the chore."""
        self.screens.clock.advance(**span)
        with self.screens.database.writing() as db:
            advance_rollouts(db, now=self.now)

    def put(self, device: str, ring: str) -> None:
        with self.screens.database.writing() as db:
            put_in_ring(db, kind="device", target=device, ring=ring, actor="uji", now=self.now)

    def rollout(self) -> Rollout:
        with self.screens.database.reading() as db:
            row = newest_rollout(db, BOARD)
        assert row is not None
        return row

    def source(self) -> ReleaseSource:
        return ReleaseSource(
            database=self.screens.database,
            signing_key=self.hub_key,
            certificates=self.folder / "devices",
            address="http://hub.example:8080/",
            key=SECRET_KEY,
            life=timedelta(hours=24),
            now=self.screens.clock,
        )

    def opened(self, device: str, desired: Desired) -> ReleaseDocument:
        return decode_release(
            open_desired(
                desired,
                device=device,
                device_key=self.keys[device],
                hub_keys=[self.hub_key.public_key()],
            )
        )


@pytest.fixture
def fleet(city: Screens) -> Fleet:
    fleet = Fleet(city, Ed25519PrivateKey.generate())
    (city.folder / "devices").mkdir(exist_ok=True)
    for device in ("pi-jawi", "pi-tugu"):
        key, pem = self_signed(device, city.clock())
        fleet.keys[device] = key
        (city.folder / "devices" / f"{device}.pem").write_bytes(pem)
    here = city.app.extensions["pontive"]
    updates = msgspec.structs.replace(here.config.updates, folder=str(city.folder / "releases"))
    config = msgspec.structs.replace(here.config, updates=updates)
    values = {name: getattr(here, name) for name in here.__dataclass_fields__ if name != "config"}
    city.app.extensions["pontive"] = type(here)(**values, config=config)
    return fleet
