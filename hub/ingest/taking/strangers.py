"""Ends connections that show a device's certificate under a name that no device of ours uses.

A device has two connections, named after itself. A thief with its certificate could hold a third one
under any name, and keep it open after the revocation, mute. mosquitto lists no connections; but it says
each new one in its log, which the hub may hear. What connects while the hub is away is not heard. Must
not judge what is said on a connection; the access list does.
"""

import logging
import queue
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from edge.wire.topics import HUB_USER, LIVE_CLIENT_SUFFIX
from hub.ingest.taking.address import Address
from hub.ingest.taking.subscriber import KEEPALIVE_S, RECONNECT_S, take_over

log = logging.getLogger(__name__)

LOG_TOPIC = "$SYS/broker/log/N"
_SAID = "New client connected from "
# The broker cuts lines at a thousand letters: where a longer one seems to end says nothing.
_LONGEST_LINE = 900
# A name may hold anything, also what looks like an end; the certificate's is the last in the line.
_CONNECTED = re.compile(
    r"New client connected from \S+ as (?P<client>.*) \(p\d+, c\d+, k\d+, u'(?P<user>[^']*)'\)\.\s*\Z",
    re.DOTALL,
)
# Of a thief who connects faster than we hang up, the rest comes back anyway.
_MOST_WAITING = 100
_PATIENCE_S = 1.0


class Newcomer(NamedTuple):
    """Who connected: the name it gave itself, and that of its certificate."""

    client: str
    user: str

    @property
    def is_stranger(self) -> bool:
        """Whether a device's certificate came under a name that no device uses."""
        own = ("", HUB_USER, self.client, self.client.removesuffix(LIVE_CLIENT_SUFFIX))
        return self.user not in own


def newcomer_of(line: str) -> Newcomer | None:
    """Return who a line of the broker's log says has connected; ``None`` when it says something else."""
    found = _CONNECTED.search(line)
    return None if found is None else Newcomer(found["client"], found["user"])


@contextmanager
def ending_strangers(address: Address, worker: int) -> Iterator[None]:
    """Hang up on strangers meanwhile; in one worker of several, and where there are certificates."""
    if address.tls is None or worker != 0:
        yield
        return
    own = replace(address, client_id="hub-doorkeeper", share_prefix="")
    watch = StrangerWatch(own, end=lambda client: take_over(own, client))
    watch.start()
    try:
        yield
    finally:
        watch.stop()


class StrangerWatch:
    """Hears the broker's log on a connection of its own, so that records never wait for it."""

    def __init__(self, address: Address, *, end: Callable[[str], object]) -> None:
        """Prepare; nothing is connected before :meth:`start`.

        Args:
            address: The broker, and who we are to it.
            end: Ends the connection of a client id.
        """
        self._end = end
        self._waiting: queue.Queue[Newcomer] = queue.Queue(_MOST_WAITING)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="strangers", daemon=True)
        self._named: set[str] = set()
        self._address = address
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=address.client_id, protocol=mqtt.MQTTv5
        )
        if address.tls is not None:
            self._client.tls_set_context(address.tls)
        self._client.reconnect_delay_set(*RECONNECT_S)
        self.listening = threading.Event()
        self._client.on_connect = lambda client, *_: client.subscribe(LOG_TOPIC)
        self._client.on_subscribe = lambda *_: self.listening.set()
        self._client.on_message = self._on_message

    def start(self) -> None:
        """Connect and keep connecting."""
        self._client.connect_async(self._address.host, self._address.port, keepalive=KEEPALIVE_S)
        self._client.loop_start()
        self._thread.start()

    def stop(self) -> None:
        """Disconnect and end both threads."""
        self._is_over.set()
        self._client.disconnect()
        self._client.loop_stop()
        self._thread.join()

    def _on_message(self, _client: mqtt.Client, _data: Any, arrived: mqtt.MQTTMessage) -> None:
        line = arrived.payload.decode("utf-8", "replace")
        found = newcomer_of(line)
        if len(line) > _LONGEST_LINE and _SAID in line:
            # A name that is not known whole cannot be ended.
            log.error("an endless name connected (%.80s): restart mosquitto and look for a thief", line)
        elif found is not None and found.is_stranger and not self._waiting.full():
            self._waiting.put_nowait(found)

    def _run(self) -> None:
        while not self._is_over.is_set():
            try:
                found = self._waiting.get(timeout=_PATIENCE_S)
            except queue.Empty:
                continue
            self._end(found.client)
            if found.user not in self._named:
                self._named.add(found.user)
                log.error(
                    "%s: its certificate came under another name (%.60r), which is ended; revoke it",
                    found.user,
                    found.client,
                )
