"""The hub's key of workplace codes, and the documents that devices get of it."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.wire.desired import open_desired
from edge.wire.hadir.workplace import (
    DOCUMENT,
    decode_workplace,
    device_key_of,
    read_workplace_code,
    site_number_of,
)
from hub.db import Database
from hub.hadir.workplace.source import WorkplaceSource
from hub.places.models import Device
from tests.browser.sample import SampleCity
from tests.hub.hadir.test_doors import write_certificate

ADDRESS = "HTTPS://HADIR.PONTIANAK.GO.ID/S/"
KEY = bytes(range(32))
NOW = datetime(2026, 11, 23, 0, 14, tzinfo=UTC)


@pytest.fixture
def city(database: Database, tmp_path: Path) -> SampleCity:
    city = SampleCity(database, tmp_path)
    city.load()
    return city


def certificate_of(device: str, folder: Path) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    write_certificate(folder / f"{device}.pem", key)
    return key


def source_of(city: SampleCity, signing_key: Ed25519PrivateKey) -> WorkplaceSource:
    return WorkplaceSource(
        database=city.database,
        hub_key=KEY,
        address=ADDRESS,
        signing_key=signing_key,
        certificates=city.folder,
        now=lambda: NOW,
    )


VERSIONS: dict[str, Any] = {"roster_version": 0, "config_version": 0}


def test_a_device_with_a_door_gets_its_own_key_sealed(city: SampleCity) -> None:
    signing_key, device_key = Ed25519PrivateKey.generate(), certificate_of("pi-balai", city.folder)
    source = source_of(city, signing_key)
    (desired,) = source.for_device("pi-balai", **VERSIONS)
    assert desired.document == DOCUMENT
    plain = open_desired(
        desired, device="pi-balai", device_key=device_key, hub_keys=[signing_key.public_key()]
    )
    document = decode_workplace(plain)
    assert document.version == desired.version == int(NOW.timestamp() * 1000)
    own_key = device_key_of(KEY, "pi-balai")
    assert base64.b64decode(document.key) == own_key
    code = read_workplace_code(document.code(int(NOW.timestamp())), address=ADDRESS)
    assert code.site == site_number_of("balai")
    assert code.is_made_with(own_key)


def test_a_device_without_a_door_or_certificate_gets_none(
    city: SampleCity, caplog: pytest.LogCaptureFixture
) -> None:
    source = source_of(city, Ed25519PrivateKey.generate())
    assert source.for_device("pi-jawi", **VERSIONS) == ()
    assert source.for_device("pi-balai", **VERSIONS) == ()
    assert source.for_device("pi-balai", **VERSIONS) == ()
    assert caplog.text.count("pi-balai gets no workplace key") == 1


def test_a_device_that_moves_is_due_again(city: SampleCity) -> None:
    source = source_of(city, Ed25519PrivateKey.generate())
    assert source.changed() == ["pi-balai"]
    assert source.changed() == []
    with city.database.writing() as db:
        db.get_one(Device, "pi-balai").site = "tugu"
    assert source.changed() == ["pi-balai"]
    with city.database.writing() as db:
        db.get_one(Device, "pi-balai").is_retired = True
    assert source.changed() == []
    assert source.for_device("pi-balai", **VERSIONS) == ()


def test_versions_rise_with_the_clock(city: SampleCity) -> None:
    certificate_of("pi-balai", city.folder)
    times = iter([NOW, NOW + timedelta(seconds=1)])
    source = WorkplaceSource(
        database=city.database,
        hub_key=KEY,
        address=ADDRESS,
        signing_key=Ed25519PrivateKey.generate(),
        certificates=city.folder,
        now=lambda: next(times),
    )
    (first,), (second,) = (source.for_device("pi-balai", **VERSIONS) for _ in range(2))
    assert second.version > first.version
