"""The MQTT link of ingest: the only file of the hub that imports paho.

The callback only enqueues; nothing here decodes, stores or decides. Nothing rests on what the
broker remembers: the session is clean, and what it forgets the edges send again.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from edge.wire.topics import UpChannel, up_filter
from hub.ingest.taking.address import Address
from hub.ingest.taking.link import Message, Publish, is_enough, take_batch

log = logging.getLogger(__name__)

# Unacknowledged messages the broker may have under way to us. It cannot be relied upon: mosquitto 2.0.11
# sends up to as many again for each PUBACK (measured; its issue 2301), so the queue has a bound of its own.
RECEIVE_MAXIMUM = 1_000
QUEUE_MESSAGES = 4 * RECEIVE_MAXIMUM
# A full queue stops reading from the socket, so that the broker keeps what it has; far below the keepalive,
# or the broker would take us for dead.
ROOM_WAIT_S = 5.0
# One still a camera waits, the newest; so many cameras of the city may have one waiting.
MOST_STILLS = 512
KEEPALIVE_S = 30
RECONNECT_S = (1, 30)
DO_NOT_SEND_RETAINED = 2
TAKE_OVER_S = 3.0

CHANNELS = (
    (UpChannel.RECORDS, 1),
    (UpChannel.STATE, 1),
    (UpChannel.REPLY, 1),
    (UpChannel.STILL, 0),
    (UpChannel.CLIP, 1),
)


def take_over(address: Address, client_id: str, *, timeout_s: float = TAKE_OVER_S) -> bool:
    """End the connection that a client id has at the broker, by taking its place for a moment.

    mosquitto has no other way to end one from outside. Returns whether the broker let us.
    """
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv5, reconnect_on_failure=False
    )
    if address.tls is not None:
        client.tls_set_context(address.tls)
    answered = threading.Event()
    answers: list[bool] = []

    def on_connect(_client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        answers.append(not reason.is_failure)
        answered.set()

    client.on_connect = on_connect
    client.connect_timeout = timeout_s
    try:
        client.connect(address.host, address.port, keepalive=KEEPALIVE_S, clean_start=True)
    except (OSError, ValueError) as error:
        log.warning("the connection of %s cannot be ended: %s", client_id, error)
        return False
    client.loop_start()
    answered.wait(timeout_s)
    client.disconnect()
    client.loop_stop()
    return any(answers)


class MqttLink:
    """A :class:`hub.ingest.taking.link.Link` over MQTT 5."""

    def __init__(
        self,
        address: Address,
        *,
        now_s: Callable[[], float] = time.time,
        most_waiting: int = QUEUE_MESSAGES,
        room_wait_s: float = ROOM_WAIT_S,
    ) -> None:
        """Prepare; nothing is connected before :meth:`start`.

        Args:
            address: The broker.
            now_s: Seconds since 1970.
            most_waiting: Messages the queue holds.
            room_wait_s: How long the connection is not read when it is full; then messages are refused.
        """
        self._address = address
        self._most_waiting = most_waiting
        self._room_wait_s = room_wait_s
        self._is_stalled = False
        self._now_s = now_s
        self._generation = 0
        self._inbox: deque[Message] = deque()
        self._stills: dict[str, Message] = {}
        self._arrived = threading.Condition()
        self._overflowed = 0
        self._cannot_share = False
        self._client = self._make_client()

    def _make_client(self) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._address.client_id,
            protocol=mqtt.MQTTv5,
            manual_ack=True,
        )
        if self._address.tls is not None:
            client.tls_set_context(self._address.tls)
        client.reconnect_delay_set(*RECONNECT_S)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def start(self) -> None:
        """Connect and keep connecting, in a thread of its own."""
        properties = _properties(PacketTypes.CONNECT)
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        self._client.connect_async(
            self._address.host,
            self._address.port,
            keepalive=KEEPALIVE_S,
            clean_start=True,
            properties=properties,
        )
        self._client.loop_start()

    def stop(self) -> None:
        """Disconnect and end the thread."""
        self._client.disconnect()
        self._client.loop_stop()

    def take(self, timeout_s: float) -> list[Message]:
        """See :class:`hub.ingest.taking.link.Link`."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._inbox or self._stills, timeout_s)
            taken = take_batch(self._inbox)
            taken.extend(self._stills.values())
            self._stills.clear()
            self._is_stalled = False
            self._arrived.notify_all()
            return taken

    def settle(self, messages: Sequence[Message]) -> None:
        """Send PUBACKs; those of an older connection are left out, their numbers are others now."""
        for message in messages:
            if message.ticket is not None and message.ticket[0] == self._generation:
                self._client.ack(message.ticket[1], 1)

    def say(self, publish: Publish) -> bool:
        """See :class:`hub.ingest.taking.link.Link`."""
        return hand_over(self._client, publish)

    def waiting(self) -> int:
        """See :class:`hub.ingest.taking.link.Link`."""
        return len(self._inbox)

    def is_enough(self) -> bool:
        """See :class:`hub.ingest.taking.link.Link`."""
        with self._arrived:
            return is_enough(self._inbox)

    def is_alive(self) -> bool:
        """Whether paho's thread runs: an error in a callback ends it while "connected" stays true.

        ``False`` too at a broker that cannot divide messages among several workers.
        """
        thread = self._client._thread
        return thread is not None and thread.is_alive() and not self._cannot_share

    # --- in paho's thread ------------------------------------------------------------------------

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, more: Any) -> None:
        self._generation += 1
        if reason.is_failure:
            log.error("broker %s:%s refuses us: %s", self._address.host, self._address.port, reason)
            return
        if self._address.share_prefix and getattr(more, "SharedSubscriptionAvailable", 1) == 0:
            self._cannot_share = True
            log.error("this broker knows no shared subscriptions ($share): set [ingest] workers = 1")
            return
        log.info("connected to broker %s:%s", self._address.host, self._address.port)
        client.subscribe(
            [
                (
                    self._address.share_prefix + up_filter(channel),
                    SubscribeOptions(qos=qos, retainHandling=DO_NOT_SEND_RETAINED),
                )
                for channel, qos in CHANNELS
            ]
        )

    def _on_disconnect(self, _client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        log.warning("connection to the broker ended: %s", reason)

    def _on_message(self, client: mqtt.Client, _data: Any, arrived: mqtt.MQTTMessage) -> None:
        message = self._message_of(arrived)
        with self._arrived:
            if arrived.qos == 0:
                self._keep_still(message)
            elif self._has_room():
                self._inbox.append(message)
            else:
                self._refuse(client, arrived)
            self._arrived.notify_all()

    def _has_room(self) -> bool:
        def is_free() -> bool:
            return len(self._inbox) < self._most_waiting

        # Once it waited in vain the writer is stuck, and each further wait would cost the connection.
        if not is_free() and not self._is_stalled:
            self._is_stalled = not self._arrived.wait_for(is_free, self._room_wait_s)
        return is_free()

    def _keep_still(self, message: Message) -> None:
        # The newest wins: a hub that lags shows a later picture, not a longer queue.
        if message.topic in self._stills or len(self._stills) < MOST_STILLS:
            self._stills[message.topic] = message

    def _refuse(self, client: mqtt.Client, arrived: mqtt.MQTTMessage) -> None:
        # PUBACK frees the broker's window only; unacknowledged by the hub, the edge sends it again.
        self._overflowed += 1
        if self._overflowed == 1:
            log.error("the queue of ingest is full (%s messages); edges will send again", self._most_waiting)
        client.ack(arrived.mid, 1)

    def _message_of(self, arrived: mqtt.MQTTMessage) -> Message:
        properties = arrived.properties
        return Message(
            topic=_topic_of(arrived),
            payload=bytes(arrived.payload),
            received_at_s=self._now_s(),
            is_retained=arrived.retain,
            ticket=(self._generation, arrived.mid) if arrived.qos else None,
            said_at=_user_property(properties, "at"),
            correlation=getattr(properties, "CorrelationData", b""),
            labels=tuple(getattr(properties, "UserProperty", ())),
        )


def hand_over(client: mqtt.Client, publish: Publish) -> bool:
    """Give a message to the broker; ``False`` when there is no connection, or paho does not take it."""
    if not client.is_connected():
        return False
    properties = _properties(PacketTypes.PUBLISH)
    if publish.expiry_s:
        properties.MessageExpiryInterval = publish.expiry_s
    if publish.response_topic:
        properties.ResponseTopic = publish.response_topic
    if publish.correlation:
        properties.CorrelationData = publish.correlation
    sent = client.publish(publish.topic, publish.payload, qos=publish.qos, properties=properties)
    return sent.rc == mqtt.MQTT_ERR_SUCCESS


def _properties(packet_type: int) -> Properties:
    return Properties(packet_type)  # type: ignore[no-untyped-call]  # paho 2.2 leaves this one untyped


def _topic_of(arrived: mqtt.MQTTMessage) -> str:
    # An error here would end paho's thread for ever.
    try:
        return arrived.topic
    except UnicodeDecodeError:
        return ""


def _user_property(properties: Properties | None, name: str) -> str:
    pairs: list[tuple[str, str]] = getattr(properties, "UserProperty", [])
    return next((value for key, value in pairs if key == name), "")
