"""Tells open maps that something on them changed; they fetch what it is, within their own reach.

One thread for all maps, and only while one is open.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

from hub.maps.layers import MapLayer
from hub.web.streams.fanout import Fanout, Listener

_logger = logging.getLogger(__name__)

EVERY_S = 1.0
_TOPIC = "map"


class MapFeed:
    """Looks at all layers once a second and says when they differ from before."""

    def __init__(self, collect: Callable[[], Sequence[MapLayer]], *, every_s: float = EVERY_S) -> None:
        """Take what looks at the database, and how often it is called."""
        self._collect, self._every_s = collect, every_s
        self._fanout = Fanout()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._shown: Sequence[MapLayer] | None = None
        self._version = 0

    def listen(self) -> Listener:
        """Let a map listen; the first message comes within a second."""
        listener = Listener(_TOPIC)
        with self._lock:
            self._fanout.add(listener)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="map-feed", daemon=True)
                self._thread.start()
        return listener

    def leave(self, listener: Listener) -> None:
        """Stop listening; the thread ends with the last one."""
        self._fanout.remove(listener)

    def turn(self) -> str:
        """Look once; return the message for all maps. Its version grows with every change."""
        try:
            layers = self._collect()
        except SQLAlchemyError as error:
            _logger.error("the map cannot read the database, its states grow old: %s", error)
            return ": basis data tidak menjawab\n\n"
        if layers != self._shown:
            self._version += 1
        self._shown = layers
        return f"event: map\ndata: {json.dumps({'version': self._version})}\n\n"

    def _run(self) -> None:
        while self._has_listeners():
            try:
                self._fanout.send(_TOPIC, self.turn())
            except Exception:  # the outermost loop of this thread: maps must not stand still silently
                _logger.exception("the map stumbled and goes on")
            time.sleep(self._every_s)

    def _has_listeners(self) -> bool:
        with self._lock:
            if len(self._fanout):
                return True
            self._thread = None
            return False
