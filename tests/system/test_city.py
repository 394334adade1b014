"""A whole city on one machine: everything arrives, strangers stay out, what dies comes back."""

import contextlib
import json
import re
import socket
import ssl
import subprocess
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as paho
import psutil
import pytest
from sqlalchemy import func, select

from edge.update.command import pack_simulated
from edge.wire.records.bodies import Lane
from hub.cctv.service import list_cameras
from hub.config import load_config
from hub.db import Database
from hub.hadir.models import DoorScan
from hub.ingest.models import DevicePresence, IngestHealth
from hub.places.models import Device, Sensor, Site
from hub.telemetry.store import Series
from hub.telemetry.tables import TableTelemetry
from hub.updates.models import DeviceUpdate, Release, Rollout, RolloutDevice
from hub.updates.releases import add_release
from hub.updates.rings import put_in_ring, set_settle_minutes
from hub.updates.rollouts import ALWAYS, Wish, change_rollout, newest_rollout, start_rollout
from hub.updates.rules import OPEN, RolloutState
from provisioning.cities.staff import NAMES
from provisioning.trust.ca import CityAuthority
from provisioning.trust.enrol import ensure_certificate
from tests.system.conftest import PATIENCE_S, PROGRAM, RunningCity, wait_for

DEVICE = "pi-tugu"
OTHER = "pi-balai-kota"


def count_records(look) -> int:
    return look(lambda db: db.scalar(select(func.sum(IngestHealth.records)))) or 0


def test_every_tile_is_live_and_the_address_and_a_password_were_printed(city: RunningCity) -> None:
    assert f"Alamat / address   {city.url}" in city.said
    assert re.search(r"Layar pintu / door screen  http://127.0.0.1:\d+/pintu-utama", city.said)
    assert len(city.password) >= 12
    assert "Not live" not in city.said
    assert "ended by itself" not in city.said


def test_the_screen_of_the_door_shows_people_and_a_code_of_the_hub(city: RunningCity) -> None:
    address = city.wait_to_say(r"Layar pintu / door screen  (http://\S+)").group(1)
    seen: dict[str, object] = {}
    with urllib.request.urlopen(f"{address}/events", timeout=600) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                picture = json.loads(line.removeprefix(b"data: "))
                seen |= {name: picture[name] for name in ("code", "notice") if picture[name] is not None}
            if len(seen) == 2:
                break
    assert seen["code"]["size"] == 29 + 8  # type: ignore[index]  # JSON
    assert seen["notice"]["name"] in NAMES  # type: ignore[index]  # JSON


def test_every_camera_has_a_still_and_counts(city: RunningCity, look) -> None:
    cameras = look(lambda db: list_cameras(db, datetime.now(UTC)))
    assert len(cameras) >= 4
    for camera in cameras:
        if camera.device != "pi-beting":  # comes and goes
            assert camera.still_at is not None, camera.camera
            assert camera.per_minute is not None, camera.camera
            assert (
                city.folder.hub / "stills" / camera.device / f"{camera.camera}.jpg"
            ).stat().st_size > 1_000


def test_something_crosses_the_lines_of_a_drawn_street(city: RunningCity, look) -> None:
    def total(db) -> float:
        names = [Series("pi-sungai-jawi", "utara", f"{way}.jalan") for way in ("forward", "backward")]
        telemetry, now = TableTelemetry(db), datetime.now(UTC)
        points = [telemetry.window(one, now - timedelta(hours=1), now) for one in names]
        return sum(point.value for line in points for point in line)

    assert wait_for(lambda: look(total) > 0)


def test_scans_arrive_from_the_door_and_name_nobody(city: RunningCity, look) -> None:
    at_the_door = select(DoorScan).where(DoorScan.device == OTHER).order_by(DoorScan.id.desc()).limit(1)

    def newest() -> DoorScan | None:
        scan = look(lambda db: db.scalars(at_the_door).one_or_none())
        # The month before was simulated: those who pass the door now have numbers of their own.
        return scan if scan and 1001 <= scan.person <= 1025 else None

    assert wait_for(newest)


def test_the_river_is_measured(city: RunningCity, look) -> None:
    sensor = look(lambda db: db.scalars(select(Sensor).where(Sensor.id == "kapuas")).one())
    series = Series(sensor.device, sensor.id, sensor.quantity)
    point = wait_for(lambda: look(lambda db: TableTelemetry(db).last([series]).get(series)))
    assert 0 <= point.value < 5


def test_the_place_on_the_equator_is_kept_as_zero(city: RunningCity, look) -> None:
    assert look(lambda db: db.get(Site, "tugu-khatulistiwa").latitude) == 0.0
    assert look(lambda db: db.get(Device, DEVICE).site) == "tugu-khatulistiwa"


def test_a_device_that_is_killed_again_and_again_goes_offline_and_returns(city: RunningCity, look) -> None:
    def presence() -> DevicePresence:
        return look(lambda db: db.get(DevicePresence, DEVICE))

    def is_offline_under_fire() -> bool:
        with contextlib.suppress(LookupError, psutil.NoSuchProcess):
            city.child(f"{DEVICE}/edge.toml").kill()
        return not presence().is_online

    assert presence().is_online
    assert wait_for(is_offline_under_fire)
    assert presence().reason == "will"
    city.wait_to_say(rf"edge-{DEVICE} ended by itself \(killed by SIGKILL\)")
    assert wait_for(lambda: presence().is_online)


def test_a_hub_that_is_killed_returns_and_nothing_accepted_is_forgotten(city: RunningCity, look) -> None:
    def seqs() -> int:
        return look(lambda db: db.scalar(select(func.count()).select_from(DoorScan))) or 0

    before = seqs()
    city.child("pontive-hub ingest").kill()
    city.wait_to_say("hub-ingest ended by itself")
    assert wait_for(lambda: seqs() > before)


@pytest.fixture
def records_go_on(city: RunningCity, look):
    """Whatever a test does to strangers, the city must go on meanwhile."""
    yield
    before = count_records(look)
    assert wait_for(lambda: count_records(look) > before)


@pytest.mark.usefixtures("records_go_on")
def test_a_strangers_certificate_is_refused(city: RunningCity, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    stranger = CityAuthority(tmp_path / "ca", now=now)
    ensure_certificate(
        tmp_path / "device.key",
        tmp_path / "device.pem",
        DEVICE,
        sign=lambda csr: stranger.sign_device(csr, now=now),
        is_ours=stranger.has_issued,
        now=now,
    )
    context = context_of(city, tmp_path)
    with (
        pytest.raises((ssl.SSLError, ConnectionResetError)),
        socket.create_connection(("127.0.0.1", city.broker_port), timeout=120) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.recv(1)


@pytest.mark.usefixtures("records_go_on")
@pytest.mark.parametrize("channel", ["records", "state", "still/gerbang"])
def test_a_device_cannot_speak_as_another(city: RunningCity, channel: str) -> None:
    answers: list[str] = []
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, "spoof", protocol=paho.MQTTv5)
    client.tls_set_context(context_of(city, city.folder.device(OTHER)))
    client.on_publish = lambda _c, _u, _m, code, _p: answers.append(str(code))
    client.connect("127.0.0.1", city.broker_port)
    client.loop_start()
    try:
        client.publish(f"pontive/1/up/{DEVICE}/{channel}", b"{}", qos=1)
        assert wait_for(lambda: answers) == ["Not authorized"]
    finally:
        client.disconnect()
        client.loop_stop()


@pytest.mark.usefixtures("records_go_on")
def test_a_huge_and_a_hostile_message_stop_nobody(city: RunningCity, look) -> None:
    def dead_letters() -> int:
        return look(lambda db: db.scalar(select(func.sum(IngestHealth.dead_letters)))) or 0

    before = dead_letters()
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, "hostile", protocol=paho.MQTTv5)
    client.tls_set_context(context_of(city, city.folder.device(OTHER)))
    client.connect("127.0.0.1", city.broker_port)
    client.loop_start()
    try:
        topic = f"pontive/1/up/{OTHER}/records"
        for payload in (b"", b"{", b'{"v": NaN}', b"[" * 60_000, f'{{"lane": "{Lane.EVENT}"}}'.encode()):
            _say(client, topic, payload)
        assert wait_for(lambda: dead_letters() >= before + 5)
        client.publish(topic, bytes(10_000_000), qos=1)
    finally:
        client.disconnect()
        client.loop_stop()


def _say(client: paho.Client, topic: str, payload: bytes) -> None:
    """Publish, again when the hub hung up: it does so on whoever speaks under a foreign client id."""

    def begin() -> paho.MQTTMessageInfo | None:
        begun = client.publish(topic, payload, qos=1)
        return begun if begun.rc == paho.MQTT_ERR_SUCCESS else None

    wait_for(begin).wait_for_publish(PATIENCE_S)


def context_of(city: RunningCity, identity: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(city.folder.broker / "ca.pem"))
    context.load_cert_chain(identity / "device.pem", identity / "device.key")
    return context


def test_two_cities_do_not_share_a_folder(city: RunningCity) -> None:
    other = subprocess.run(
        [PROGRAM, "city", "up", "--no-browser", "--data", str(city.folder.root), "--port", "1"],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert other.returncode == 1
    assert "another city runs in" in other.stderr


def test_an_update_goes_through_the_rings_and_a_bad_one_stops_itself(
    city: RunningCity, hub_database: Database, look, tmp_path: Path
) -> None:
    """Hub, broker, agents and the way to fetch a bundle are real; the machines' slots are simulated."""
    first, second, board = "pi-sungai-jawi", DEVICE, "simulasi"
    releases = Path(load_config(city.folder.hub_config).updates.folder)

    def publish(number: int, *, starts: bool) -> None:
        bundle, name, now = tmp_path / f"{number}.bundle", f"0.{number}.0", datetime.now(UTC)
        pack_simulated(bundle, number=number, name=name, key=city.folder.firmware_key, starts=starts)
        with hub_database.writing() as db:
            newest = newest_rollout(db, board)
            if newest is not None and newest.state in OPEN:
                change_rollout(db, newest, RolloutState.CANCELLED, actor="uji", now=now)
            made = add_release(
                db,
                bundle,
                folder=releases,
                board=board,
                number=number,
                name=name,
                notes="",
                actor="uji",
                now=now,
            )
            start_rollout(db, made, Wish(quiet=ALWAYS), actor="uji", now=now)

    def asked(number: int) -> dict[str, RolloutDevice]:
        query = (
            select(RolloutDevice)
            .join(Rollout, Rollout.id == RolloutDevice.rollout)
            .join(Release, Release.id == Rollout.release)
            .where(Release.number == number)
        )
        return {row.device: row for row in look(lambda db: db.scalars(query).all())}

    def has_taken(number: int, device: str) -> bool:
        row = asked(number).get(device)
        return row is not None and row.state == "committed"

    def paused() -> Rollout | None:
        newest = look(lambda db: newest_rollout(db, board))
        return newest if newest.state == RolloutState.PAUSED else None

    wait_for(lambda: look(lambda db: newest_rollout(db, board)))
    with hub_database.writing() as db:
        now = datetime.now(UTC)
        for ring, devices in (("uji", (first,)), ("awal", (second,)), ("semua", ("pi-beting", OTHER))):
            set_settle_minutes(db, ring, 0, actor="uji", now=now)
            for device in devices:
                put_in_ring(db, kind="device", target=device, ring=ring, actor="uji", now=now)
    publish(3, starts=True)
    wait_for(lambda: has_taken(3, first))
    wait_for(lambda: has_taken(3, second))
    taken = asked(3)
    assert taken[second].asked_at >= taken[first].at, "the second ring waits for the first"

    publish(4, starts=False)
    stopped = wait_for(paused)
    assert (stopped.changed_by, "gagal" in stopped.reason) == ("system", True)
    assert set(asked(4)) == {first}, "nobody else was asked"
    told = look(lambda db: {row.device: row for row in db.scalars(select(DeviceUpdate))})
    assert (told[first].running_number, told[first].state) == (3, "returned")
    assert told[second].running_number == 3
