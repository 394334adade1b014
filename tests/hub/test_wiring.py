"""What ingest is given: who may speak, and what is done with what they say."""

from datetime import date
from pathlib import Path

import msgspec

from edge.wire.records.bodies import CameraCounts, CameraIntegrity, DeviceHealth, HadirScan
from hub.config import HubConfig
from hub.db import Database
from hub.places.inventory import Inventory
from hub.places.service import load_inventory
from hub.wiring import HANDLERS, KnownDevices, chores_of_concerns, roster_source
from tests.browser.sample import INVENTORY


def test_devices_of_the_inventory_may_speak_and_the_list_is_renewed(database: Database) -> None:
    now_s = 0.0
    known = KnownDevices(database, monotonic_s=lambda: now_s)
    assert not known("pi-jawi")
    with database.writing() as db:
        load_inventory(db, msgspec.convert(INVENTORY, Inventory), date(2026, 1, 5))
    assert not known("pi-jawi")
    now_s += KnownDevices.RENEW_AFTER_S
    assert known("pi-jawi")
    assert not known("pi-asing")


def test_the_bodies_that_screens_show_have_their_handlers() -> None:
    assert set(HANDLERS) >= {CameraCounts, CameraIntegrity, DeviceHealth, HadirScan}


def test_rosters_are_signed_with_the_configured_key(database: Database, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "signing.key").write_bytes(pem)
    config = HubConfig(signing_key=str(tmp_path / "signing.key"), device_certificates=str(tmp_path))
    assert roster_source(config, database).changed() == []


def test_old_positions_are_forgotten_by_a_chore(database: Database) -> None:
    chores = {chore.name: chore for chore in chores_of_concerns(HubConfig(), database)}
    assert not chores["forgetting positions"].act()
