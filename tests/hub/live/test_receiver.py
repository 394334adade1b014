"""The web process on a real broker: video and answers in, orders out."""

import threading
import time
from collections.abc import Callable

import paho.mqtt.client as paho

from edge.wire.live import LiveKind, LivePiece, pack_live
from edge.wire.messages import Reply, SendLive, decode_command, encode
from hub.ingest.taking.address import Address
from hub.live.desk import LiveDesk
from hub.live.receiver import LiveReceiver
from hub.live.streams import CameraKey
from tests.mosquitto import Mosquitto

KEY = CameraKey("cam-1", "utara")


def until(is_true: Callable[[], object], what: str, *, seconds: float = 240.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.01)


class Device:
    """A device that sends what it is told to."""

    def __init__(self, broker: Mosquitto) -> None:
        self.commands: list[object] = []
        ready = threading.Event()
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="cam-1", protocol=paho.MQTTv5)
        self.client.tls_set_context(broker.context("cam-1"))
        self.client.on_connect = lambda client, *_: client.subscribe("pontive/1/dn/cam-1/#", qos=1)
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_message = self._obey
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        assert ready.wait(240)

    def _obey(self, client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        command = decode_command(message.payload)
        self.commands.append(command)
        if hasattr(message.properties, "ResponseTopic"):
            properties = paho.Properties(paho.PacketTypes.PUBLISH)
            properties.CorrelationData = message.properties.CorrelationData
            reply = Reply(command="send-live", is_done=True)
            client.publish(message.properties.ResponseTopic, encode(reply), qos=1, properties=properties)
        if isinstance(command, SendLive) and command.lease_s:
            for number, kind in enumerate([LiveKind.INIT, LiveKind.KEY]):
                client.publish(
                    "pontive/1/up/cam-1/live/utara", pack_live(LivePiece(kind, 4, number, b"[%d]" % number))
                )
            client.publish("pontive/1/up/cam-1/thumb/utara", b"jpeg")

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def test_a_browser_sees_what_the_device_sends(new_mosquitto: Callable[[], Mosquitto]) -> None:
    broker = new_mosquitto()
    device = Device(broker)
    desk = LiveDesk()
    address = Address(host="127.0.0.1", port=broker.port, client_id="hub-live-1", tls=broker.context("hub"))
    receiver = LiveReceiver(
        address,
        on_live=desk.streams.arrived,
        on_thumb=desk.thumbs.arrived,
        on_reply=desk.calls.answered,
    )
    desk.link = receiver
    desk.thumbs.look()
    desk.start()
    try:
        until(lambda: desk.begin(KEY), "the device answers")
        viewer = desk.watch(KEY)
        seen = b""

        def look() -> bool:
            nonlocal seen
            seen += viewer.take(0.1) or b""
            return b"[1]" in seen

        until(look, "the video")
        assert seen.startswith(b"[0][1]")
        until(desk.thumbs.look, "the small picture")
        # Another hub kill: the broker goes, and everything is found again.
        broker.kill()
        broker.start()
        until(lambda: desk.begin(KEY), "the device answers again")
        desk.leave(viewer)
        until(lambda: SendLive(camera="utara", lease_s=0) in device.commands, "the lease is ended")
    finally:
        desk.stop()
        device.close()


def test_strange_topics_end_nothing() -> None:
    got: list[object] = []
    receiver = LiveReceiver(
        Address(host="127.0.0.1", port=1),
        on_live=lambda *each: got.append(each),
        on_thumb=lambda *each: got.append(each),
        on_reply=lambda *each: got.append(each),
    )
    for topic in (b"pontive/1/up/cam-1/still/utara/x", b"\xff\xfe", b"other"):
        message = paho.MQTTMessage(topic=topic)
        receiver._arrived(receiver._client, None, message)
    assert got == []
