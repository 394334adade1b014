"""What open lists are told when a camera changes: the changed rows, and the order of all.

One thread, and only while somebody watches; rows are drawn once for all who see the same.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from hub.cctv.status.listing import Filter, Row, rows_wanted
from hub.cctv.status.shelf import LOOK_EVERY_S, Look, StatusShelf
from hub.places.reach import PlaceReach
from hub.web.streams.fanout import Fanout, Listener

_logger = logging.getLogger(__name__)

# Tells lists that they are current although nothing changed.
BEAT_EVERY_S = 4.0
# So many different lists are kept whole; whoever types in the search has one of his own.
MOST_SIGHTS = 64


@dataclass(frozen=True, slots=True)
class Sight:
    """What one list shows: all who have the same are told the same."""

    language: str
    wanted: Filter
    reach: PlaceReach

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows within reach that are asked for."""
        within = [row for row in rows if self.reach.holds_camera(row.device, row.camera)]
        return rows_wanted(within, self.wanted)


# Given rows and a language, returns the HTML of each by its id; and the line above the table.
Draw = Callable[[Sequence[Row], str], dict[str, str]]
Sum = Callable[[Sequence[Row], str], str]


class StatusFeed:
    """Looks, finds what changed and hands it to the listeners."""

    def __init__(
        self,
        *,
        shelf: StatusShelf,
        draw: Draw,
        sum_up: Sum,
        now: Callable[[], datetime],
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        """Take what to ask and how to draw."""
        self._shelf, self._draw, self._sum_up, self._now = shelf, draw, sum_up, now
        self._every_s = every_s
        self._fanout = Fanout()
        self._sights: dict[str, Sight] = {}
        self._lock = threading.Lock()
        self._drawing = threading.Lock()
        self._drawn: tuple[str, dict[Sight, dict[str, object]]] = ("", {})
        self._thread: threading.Thread | None = None
        self._is_failing = False

    def listen(self, sight: Sight, version: str) -> Listener:
        """Start listening; whoever shows another version than the present is given every row."""
        topic = repr(sight)
        listener = Listener(topic)
        look = self._shelf.look()
        is_current = look.version == version
        listener.put(self._message(sight, look, look.rows) if is_current else self._whole(sight, look))
        with self._lock:
            self._sights[topic] = sight
            self._fanout.add(listener)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, args=(look,), name="status-feed", daemon=True
                )
                self._thread.start()
        return listener

    def leave(self, listener: Listener) -> None:
        """Stop listening; the thread ends with the last one."""
        with self._lock:
            self._fanout.remove(listener)
            topics = self._fanout.topics()
            self._sights = {topic: sight for topic, sight in self._sights.items() if topic in topics}

    def _run(self, shown: Look) -> None:
        beat_at_s = time.monotonic()
        while self._has_listeners():
            time.sleep(self._every_s)
            look = self._try_look()
            is_due = time.monotonic() - beat_at_s >= BEAT_EVERY_S
            if look is None or (look.version == shown.version and not is_due):
                continue
            beat_at_s = time.monotonic()
            with self._lock:
                sights = dict(self._sights)
            for topic, sight in sights.items():
                self._fanout.send(topic, self._message(sight, look, shown.rows))
            shown = look

    def _has_listeners(self) -> bool:
        with self._lock:
            if len(self._fanout):
                return True
            self._thread = None
            return False

    def _try_look(self) -> Look | None:
        try:
            look = self._shelf.look()
        except SQLAlchemyError as error:
            if not self._is_failing:
                _logger.error("the list of cameras cannot be read, it grows old: %s", error)
            self._is_failing = True
            return None
        self._is_failing = False
        return look

    def _whole(self, sight: Sight, look: Look) -> str:
        """Return the message with every row, drawn once for all who come back at the same time."""
        with self._drawing:
            version, drawn = self._drawn
            if version != look.version:
                drawn = {}
                self._drawn = (look.version, drawn)
            body = drawn.get(sight) or self._rows(sight, look, ())
            if len(drawn) < MOST_SIGHTS:
                drawn[sight] = body
        return self._said(look, body)

    def _message(self, sight: Sight, look: Look, known: Sequence[Row]) -> str:
        return self._said(look, {} if known is look.rows else self._rows(sight, look, known))

    def _rows(self, sight: Sight, look: Look, known: Sequence[Row]) -> dict[str, object]:
        before = set(sight.of(known))
        rows = sight.of(look.rows)
        changed = [row for row in rows if row not in before]
        return {
            "rows": self._draw(changed, sight.language),
            "order": [row.id for row in rows],
            "sum": self._sum_up(rows, sight.language),
        }

    def _said(self, look: Look, body: dict[str, object]) -> str:
        whole = {"at": self._now().isoformat(), "version": look.version, **body}
        return f"event: status\ndata: {json.dumps(whole, ensure_ascii=False, separators=(',', ':'))}\n\n"
