"""Versions of camera settings, and the signed document that a device gets of them."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from edge.wire.camera_settings import decode_loosely
from edge.wire.desired import open_desired
from edge.wire.messages import Desired
from hub.db import Database
from hub.errors import InputError, NotFoundError
from hub.ingest.models import DevicePresence
from hub.ingest.saying.desired import NothingDesired, SeveralSources
from hub.places.inventory import Inventory
from hub.places.models import CameraLine, CameraSettingsVersion
from hub.places.service import load_inventory
from hub.places.settings.service import document_for, history_of, newest_of, return_to, save_version
from hub.places.settings.source import SettingsSource
from tests.browser.sample import INVENTORY
from tests.edge.agent_city import Device

NOW = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)
LINE = {"id": "timur", "points": [[0.1, 0.5], [0.9, 0.5]], "forward": "ke pelabuhan", "backward": "ke kota"}


@pytest.fixture
def city(database: Database) -> Database:
    with database.writing() as db:
        load_inventory(db, msgspec.convert(INVENTORY, Inventory), date(2026, 1, 5))
    return database


def save(city: Database, camera: str = "utara", based_on: int = 0, **settings: Any) -> int:
    with city.writing() as db:
        return save_version(
            db,
            device="pi-jawi",
            camera=camera,
            settings=json.dumps(settings),
            based_on=based_on,
            author="tini",
            note=" garis baru ",
            now=NOW,
        ).version


def test_versions_count_over_all_cameras_of_a_device(city: Database) -> None:
    assert [save(city, fps=5), save(city, "selatan", fps=6), save(city, based_on=1, fps=7)] == [1, 2, 3]
    with city.reading() as db:
        document = document_for(db, "pi-jawi")
        assert document is not None
        assert (document.version, {k: v.fps for k, v in document.cameras.items()}) == (
            3,
            {"utara": 7, "selatan": 6},
        )
        assert [(row.version, row.author, row.note) for row in history_of(db, "pi-jawi", "utara")] == [
            (3, "tini", "garis baru"),
            (1, "tini", "garis baru"),
        ]
        assert document_for(db, "pi-tugu") is None


def test_going_back_is_a_new_version_with_old_settings(city: Database) -> None:
    save(city, fps=5)
    save(city, based_on=1, fps=7)
    with city.writing() as db:
        row = return_to(db, device="pi-jawi", camera="utara", version=1, author="oki", now=NOW)
        assert (row.version, json.loads(row.body), row.note) == (3, {"fps": 5.0}, "kembali ke versi 1")
        for version, camera in ((9, "utara"), (1, "selatan")):
            with pytest.raises(NotFoundError):
                return_to(db, device="pi-jawi", camera=camera, version=version, author="oki", now=NOW)


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"fps": 900}, "fps"), ({"zoom": 1}, "zoom"), ({"lines": [LINE, LINE]}, "used twice")],
)
def test_settings_that_cannot_be_used_are_refused(
    city: Database, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        save(city, **settings)
    with city.reading() as db:
        assert newest_of(db, "pi-jawi", "utara") is None


def test_two_people_do_not_overwrite_each_other(city: Database) -> None:
    save(city, fps=5)
    with pytest.raises(InputError, match="tini sudah menyimpan versi 1"):
        save(city, fps=6)


def test_a_camera_that_is_not_there_is_not_set_up(city: Database) -> None:
    with pytest.raises(NotFoundError):
        save(city, "barat", fps=5)


def test_a_hub_from_a_backup_does_not_fall_behind_its_devices(city: Database) -> None:
    with city.writing() as db:
        presence = DevicePresence(
            device="pi-jawi", is_online=True, since=NOW, last_seen_at=NOW, config_version=41
        )
        db.add(presence)
    assert save(city, fps=5) == 42


def test_screens_know_the_lines_that_were_drawn_and_the_inventory_does_not_undo_them(city: Database) -> None:
    save(city, lines=[LINE, {**LINE, "id": "jalan", "forward": "masuk"}])
    save(city, based_on=1, lines=[{**LINE, "id": "jalan", "forward": "ke Kapuas"}])
    with city.writing() as db:
        load_inventory(db, msgspec.convert(INVENTORY, Inventory), date(2026, 1, 6))
    with city.reading() as db:
        of_camera = (CameraLine.device == "pi-jawi", CameraLine.camera == "utara")
        (line,) = db.scalars(select(CameraLine).where(*of_camera))
        assert (line.id, line.name, line.forward) == ("jalan", "Jl. Sungai Jawi", "ke Kapuas")


class Post:
    """A source with a real key, and a device that opens what it sends."""

    def __init__(self, city: Database, folder: Path) -> None:
        self.device = Device(folder / "pi-jawi", name="pi-jawi")
        (folder / "pi-jawi.pem").write_bytes((self.device.folder / "device.pem").read_bytes())
        self.source = SettingsSource(database=city, signing_key=self.device.signing_key, certificates=folder)

    def open(self, desired: Desired) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        key = load_pem_private_key((self.device.folder / "device.key").read_bytes(), None)
        assert isinstance(key, EllipticCurvePrivateKey)
        hub_key = self.device.signing_key.public_key()
        return open_desired(desired, device="pi-jawi", device_key=key, hub_keys=[hub_key])


def test_a_device_gets_what_is_newer_signed_and_sealed(city: Database, tmp_path: Path) -> None:
    post = Post(city, tmp_path)
    assert post.source.for_device("pi-jawi", roster_version=0, config_version=0) == ()
    save(city, fps=5)
    (desired,) = post.source.for_device("pi-jawi", roster_version=0, config_version=0)
    document = decode_loosely(post.open(desired))
    assert (document.version, document.cameras) == (1, {"utara": {"fps": 5.0}})
    assert post.source.for_device("pi-jawi", roster_version=0, config_version=1) == ()


def test_a_device_is_due_once_for_each_version(city: Database, tmp_path: Path) -> None:
    source = SeveralSources(NothingDesired(), Post(city, tmp_path).source)
    save(city, fps=5)
    assert source.changed() == ["pi-jawi"]
    assert source.changed() == []
    save(city, based_on=1, fps=6)
    assert source.changed() == ["pi-jawi"]
    assert len(source.for_device("pi-jawi", roster_version=0, config_version=1)) == 1


def test_a_device_without_certificate_gets_nothing_and_that_is_said_once(
    city: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    post = Post(city, tmp_path)
    (tmp_path / "pi-jawi.pem").unlink()
    save(city, fps=5)
    for _ in range(2):
        assert post.source.for_device("pi-jawi", roster_version=0, config_version=0) == ()
    assert caplog.text.count("gets no camera settings") == 1


def test_settings_of_a_retired_camera_are_not_sent(city: Database) -> None:
    save(city, fps=5)
    with city.writing() as db:
        from hub.places.models import CityCamera

        camera = db.get(CityCamera, ("pi-jawi", "utara"))
        assert camera is not None
        camera.is_retired = True
    with city.reading() as db:
        assert document_for(db, "pi-jawi") is None
        assert db.get(CameraSettingsVersion, ("pi-jawi", 1)) is not None
