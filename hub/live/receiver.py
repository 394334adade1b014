"""The web process's own connection to the broker: video and answers in, orders out, all at QoS 0 or 1.

The callback only hands over. Nothing rests on it: what is lost was live.
"""

import logging
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from edge.wire.topics import TopicError, UpChannel, parse_up, up_filter
from hub.ingest.taking.address import Address
from hub.ingest.taking.link import Publish
from hub.ingest.taking.subscriber import hand_over
from hub.live.streams import CameraKey

log = logging.getLogger(__name__)

KEEPALIVE_S = 20
RECONNECT_S = (1, 10)
CHANNELS = (UpChannel.LIVE, UpChannel.THUMB, UpChannel.REPLY)

OnPicture = Callable[[CameraKey, bytes], None]
OnReply = Callable[[str, bytes, bytes], None]


class LiveReceiver:
    """A :class:`hub.live.desk.LiveLink` over MQTT 5."""

    def __init__(
        self, address: Address, *, on_live: OnPicture, on_thumb: OnPicture, on_reply: OnReply
    ) -> None:
        """Prepare; :meth:`start` connects.

        Args:
            address: The broker, and who we are to it; its client id is our own.
            on_live: Given pieces of video.
            on_thumb: Given small pictures.
            on_reply: Given (device, correlation, payload) of answers.
        """
        self._address = address
        self._on_live = on_live
        self._on_thumb = on_thumb
        self._on_reply = on_reply
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=address.client_id, protocol=mqtt.MQTTv5
        )
        if address.tls is not None:
            self._client.tls_set_context(address.tls)
        self._client.reconnect_delay_set(*RECONNECT_S)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._arrived

    def start(self) -> None:
        """Connect in the background, for ever."""
        self._client.connect_async(
            self._address.host, self._address.port, keepalive=KEEPALIVE_S, clean_start=True
        )
        self._client.loop_start()

    def stop(self) -> None:
        """End the connection."""
        self._client.disconnect()
        self._client.loop_stop()

    def say(self, publish: Publish) -> bool:
        """See :class:`hub.live.desk.LiveLink`."""
        return hand_over(self._client, publish)

    def _connected(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        if reason.is_failure:
            log.error("broker %s:%s refuses the screens: %s", self._address.host, self._address.port, reason)
            return
        client.subscribe([(up_filter(channel), SubscribeOptions(qos=0)) for channel in CHANNELS])

    def _disconnected(self, _client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        log.warning("live video: connection to the broker ended: %s", reason)

    def _arrived(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        # An error here would end paho's thread for ever.
        try:
            topic = parse_up(message.topic)
        except (TopicError, UnicodeDecodeError):
            return
        payload = bytes(message.payload)
        if topic.channel is UpChannel.REPLY:
            correlation = getattr(message.properties, "CorrelationData", b"")
            self._on_reply(topic.device, correlation, payload)
        elif topic.source is not None:
            take = self._on_live if topic.channel is UpChannel.LIVE else self._on_thumb
            take(CameraKey(topic.device, topic.source), payload)
