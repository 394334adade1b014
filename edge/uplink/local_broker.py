"""A second, local broker that is told the newest of everything; never in the way of the hub.

Keeps only the last word on each topic, says it all again on each connection, and waits for a
broker that is away without end and without a queue.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from edge.config import EdgeConfig, HomeAssistantSettings
from edge.errors import ConfigError
from edge.home_assistant import AVAILABLE, GONE, HomeAssistant, Publication
from edge.wire.records.bodies import Body

logger = logging.getLogger(__name__)

_MAX_PAUSE_S = 120


class LocalBroker:
    """The connection; one thread of paho's own."""

    def __init__(self, settings: HomeAssistantSettings, *, client_id: str, availability_topic: str) -> None:
        """Prepare; nothing is sent yet.

        Raises:
            ConfigError: the password or the certificate cannot be read.
        """
        self._settings = settings
        self._topic = availability_topic
        self._lock = threading.Lock()
        self._latest: dict[str, bytes] = {}
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id=client_id)
        self._client.reconnect_delay_set(1, _MAX_PAUSE_S)
        self._client.will_set(availability_topic, GONE, qos=1, retain=True)
        self._client.on_connect = self._on_connect
        self._log_in()

    def start(self) -> None:
        """Begin to connect, and never give up."""
        self._client.connect_async(self._settings.host, self._settings.port)
        self._client.loop_start()

    def stop(self) -> None:
        """Say that the device is gone, and end."""
        if self._client.is_connected():
            self._client.publish(self._topic, GONE, qos=1, retain=True)
        self._client.disconnect()
        self._client.loop_stop()

    def tell(self, publication: Publication) -> None:
        """Say something, now if there is a connection, else when there is one."""
        with self._lock:
            self._latest[publication.topic] = publication.payload
        if self._client.is_connected():
            self._client.publish(publication.topic, publication.payload, retain=True)

    def _on_connect(
        self, client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        if reason.is_failure:
            logger.warning("the local broker at %s refuses us: %s", self._settings.host, reason)
            return
        logger.info("connected to the local broker at %s", self._settings.host)
        with self._lock:
            latest = list(self._latest.items())
        client.publish(self._topic, AVAILABLE, qos=1, retain=True)
        for topic, payload in latest:
            client.publish(topic, payload, retain=True)

    def _log_in(self) -> None:
        settings = self._settings
        try:
            if settings.password_file is not None:
                password = Path(settings.password_file).read_text("utf-8").strip()
                self._client.username_pw_set(settings.user, password)
            elif settings.user:
                self._client.username_pw_set(settings.user)
            if settings.ca is not None:
                self._client.tls_set(settings.ca)
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"home_assistant: password_file or ca cannot be used ({error}); write it or leave it out"
            ) from error


def tell_home(
    config: EdgeConfig, *, at_end: Callable[[Callable[[], None]], object]
) -> Callable[[Body], None] | None:
    """Connect to the local broker, if one is named, and return what is to be told each record.

    Args:
        config: Of the device.
        at_end: Takes what ends the connection, as ``ExitStack.callback`` does.

    Raises:
        ConfigError: the login cannot be read.
    """
    if not config.home_assistant.host:
        return None
    home = HomeAssistant(device=config.device, prefix=config.home_assistant.prefix, cameras=config.cameras)
    broker = LocalBroker(
        config.home_assistant,
        client_id=f"pontive-{config.device}",
        availability_topic=home.availability_topic,
    )
    for publication in home.announcements():
        broker.tell(publication)
    broker.start()
    at_end(broker.stop)

    def tell(body: Body) -> None:
        for publication in home.heard(body):
            broker.tell(publication)

    return tell
