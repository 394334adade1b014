"""Tells open pages that alarms changed; each then asks for what its viewer may see.

One thread looks at the database, and only while somebody listens.
"""

import json
import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from hub.web.streams.fanout import Fanout, Listener

_logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
# Tells pages that the list is current although nothing changed; they wait 10 s for it.
BEAT_EVERY_S = 4.0
_TOPIC = "alarms"


class AlarmFeed:
    """Looks at the version of all alarms and hands it to the listeners when it changed."""

    def __init__(
        self,
        *,
        version: Callable[[], str],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take what to call; ``version`` changes whenever a list of alarms may."""
        self._version, self._monotonic, self._sleep = version, monotonic, sleep
        self._fanout = Fanout()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def listen(self) -> Listener:
        """Start listening; the first message is the version now."""
        listener = Listener(_TOPIC)
        now = self._version()
        listener.put(message_of(now))
        with self._lock:
            self._fanout.add(listener)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, args=(now,), name="alarm-feed", daemon=True)
                self._thread.start()
        return listener

    def leave(self, listener: Listener) -> None:
        """Stop listening; the thread ends with the last one."""
        self._fanout.remove(listener)

    def _run(self, said: str) -> None:
        told_s = self._monotonic()
        while self._has_listeners():
            self._sleep(LOOK_EVERY_S)
            now = self._look() or said
            if now != said or self._monotonic() - told_s >= BEAT_EVERY_S:
                self._fanout.send(_TOPIC, message_of(now))
                said, told_s = now, self._monotonic()

    def _look(self) -> str | None:
        try:
            return self._version()
        except SQLAlchemyError as error:
            _logger.error("the alarms cannot be read: %s", error)
            return None

    def _has_listeners(self) -> bool:
        with self._lock:
            if len(self._fanout):
                return True
            self._thread = None
            return False


def message_of(version: str) -> str:
    """Return the event that tells a version."""
    return f"event: alarm\ndata: {json.dumps({'version': version})}\n\n"
