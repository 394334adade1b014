"""Ingest on a real mosquitto with mutual TLS and the city's access rules."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from sqlalchemy import select

from edge.wire.messages import (
    Ack,
    Desired,
    Reply,
    TakeStill,
    decode_ack,
    decode_command,
    decode_desired,
    encode,
)
from edge.wire.topics import DownChannel, UpChannel, down, down_filter, up
from hub.config import BrokerSettings, HubConfig
from hub.db import Database
from hub.ingest.keeping.receipts import read_receipts
from hub.ingest.models import DeadLetter, DeviceCommand, DevicePresence, IngestHealth, Still
from hub.ingest.process import IngestError, run_ingest
from hub.ingest.saying.commands import ask_device
from hub.ingest.taking.address import Address, address_of
from hub.ingest.taking.link import Publish
from hub.ingest.taking.subscriber import MOST_STILLS, MqttLink
from tests.hub.ingest.rig import DEVICE, EPOCH, NOW, batch_of, online, reading, wait_until
from tests.mosquitto import Mosquitto


class Device:
    """A device with its own certificate that publishes what it is told."""

    def __init__(self, broker: Mosquitto, name: str = DEVICE) -> None:
        self.name = name
        self.heard: list[mqtt.MQTTMessage] = []
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5)
        self.client.tls_set_context(broker.context(name))
        ready = threading.Event()
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_connect = lambda client, *_: client.subscribe(down_filter(name), qos=1)
        self.client.on_message = lambda _client, _data, message: self.heard.append(message)
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        assert ready.wait(240)

    def say(self, channel: UpChannel, payload: bytes, *, source: str | None = None, **more: object) -> None:
        properties = Properties(PacketTypes.PUBLISH)
        for name, value in more.items():
            setattr(properties, name, value)
        qos = 0 if channel is UpChannel.STILL else 1
        self.client.publish(up(self.name, channel, source), payload, qos=qos, properties=properties)

    def on(self, channel: DownChannel) -> list[mqtt.MQTTMessage]:
        return [message for message in self.heard if message.topic == down(self.name, channel)]

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def config_of(broker: Mosquitto, database_url: str, folder: Path) -> HubConfig:
    hub = broker.identity("hub")
    return HubConfig(
        database=database_url,
        folder=str(folder),
        broker=BrokerSettings(
            port=broker.port,
            ca=str(hub / "ca.pem"),
            certificate=str(hub / "device.pem"),
            key=str(hub / "device.key"),
        ),
    )


@contextmanager
def running(config: HubConfig, database: Database, **more: object) -> Iterator[None]:
    stop = threading.Event()
    arguments = {"stop": stop} | more
    thread = threading.Thread(target=run_ingest, args=(config, {}), kwargs=arguments)
    thread.start()
    try:
        wait_until(lambda: has_beaten(database))
        yield
    finally:
        stop.set()
        thread.join()


def has_beaten(database: Database) -> bool:
    with database.reading() as session:
        return session.scalars(select(IngestHealth)).first() is not None


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("mosquitto"))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def device(broker: Mosquitto) -> Iterator[Device]:
    device = Device(broker)
    yield device
    device.stop()


def said_until(device: Device, channel: UpChannel, payload: bytes, is_true: Callable[[], bool]) -> None:
    """Say it again until it had its effect: the hub subscribes when it likes, nothing is retained."""

    def attempt() -> bool:
        device.say(channel, payload)
        return is_true()

    wait_until(attempt)


def has_acknowledged(device: Device, seq: int) -> bool:
    acks = [decode_ack(message.payload) for message in device.on(DownChannel.ACK)]
    return any(first <= seq <= last for ack in acks for first, last in ack.ranges)


def test_a_record_is_acknowledged_over_a_real_broker(
    broker: Mosquitto, device: Device, database: Database, database_url: str, tmp_path: Path
) -> None:
    with running(config_of(broker, database_url, tmp_path), database):
        payload = batch_of(reading(1), reading(2))
        said_until(device, UpChannel.RECORDS, payload, lambda: bool(device.on(DownChannel.ACK)))
        assert decode_ack(device.on(DownChannel.ACK)[0].payload) == Ack(epoch=EPOCH, ranges=((1, 2),))
    with database.reading() as session:
        assert [receipt.seq for receipt in read_receipts(session)] == [1, 2]


def test_a_birth_a_command_a_reply_and_a_still_go_their_ways(
    broker: Mosquitto, device: Device, database: Database, database_url: str, tmp_path: Path
) -> None:
    document = Desired(document="roster", version=3, sealed="", signature="")

    class Roster:
        def for_device(self, device: str, *, roster_version: int, config_version: int) -> list[Desired]:
            return [document] if roster_version < document.version else []

        def changed(self) -> list[str]:
            return []

    with running(config_of(broker, database_url, tmp_path), database, desired=Roster()):
        said_until(device, UpChannel.STATE, online(), lambda: bool(device.on(DownChannel.DESIRED)))
        assert decode_desired(device.on(DownChannel.DESIRED)[0].payload) == document

        with database.writing() as session:
            row = ask_device(
                session,
                device=DEVICE,
                command=TakeStill(camera="cam-1"),
                correlation=uuid4().hex,
                now=database_now(),
                asked_by=7,
            )
            session.flush()
            number = row.id
        wait_until(lambda: bool(device.on(DownChannel.CMD)))
        command = device.on(DownChannel.CMD)[0]
        assert decode_command(command.payload) == TakeStill(camera="cam-1")
        assert command.properties.ResponseTopic == up(DEVICE, UpChannel.REPLY)

        jpeg = b"\xff\xd8\xff\xe0" + bytes(500) + b"\xff\xd9"
        device.say(UpChannel.STILL, jpeg, source="cam-1", UserProperty=("at", NOW.isoformat()))
        reply = Reply(command="take-still", is_done=True, detail="ok", values={"bytes": 506.0})
        device.say(UpChannel.REPLY, encode(reply), CorrelationData=command.properties.CorrelationData)
        wait_until(lambda: is_answered(database, number))
        wait_until((tmp_path / "stills" / DEVICE / "cam-1.jpg").exists)

    with database.reading() as session:
        answered = session.get_one(DeviceCommand, number)
        assert (answered.is_done, answered.detail, answered.values_json) == (True, "ok", '{"bytes":506.0}')
        assert session.get_one(DevicePresence, DEVICE).firmware == "1.0"
        assert session.get_one(Still, (DEVICE, "cam-1")).bytes == len(jpeg)
    assert (tmp_path / "stills" / DEVICE / "cam-1.jpg").read_bytes() == jpeg


def database_now():  # type: ignore[no-untyped-def]  # the real clock: the command must not be expired
    from datetime import UTC, datetime

    return datetime.now(UTC)


def is_answered(database: Database, number: int) -> bool:
    with database.reading() as session:
        return session.get_one(DeviceCommand, number).replied_at is not None


def test_a_poison_message_stops_nothing(
    broker: Mosquitto, device: Device, database: Database, database_url: str, tmp_path: Path
) -> None:
    with running(config_of(broker, database_url, tmp_path), database):
        said_until(device, UpChannel.RECORDS, batch_of(reading(1)), lambda: bool(device.on(DownChannel.ACK)))
        for poison in (b"", b"[" * 60_000, b"\xff\xfe", b"null", b'{"epoch":"' + EPOCH.encode() + b'"}'):
            device.say(UpChannel.RECORDS, poison)
            device.say(UpChannel.STATE, poison)
            device.say(UpChannel.REPLY, poison)
            device.say(UpChannel.STILL, poison, source="cam-1")
        device.say(UpChannel.RECORDS, batch_of(reading(2)))
        wait_until(lambda: has_acknowledged(device, 2))
    with database.reading() as session:
        assert len(session.scalars(select(DeadLetter)).all()) >= 15


def test_ingest_comes_back_when_the_broker_does(
    broker: Mosquitto, device: Device, database: Database, database_url: str, tmp_path: Path
) -> None:
    with running(config_of(broker, database_url, tmp_path), database):
        said_until(device, UpChannel.RECORDS, batch_of(reading(1)), lambda: bool(device.on(DownChannel.ACK)))
        broker.kill()
        device.heard.clear()
        broker.start()
        wait_until(device.client.is_connected)
        said_until(
            device,
            UpChannel.RECORDS,
            batch_of(reading(2)),
            lambda: has_acknowledged(device, 2),
        )


def test_without_certificates_ingest_says_which_files(tmp_path: Path) -> None:
    config = HubConfig(broker=BrokerSettings(ca=str(tmp_path / "none.pem")))
    with pytest.raises(IngestError, match=r"none\.pem.*hub\.pem.*hub\.key"):
        run_ingest(config, {}, stop=threading.Event())


def test_a_link_says_when_its_thread_is_dead(broker: Mosquitto, tmp_path: Path) -> None:
    config = config_of(broker, "sqlite://", tmp_path)
    link = MqttLink(address_of(config.broker))
    assert not link.is_alive()
    link.start()
    assert link.is_alive()
    link.stop()
    assert not link.is_alive()


PROGRAM = """
import sys
from pathlib import Path
from hub.config import load_config
from hub.ingest.process import run_ingest
run_ingest(load_config(Path(sys.argv[1])), {})
"""


def test_a_signal_ends_the_process_of_ingest_well(
    broker: Mosquitto, database: Database, database_url: str, tmp_path: Path
) -> None:
    hub = broker.identity("hub")
    (tmp_path / "hub.toml").write_text(
        f'database = "{database_url}"\n'
        f"[broker]\nport = {broker.port}\n"
        f'ca = "{hub}/ca.pem"\ncertificate = "{hub}/device.pem"\nkey = "{hub}/device.key"\n'
        '[mirror]\nurl = "http://127.0.0.1:9"\n'
    )
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, tmp_path / "hub.toml"], cwd=Path(__file__).parents[4]
    )
    try:
        wait_until(lambda: has_beaten(database), within_s=240)
        process.terminate()
        assert process.wait(240) == 0
    finally:
        process.kill()
        process.wait()


# --- the callback alone -------------------------------------------------------------------------


class Deaf:
    """Stands where paho's client stands and notes what was acknowledged."""

    def __init__(self) -> None:
        self.acknowledged: list[int] = []

    def ack(self, mid: int, qos: int) -> None:
        self.acknowledged.append(mid)


def arrived(topic: bytes = b"pontive/1/up/pi-01/records", *, mid: int = 1, qos: int = 1) -> mqtt.MQTTMessage:
    message = mqtt.MQTTMessage(mid=mid, topic=topic)
    message.qos = qos
    message.payload = b"x"
    return message


@pytest.fixture
def link() -> MqttLink:
    return MqttLink(Address(host="127.0.0.1", port=1))


def test_a_full_queue_that_nobody_takes_from_frees_the_window_and_keeps_what_it_has(
    caplog: pytest.LogCaptureFixture,
) -> None:
    link = MqttLink(Address(host="127.0.0.1", port=1), most_waiting=10, room_wait_s=0.01)
    client = Deaf()
    for mid in range(1, 14):
        link._on_message(client, None, arrived(mid=mid))  # type: ignore[arg-type]
    assert client.acknowledged == [11, 12, 13]
    assert link.waiting() == 10
    assert caplog.text.count("queue of ingest is full") == 1
    assert len(link.take(0)) == 10
    link._on_message(client, None, arrived(mid=14))  # type: ignore[arg-type]
    assert link.waiting() == 1


def test_a_flood_waits_at_the_broker_until_there_is_room(broker: Mosquitto, device: Device) -> None:
    # mosquitto 2.0.11 sends far more than the receive maximum; without a bound of ours, memory is the bound.
    link = MqttLink(Address(host="127.0.0.1", port=broker.port, tls=broker.context("hub")), most_waiting=50)
    link.start()
    try:
        said_until(device, UpChannel.STATE, b"hello", lambda: bool(link.take(0)))
        while link.take(0.2):
            pass
        for number in range(1_000):
            device.say(UpChannel.RECORDS, str(number).encode())
        came: list[bytes] = []
        while len(came) < 1_000:
            taken = link.take(10)
            assert taken, "messages were lost"
            assert len(taken) <= 50
            came += [message.payload for message in taken]
            link.settle(taken)
    finally:
        link.stop()
    assert came == [str(number).encode() for number in range(1_000)]


def test_of_stills_only_the_newest_waits(link: MqttLink) -> None:
    for number in range(MOST_STILLS + 10):
        link._on_message(Deaf(), None, arrived(f"still/{number}".encode(), qos=0))  # type: ignore[arg-type]
    link._on_message(Deaf(), None, arrived(b"still/0", qos=0))  # type: ignore[arg-type]
    assert len(link.take(0)) == MOST_STILLS
    assert link.take(0) == []


def test_a_topic_that_is_no_text_does_not_end_the_thread(link: MqttLink) -> None:
    link._on_message(Deaf(), None, arrived(b"\xff\xfe"))  # type: ignore[arg-type]
    assert [message.topic for message in link.take(0)] == [""]


def test_nothing_is_said_without_a_connection(link: MqttLink) -> None:
    assert not link.say(Publish(topic="t", payload=b""))


def test_a_broker_that_refuses_us_is_said(broker: Mosquitto, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    link = MqttLink(Address(host="127.0.0.1", port=broker.port, client_id="", tls=broker.context("hub")))
    link._on_connect(link._client, None, None, ReasonCode(PacketTypes.CONNACK, "Not authorized"), None)
    assert "refuses us: Not authorized" in caplog.text


def test_what_came_on_an_older_connection_is_not_acknowledged_on_the_new_one(link: MqttLink) -> None:
    client = Deaf()
    link._on_message(client, None, arrived(mid=5))  # type: ignore[arg-type]
    (old,) = link.take(0)
    link._generation += 1
    link._client = client  # type: ignore[assignment]
    link.settle([old])
    assert client.acknowledged == []
