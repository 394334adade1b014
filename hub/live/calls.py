"""An order to a device whose answer is waited for: past the database, for what a hand is on.

A lost order is lost: whoever holds the key sends the next one. Must not know MQTT.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from edge.wire.messages import Command, DecodeError, Reply, decode_reply, encode
from edge.wire.topics import DownChannel, UpChannel, down, up
from hub.ingest.saying.commands import LIVE_CORRELATION
from hub.ingest.taking.link import Publish

_EXPIRY_S = 5


@dataclass(slots=True)
class _Call:
    device: str
    done: threading.Event = field(default_factory=threading.Event)
    reply: Reply | None = None


class Calls:
    """Orders under way. Thread safe."""

    def __init__(self, say: Callable[[Publish], bool]) -> None:
        """Take what publishes; it returns ``False`` without a connection."""
        self._say = say
        self._lock = threading.Lock()
        self._calls: dict[bytes, _Call] = {}

    def ask(self, device: str, command: Command, *, timeout_s: float) -> Reply | None:
        """Give an order and wait for the answer; None when none came in time, or there is no link."""
        correlation = LIVE_CORRELATION + uuid4().hex.encode("ascii")
        call = _Call(device)
        with self._lock:
            self._calls[correlation] = call
        try:
            if self._say(_publish(device, command, correlation)):
                call.done.wait(timeout_s)
        finally:
            with self._lock:
                del self._calls[correlation]
        return call.reply

    def tell(self, device: str, command: Command) -> bool:
        """Give an order without waiting for an answer; ``False`` without a connection."""
        return self._say(_publish(device, command, b""))

    def answered(self, device: str, correlation: bytes, payload: bytes) -> None:
        """Take an answer of a device; what we did not ask, or not this device, is not ours."""
        with self._lock:
            call = self._calls.get(correlation)
        if call is None or call.device != device:
            return
        try:
            call.reply = decode_reply(payload)
        except DecodeError:
            return
        call.done.set()


def _publish(device: str, command: Command, correlation: bytes) -> Publish:
    return Publish(
        topic=down(device, DownChannel.CMD),
        payload=encode(command),
        qos=1 if correlation else 0,
        expiry_s=_EXPIRY_S,
        response_topic=up(device, UpChannel.REPLY) if correlation else "",
        correlation=correlation,
    )
