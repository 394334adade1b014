"""One MQTT 5 connection for pictures of now, at QoS 0: beside ``connection.py`` the file with paho.

A new object for each connection. What the link has not carried yet is counted, because paho
would queue without end.
"""

import threading
from collections import deque
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.config import HubLink
from edge.uplink.connection import ConnectionFailedError, tls_context
from edge.wire.topics import LIVE_CLIENT_SUFFIX, UpChannel, up

_CONNECT_TIMEOUT_S = 5.0
# Bytes handed to paho that the link has not carried: a second of four sub-streams.
_MOST_UNSENT_BYTES = 512 * 1024
_MOST_UNSENT = 60


class ShowConnection:
    """A connection of its own; :meth:`open` once, show until :attr:`is_open` is false, :meth:`close`."""

    def __init__(self, *, device: str, link: HubLink) -> None:
        """Prepare; nothing is sent yet.

        Args:
            device: The device id.
            link: Where the broker is, and our identity.
        """
        self._device = device
        self._link = link
        self._greeted = threading.Event()
        self._refusal = ""
        self._is_open = False
        self._unsent: deque[tuple[paho.MQTTMessageInfo, int]] = deque()
        self._unsent_bytes = 0
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=device + LIVE_CLIENT_SUFFIX,
            protocol=paho.MQTTv5,
            reconnect_on_failure=False,
        )
        self._client.connect_timeout = _CONNECT_TIMEOUT_S
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect

    @property
    def is_open(self) -> bool:
        """Whether the broker let us in and has not gone."""
        return self._is_open

    def open(self) -> None:
        """Connect and wait for the broker's word.

        Raises:
            ConnectionFailedError: no broker there, no TLS with it, or it refuses us.
            ConfigError: our own certificate cannot be used.
        """
        self._client.tls_set_context(tls_context(self._link))
        try:
            self._client.connect(
                self._link.host, self._link.port, keepalive=self._link.keepalive_s, clean_start=True
            )
        except (OSError, ValueError) as error:
            raise ConnectionFailedError(str(error) or type(error).__name__) from error
        self._client.loop_start()
        if not self._greeted.wait(_CONNECT_TIMEOUT_S) or self._refusal:
            raise ConnectionFailedError(self._refusal or "the broker does not answer")

    def show(self, channel: UpChannel, camera: str, payload: bytes) -> bool:
        """Hand a picture over at QoS 0; ``False`` when the link does not carry so much, or is gone."""
        self._count_sent()
        if not self._is_open or len(self._unsent) >= _MOST_UNSENT or self._unsent_bytes > _MOST_UNSENT_BYTES:
            return False
        info = self._client.publish(up(self._device, channel, camera), payload, qos=0)
        if info.rc != paho.MQTT_ERR_SUCCESS:
            return False
        self._unsent.append((info, len(payload)))
        self._unsent_bytes += len(payload)
        return True

    def close(self) -> None:
        """Let go; what was not carried is dropped."""
        self._client.disconnect()
        self._client.loop_stop()

    def _count_sent(self) -> None:
        while self._unsent and self._unsent[0][0].is_published():
            self._unsent_bytes -= self._unsent.popleft()[1]

    def _on_connect(
        self, _client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _more: Properties | None
    ) -> None:
        if reason.is_failure:
            self._refusal = f"the broker refuses us: {reason}"
        self._is_open = not reason.is_failure
        self._greeted.set()

    def _on_disconnect(
        self, _client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _more: Properties | None
    ) -> None:
        self._is_open = False
        self._refusal = self._refusal or str(reason)
        self._greeted.set()
