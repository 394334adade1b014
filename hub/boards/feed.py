"""The live board: one thread looks at the database twice a second and tells all browsers what changed.

It runs only while somebody watches. A tile is drawn once a language, however many watch.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from hub.web.contributions.tiles import Tile
from hub.web.streams.fanout import Fanout, Listener

_logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
# Tells browsers that the board is current although nothing changed; they wait 10 s for it.
BEAT_EVERY_S = 4.0

Collect = Callable[[], Sequence[Tile]]
Draw = Callable[[Sequence[Tile], str], dict[str, str]]


class Feed:
    """Collects tiles, finds what changed and hands it to the listeners."""

    def __init__(self, *, collect: Collect, draw: Draw, now: Callable[[], datetime]) -> None:
        """Take what to call.

        Args:
            collect: Looks at the database and returns all tiles.
            draw: Returns the HTML of tiles in a language, by id.
            now: The time, for the browser's clock to be compared with.
        """
        self._collect, self._draw, self._now = collect, draw, now
        self._fanout = Fanout()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_failing = False

    def listen(self, language: str) -> Listener:
        """Start listening; the first message is the whole board."""
        listener = Listener(language)
        tiles = self._collect()
        listener.put(self._message(tiles, tiles, language))
        with self._lock:
            self._fanout.add(listener)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, args=(tuple(tiles),), name="board-feed", daemon=True
                )
                self._thread.start()
        return listener

    def leave(self, listener: Listener) -> None:
        """Stop listening; the thread ends with the last one."""
        self._fanout.remove(listener)

    def _run(self, shown: tuple[Tile, ...]) -> None:
        beat_at = time.monotonic()
        while self._has_listeners():
            time.sleep(LOOK_EVERY_S)
            tiles = self._look()
            if tiles is None:
                continue
            changed = changed_tiles(shown, tiles)
            is_beat_due = time.monotonic() - beat_at >= BEAT_EVERY_S
            if changed or len(tiles) != len(shown) or is_beat_due:
                self._tell(changed, tiles)
                beat_at = time.monotonic()
            shown = tiles

    def _has_listeners(self) -> bool:
        with self._lock:
            if len(self._fanout):
                return True
            self._thread = None
            return False

    def _look(self) -> tuple[Tile, ...] | None:
        try:
            tiles = tuple(self._collect())
        except SQLAlchemyError as error:
            if not self._is_failing:
                _logger.error("the board cannot read the database: %s", error)
            self._is_failing = True
            return None
        if self._is_failing:
            _logger.info("the board reads the database again")
        self._is_failing = False
        return tiles

    def _tell(self, changed: Sequence[Tile], tiles: Sequence[Tile]) -> None:
        for language in self._fanout.topics():
            self._fanout.send(language, self._message(changed, tiles, language))

    def _message(self, changed: Sequence[Tile], tiles: Sequence[Tile], language: str) -> str:
        drawn = self._draw(changed, language)
        body = {
            "at": self._now().isoformat(),
            "tiles": [{"id": tile.id, "section": tile.section, "html": drawn[tile.id]} for tile in changed],
            "ids": [tile.id for tile in tiles],
        }
        return f"event: board\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"


def changed_tiles(before: Sequence[Tile], after: Sequence[Tile]) -> tuple[Tile, ...]:
    """Return the tiles of ``after`` that are new or say something else than before."""
    known = {tile.id: tile for tile in before}
    return tuple(tile for tile in after if known.get(tile.id) != tile)
