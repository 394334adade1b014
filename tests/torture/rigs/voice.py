"""Somebody who speaks MQTT with a certificate of the city, right or wrong: the hub, a device, a thief."""

import threading
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from tests.mosquitto import Mosquitto

PATIENCE_S = 240.0
# Published and not answered, at most.
_WINDOW = 50


class Voice:
    """One MQTT 5 connection that remembers how it went."""

    def __init__(
        self,
        mosquitto: Mosquitto,
        name: str,
        *,
        client_id: str,
        port: int | None = None,
        on_message: Callable[[str, bytes], None] = lambda topic, payload: None,
    ) -> None:
        """Connect with the certificate of ``name``; :attr:`is_let_in` says whether that worked."""
        self._said = threading.Condition()
        self._answers: dict[int, str] = {}
        self.ended: str | None = None
        self._is_let_in: bool | None = None
        self._client = paho.Client(
            paho.CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=paho.MQTTv5,
            reconnect_on_failure=False,
        )
        self._client.tls_set_context(mosquitto.context(name))
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_publish = self._on_publish
        self._client.on_message = lambda _c, _d, message: on_message(message.topic, message.payload)
        try:
            self._client.connect("127.0.0.1", port or mosquitto.port, clean_start=True)
        except OSError as error:
            self._note_end(f"{type(error).__name__}: {error}")
        else:
            self._client.loop_start()

    @property
    def is_let_in(self) -> bool:
        """Whether the broker let it in; waits for the answer."""
        with self._said:
            self._said.wait_for(lambda: self._is_let_in is not None or self.ended, PATIENCE_S)
            return bool(self._is_let_in)

    def hear(self, topic: str) -> None:
        """Subscribe."""
        self._client.subscribe(topic, qos=1)

    def say(self, topic: str, payload: bytes, *, qos: int = 1, is_retained: bool = False) -> str | None:
        """Publish; return the broker's answer in words, ``None`` when there was none."""
        properties = Properties(PacketTypes.PUBLISH)
        info = self._client.publish(topic, payload, qos=qos, retain=is_retained, properties=properties)
        if qos == 0:
            return None
        with self._said:
            self._said.wait_for(lambda: info.mid in self._answers or self.ended, PATIENCE_S)
            return self._answers.get(info.mid)

    def say_and_go_on(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 1 and wait for nothing but room in the window."""
        info = self._client.publish(topic, payload, qos=1)
        with self._said:
            self._said.wait_for(lambda: info.mid - len(self._answers) < _WINDOW or self.ended, PATIENCE_S)

    def wait_for_end(self, seconds: float) -> str | None:
        """Wait until the connection is over; return why, ``None`` while it lives."""
        with self._said:
            self._said.wait_for(lambda: self.ended, seconds)
            return self.ended

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        with self._said:
            self._is_let_in = not reason.is_failure
            self._said.notify_all()

    def _on_disconnect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        self._note_end(str(reason))

    def _on_publish(self, _client: Any, _data: Any, message_id: int, reason: Any, _more: Any) -> None:
        with self._said:
            self._answers[message_id] = str(reason)
            self._said.notify_all()

    def _note_end(self, why: str) -> None:
        with self._said:
            self.ended = why
            self._said.notify_all()
