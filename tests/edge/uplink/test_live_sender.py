"""The second connection: opened when there is something to show, bounded, never in anybody's way."""

import threading
import time
from collections.abc import Callable

import paho.mqtt.client as paho
import pytest

from edge.uplink.connection import ConnectionFailedError
from edge.uplink.live_sender import LiveSender
from edge.uplink.show_connection import ShowConnection
from edge.wire.live import LiveKind, LivePiece, pack_live, unpack_live
from edge.wire.topics import UpChannel
from tests.mosquitto import Mosquitto

DEVICE = "cam-1"


def until(is_true: Callable[[], object], what: str, *, seconds: float = 240.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.01)


def piece(number: int, kind: LiveKind = LiveKind.DELTA, size: int = 100) -> bytes:
    return pack_live(LivePiece(kind, 1, number, bytes(size)))


class Screen:
    """Somebody at the hub who sees all live pictures."""

    def __init__(self, broker: Mosquitto) -> None:
        self.messages: list[paho.MQTTMessage] = []
        ready = threading.Event()
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="hub", protocol=paho.MQTTv5)
        self.client.tls_set_context(broker.context("hub"))
        self.client.on_connect = lambda client, *_: client.subscribe("pontive/1/up/#")
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_message = lambda _client, _data, message: self.messages.append(message)
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        assert ready.wait(240)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


class FakeConnection:
    """A link whose ends the test holds."""

    def __init__(self, *, fails: bool = False, takes: bool = True) -> None:
        self.is_open = False
        self.fails = fails
        self.takes = takes
        self.shown: list[bytes] = []
        self.is_closed = False

    def open(self) -> None:
        if self.fails:
            raise ConnectionFailedError("no route")
        self.is_open = True

    def show(self, channel: UpChannel, camera: str, payload: bytes) -> bool:
        if self.takes:
            self.shown.append(payload)
        return self.takes

    def close(self) -> None:
        self.is_closed = True


def test_pictures_reach_the_hub_on_a_client_of_their_own(new_mosquitto: Callable[[], Mosquitto]) -> None:
    broker = new_mosquitto()
    screen = Screen(broker)
    sender = LiveSender(lambda: ShowConnection(device=DEVICE, link=broker.link(DEVICE)))
    sender.start()
    try:
        for number in range(50):
            sender.show("utara", UpChannel.LIVE, piece(number, LiveKind(min(number, 2))))
        sender.show("utara", UpChannel.THUMB, b"jpeg")
        until(lambda: len(screen.messages) == 51, "all pictures")
    finally:
        sender.stop(5)
        screen.close()
    live = [message for message in screen.messages if message.topic == f"pontive/1/up/{DEVICE}/live/utara"]
    assert [unpack_live(message.payload).number for message in live] == list(range(50))
    assert screen.messages[-1].topic == f"pontive/1/up/{DEVICE}/thumb/utara"
    # The device's own client would be thrown out by a second one of its name.
    own = ShowConnection(device=DEVICE, link=broker.link(DEVICE))
    assert own._client._client_id == b"cam-1-live"


def test_the_broker_may_go_and_come_back(new_mosquitto: Callable[[], Mosquitto]) -> None:
    broker = new_mosquitto()
    sender = LiveSender(lambda: ShowConnection(device=DEVICE, link=broker.link(DEVICE)), retry_s=0.1)
    sender.start()
    try:
        sender.show("utara", UpChannel.LIVE, piece(0, LiveKind.INIT))
        broker.kill()
        for number in range(1, 20):
            sender.show("utara", UpChannel.LIVE, piece(number))
            time.sleep(0.02)
        until(lambda: sender.dropped > 0, "a loss is noticed")
        broker.start()
        screen = Screen(broker)
        number = 100

        def seen() -> bool:
            nonlocal number
            number += 2
            sender.show("utara", UpChannel.LIVE, piece(number, LiveKind.KEY))
            sender.show("utara", UpChannel.LIVE, piece(number + 1))
            time.sleep(0.1)
            return bool(screen.messages)

        until(seen, "pictures again")
        # What the loss cut off was not sent on: the first one can be played from.
        assert unpack_live(screen.messages[0].payload).kind is not LiveKind.DELTA
        screen.close()
    finally:
        sender.stop(5)


def test_a_broker_that_is_not_there_is_named_by_the_connection(free_port: int) -> None:
    from edge.config import HubLink
    from edge.errors import ConfigError

    link = HubLink(port=free_port, ca="/none", certificate="/none", key="/none")
    with pytest.raises(ConfigError):
        ShowConnection(device=DEVICE, link=link).open()


def test_a_link_that_carries_nothing_drops_up_to_the_next_key_and_goes_on() -> None:
    connection = FakeConnection(takes=False)
    sender = LiveSender(lambda: connection, idle_s=5)
    sender.start()
    sender.show("utara", UpChannel.LIVE, piece(0, LiveKind.KEY))
    until(lambda: sender.dropped == 1, "the first is dropped")
    sender.show("utara", UpChannel.LIVE, piece(1))
    assert sender.dropped == 2
    connection.takes = True
    sender.show("utara", UpChannel.LIVE, piece(2, LiveKind.KEY))
    until(lambda: connection.shown, "the next key goes through")
    assert unpack_live(connection.shown[0]).number == 2
    sender.stop(5)
    assert connection.is_closed


def test_failing_is_said_once_and_drops_until_it_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    connections = [FakeConnection(fails=True), FakeConnection(fails=True), FakeConnection()]
    made = iter(connections)
    now_s = [100.0]
    sender = LiveSender(lambda: next(made), monotonic=lambda: now_s[0], retry_s=10)
    sender.start()
    for number in range(3):
        sender.show("utara", UpChannel.LIVE, piece(number, LiveKind.KEY))
        until(lambda wanted=number + 1: sender.dropped == wanted, "dropped")
    now_s[0] += 10
    sender.show("utara", UpChannel.LIVE, piece(3, LiveKind.KEY))
    until(lambda: sender.dropped == 4, "the second attempt failed too")
    now_s[0] += 10
    sender.show("utara", UpChannel.LIVE, piece(4, LiveKind.KEY))
    until(lambda: connections[2].shown, "the third works")
    sender.stop(5)
    assert [record.message for record in caplog.records if "no route" in record.message] == [
        "live video: no route; tried again in 10 s"
    ]


def test_an_idle_connection_is_let_go() -> None:
    connections: list[FakeConnection] = []

    def connect() -> FakeConnection:
        connections.append(FakeConnection())
        return connections[-1]

    sender = LiveSender(connect, idle_s=0.05)
    sender.start()
    sender.show("utara", UpChannel.THUMB, b"jpeg")
    until(lambda: connections and connections[0].is_closed, "closed")
    sender.show("utara", UpChannel.THUMB, b"jpeg")
    until(lambda: len(connections) == 2 and connections[1].shown, "opened again")
    sender.stop(5)


def test_a_flood_is_bounded() -> None:
    gate = threading.Event()

    class Stuck(FakeConnection):
        def open(self) -> None:
            gate.wait(240)
            super().open()

    sender = LiveSender(Stuck)
    sender.start()
    for number in range(1_000):
        sender.show("utara", UpChannel.LIVE, piece(number, LiveKind.KEY))
    assert sender.dropped >= 870
    gate.set()
    sender.stop(5)
