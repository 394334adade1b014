"""A control room for browsers: broker, web process with TLS, and devices that send what is asked."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from PIL import Image

from edge.clips.ring import KeptPacket, StreamShape
from edge.live.encoding import PictureEncoder
from edge.live.relay import LiveRelay
from edge.wire.live import pack_live
from edge.wire.messages import Reply, SendLive, SendThumbs, Steer, decode_command, encode
from edge.wire.topics import UpChannel, up
from tests.mosquitto import Mosquitto

RATE_HZ = 10
LOOP_S = 4
TICKS_PER_S = 90_000


def moving_film() -> tuple[StreamShape, list[KeptPacket]]:
    """Return some seconds of a block that wanders, as a camera's packets."""
    encoder = PictureEncoder(width_px=320, height_px=180, rate_hz=RATE_HZ)
    packets = []
    for number in range(LOOP_S * RATE_HZ):
        picture = np.full((180, 320, 3), 90, np.uint8)
        picture[60:120, 6 * number : 6 * number + 60] = (40, 200, 240)
        packets += encoder.encode(picture, at_s=number / RATE_HZ)
    return encoder.shape, packets


def jpeg(width_px: int) -> bytes:
    """Return a picture so wide."""
    buffer = io.BytesIO()
    Image.new("RGB", (width_px, width_px * 9 // 16), (30, 160, 90)).save(buffer, "JPEG")
    return buffer.getvalue()


class Devices:
    """All devices of a small city: they obey, and say what the hub asked them."""

    def __init__(self, broker: Mosquitto) -> None:
        self.refusal: dict[str, str] = {}
        """By quality: why video is refused; nothing there: it is sent."""
        self.steered: list[Steer] = []
        self._shape, self._packets = moving_film()
        self._relays: dict[tuple[str, str, str], LiveRelay] = {}
        self._thumbs: dict[tuple[str, str], tuple[int, float]] = {}
        self._known: dict[str, list[str]] = {}
        self._lock = threading.Lock()
        self._is_stopping = threading.Event()
        self._streams = iter(range(1, 1_000_000))
        self._client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, client_id="devices", protocol=paho.MQTTv5
        )
        self._client.tls_set_context(broker.context("hub"))
        self._client.on_connect = lambda client, *_: client.subscribe("pontive/1/dn/+/cmd", qos=1)
        self._client.on_message = self._obey
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._thread.start()

    @property
    def leased(self) -> set[tuple[str, str, str]]:
        """Which cameras are sent now, as (device, camera, quality)."""
        with self._lock:
            return {key for key, relay in self._relays.items() if relay.is_leased}

    def has(self, device: str, *cameras: str) -> None:
        """Name the cameras of a device."""
        self._known[device] = list(cameras)

    def stop(self) -> None:
        """End."""
        self._is_stopping.set()
        self._thread.join(240)
        self._client.disconnect()
        self._client.loop_stop()

    def _obey(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        command, device = decode_command(message.payload), message.topic.split("/")[3]
        refusal = ""
        match command:
            case SendLive():
                refusal = self.refusal.get(command.quality, "")
                if not refusal:
                    self._lease(device, command)
            case SendThumbs():
                with self._lock:
                    for camera in command.cameras or self._known.get(device, []):
                        until_s = time.monotonic() + command.lease_s
                        held = self._thumbs.get((device, camera), (0, 0.0))
                        self._thumbs[device, camera] = max(held, (command.width_px, until_s))
            case Steer():
                self.steered.append(command)
        topic = getattr(message.properties, "ResponseTopic", None)
        if topic:
            name = str(type(command).__struct_config__.tag)
            properties = Properties(PacketTypes.PUBLISH)
            properties.CorrelationData = message.properties.CorrelationData
            reply = Reply(command=name, is_done=not refusal, detail=refusal)
            self._client.publish(topic, encode(reply), qos=1, properties=properties)

    def _lease(self, device: str, command: SendLive) -> None:
        key = (device, command.camera, command.quality)
        with self._lock:
            relay = self._relays.get(key)
            if relay is None:
                relay = self._relays[key] = LiveRelay(
                    camera=command.camera,
                    monotonic=time.monotonic,
                    new_stream=lambda: next(self._streams),
                    is_main=command.quality == "main",
                )
                relay.begins(self._shape)
            relay.lease(command.lease_s, known_stream=command.known_stream)

    def _send(self) -> None:
        number = 0
        while not self._is_stopping.wait(1 / RATE_HZ):
            turn, place = divmod(number, len(self._packets))
            number += 1
            packet = self._packets[place]
            shift = turn * LOOP_S * TICKS_PER_S
            packet = replace(
                packet,
                at_s=time.monotonic(),
                pts=(packet.pts or 0) + shift,
                dts=(packet.dts or 0) + shift,
            )
            with self._lock:
                relays, thumbs = dict(self._relays), dict(self._thumbs)
            for (device, camera, _), relay in relays.items():
                relay.feed(packet)
                for piece in relay.take():
                    self._client.publish(up(device, UpChannel.LIVE, camera), pack_live(piece), qos=0)
            if number % RATE_HZ == 0:
                self._send_thumbs(thumbs)

    def _send_thumbs(self, thumbs: dict[tuple[str, str], tuple[int, float]]) -> None:
        for (device, camera), (width_px, until_s) in thumbs.items():
            if time.monotonic() < until_s:
                self._client.publish(up(device, UpChannel.THUMB, camera), jpeg(width_px), qos=0)


@contextmanager
def running_devices(broker: Mosquitto) -> Iterator[Devices]:
    """Have devices as long as the block runs."""
    devices = Devices(broker)
    try:
        yield devices
    finally:
        devices.stop()


def web_config(folder: Path, broker: Mosquitto, *, port: int, whep: str = "") -> Path:
    """Write ``hub.toml`` of a web process with TLS, its certificate from the city's authority."""
    identity, server = broker.identity("hub"), broker.folder / "broker"
    config = folder / "hub.toml"
    config.write_text(
        f'database = "sqlite:///hub.db"\n[sign_in]\nsecond_factor = "optional"\n'
        f"[web]\nport = {port}\nthreads = 120\n"
        f'[web.tls]\ncertificate = "{server}/server.pem"\nkey = "{server}/server.key"\n'
        f'[broker]\nport = {broker.port}\nca = "{identity}/ca.pem"\n'
        f'certificate = "{identity}/device.pem"\nkey = "{identity}/device.key"\n'
        f'[media]\nwhep = "{whep}"\n'
    )
    return config


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)
