"""One MQTT 5 connection to the broker, from its beginning to its loss: the only file here with paho.

A new object for each connection, so that nothing of an old one (message ids, queues) leaks into
the next. paho's callbacks only post events; must not decide anything.
"""

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.config import HubLink
from edge.errors import ConfigError
from edge.uplink.pieces import Piece
from edge.wire.topics import DownChannel, UpChannel, down, down_filter, up

_CONNECT_TIMEOUT_S = 5.0
_CLOSE_TIMEOUT_S = 1.0
# What a broker allows that says nothing about it (MQTT 5.0, 3.2.2.3.3, 2019).
_DEFAULT_RECEIVE_MAXIMUM = 65_535


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker let us in and takes ``receive_maximum`` QoS 1 messages at a time."""

    receive_maximum: int


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is over, or never came about."""

    reason: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The broker's PUBACK: ``is_taken`` says whether it will pass the message on."""

    message_id: int
    is_taken: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message of the hub."""

    channel: DownChannel
    payload: bytes
    response_topic: str | None
    correlation: bytes | None


Event = Connected | Lost | Answered | Arrived


class ConnectionFailedError(Exception):
    """The broker cannot be reached, or TLS failed; says why."""


class _TidySocket(ssl.SSLSocket):
    """Closes itself when the handshake fails, which paho leaves undone."""

    def do_handshake(self, block: bool = False) -> None:
        """Shake hands, or close."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def _properties(packet_type: int) -> Properties:
    return Properties(packet_type)  # type: ignore[no-untyped-call]  # paho annotates only its client


def tls_context(link: HubLink) -> ssl.SSLContext:
    """Return what a device speaks TLS with.

    Raises:
        ConfigError: a file is missing or not what it should be.
    """
    try:
        context = ssl.create_default_context(cafile=link.ca)
        context.sslsocket_class = _TidySocket
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(link.certificate, link.key)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"hub: the identity in {link.ca}, {link.certificate} and {link.key} cannot be used ({error}); "
            "enrol the device again"
        ) from error
    return context


class MqttConnection:
    """A connection; :meth:`open` once, then publish until :class:`Lost`, then :meth:`close`."""

    def __init__(self, *, device: str, link: HubLink, will: bytes, post: Callable[[Event], None]) -> None:
        """Prepare; nothing is sent yet.

        Args:
            device: The device id, which is the client id too.
            link: Where the broker is, and our identity.
            will: Payload for ``state`` that the broker says for us when we are gone.
            post: Called with each event, from paho's thread; must not block.
        """
        self._device = device
        self._link = link
        self._post = post
        self._is_over = threading.Event()
        self._stills: dict[str, paho.MQTTMessageInfo] = {}
        self._channels = {down(device, channel): channel for channel in DownChannel}
        self._client = self._new_client(will)

    def open(self) -> None:
        """Connect; :class:`Connected` or :class:`Lost` is posted later.

        Raises:
            ConnectionFailedError: no broker there, or no TLS with it.
            ConfigError: our own certificate cannot be used.
        """
        self._client.tls_set_context(tls_context(self._link))
        try:
            self._client.connect(
                self._link.host,
                self._link.port,
                keepalive=self._link.keepalive_s,
                # And no session that outlives the connection, nor a will that waits: the hub gives us time to
                # come back, as mosquitto can end at a reload while it remembers a client that is away.
                clean_start=True,
            )
        except (OSError, ValueError) as error:
            raise ConnectionFailedError(str(error) or type(error).__name__) from error
        self._client.loop_start()

    def publish(
        self,
        channel: UpChannel,
        payload: bytes,
        *,
        topic: str | None = None,
        correlation: bytes | None = None,
    ) -> int | None:
        """Hand a message to the broker at QoS 1; return its id, or ``None`` when there is no connection.

        Args:
            channel: What is said.
            payload: The message.
            topic: Another topic than the channel's own: where the asker wants the answer.
            correlation: What the asker recognises the answer by.
        """
        properties = _properties(PacketTypes.PUBLISH)
        if correlation is not None:
            properties.CorrelationData = correlation
        info = self._client.publish(topic or up(self._device, channel), payload, qos=1, properties=properties)
        return info.mid if info.rc == paho.MQTT_ERR_SUCCESS else None

    def publish_still(self, camera: str, jpeg: bytes, at: datetime) -> bool:
        """Hand over a picture at QoS 0, unless the last one of this camera is still queued."""
        before = self._stills.get(camera)
        if before is not None and not before.is_published():
            return False
        properties = _properties(PacketTypes.PUBLISH)
        properties.UserProperty = [("at", at.isoformat())]
        topic = up(self._device, UpChannel.STILL, camera)
        info = self._client.publish(topic, jpeg, qos=0, properties=properties)
        if info.rc != paho.MQTT_ERR_SUCCESS:
            return False
        self._stills[camera] = info
        return True

    def publish_piece(self, piece: Piece) -> int | None:
        """Hand over a piece of a clip at QoS 1; return its id, or ``None`` without connection."""
        properties = _properties(PacketTypes.PUBLISH)
        properties.UserProperty = piece.head.properties()
        topic = up(self._device, UpChannel.CLIP, piece.camera)
        info = self._client.publish(topic, piece.payload, qos=1, properties=properties)
        return info.mid if info.rc == paho.MQTT_ERR_SUCCESS else None

    def close(self) -> None:
        """End the connection, politely if the link still carries it."""
        self._client.disconnect()
        link = self._client.socket()
        if isinstance(link, socket.socket) and not self._is_over.wait(_CLOSE_TIMEOUT_S):
            try:
                link.shutdown(socket.SHUT_RDWR)
            except OSError:
                self._is_over.set()  # it is gone already, which is what was wanted
        self._client.loop_stop()

    def _new_client(self, will: bytes) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._device,
            protocol=paho.MQTTv5,
            reconnect_on_failure=False,
        )
        client.connect_timeout = _CONNECT_TIMEOUT_S
        client.max_inflight_messages_set(0)  # the schedule keeps the window, also the broker's
        client.will_set(up(self._device, UpChannel.STATE), will, qos=1)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        return client

    def _on_connect(
        self, client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._post(Lost(f"the broker refuses us: {reason}"))
            return
        client.subscribe(down_filter(self._device), qos=1)
        self._post(Connected(getattr(properties, "ReceiveMaximum", _DEFAULT_RECEIVE_MAXIMUM)))

    def _on_disconnect(
        self,
        _client: paho.Client,
        _data: Any,
        _flags: Any,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._is_over.set()
        self._post(Lost(str(reason)))

    def _on_publish(
        self, _client: paho.Client, _data: Any, message_id: int, reason: ReasonCode, _properties: Properties
    ) -> None:
        # 0x10 is "no matching subscribers": taken, and thrown away.
        is_taken = not reason.is_failure and reason.value != 0x10
        self._post(Answered(message_id, is_taken, str(reason)))

    def _on_message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        channel = self._channels.get(message.topic)
        if channel is None:
            return
        properties = message.properties
        self._post(
            Arrived(
                channel,
                bytes(message.payload),
                getattr(properties, "ResponseTopic", None),
                getattr(properties, "CorrelationData", None),
            )
        )
