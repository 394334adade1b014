"""What all walls are told once a second: which sheet is newest, how old each tile is, who is dark.

One thread, and only while a wall is open.
"""

import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from hub.cctv.wall.sheet import Sheet, SheetMaker
from hub.live.streams import CameraKey
from hub.live.thumbs import Thumbs
from hub.web.streams.fanout import Fanout, Listener

_logger = logging.getLogger(__name__)

EVERY_S = 1.0
# States come from the database; it is asked less often than pictures come.
STATES_EVERY = 2
_TOPIC = "wall"
_KEPT_SHEETS = 3
# A page of few tiles may have them larger: columns by width of a tile (px). The page knows the same.
LARGE = {320: 6, 480: 4}
MOST_LARGE = 36
_KEPT_PAGES = 6


@dataclass(frozen=True, slots=True)
class WallState:
    """One camera as the wall shows it: ``state`` and ``cause`` of :mod:`hub.cctv.rules`."""

    key: CameraKey
    state: str
    cause: str


class WallFeed:
    """Makes sheets and tells walls."""

    def __init__(
        self,
        *,
        thumbs: Thumbs,
        collect: Callable[[], Sequence[WallState]],
        want: Callable[[CameraKey, int], None] = lambda _key, _width_px: None,
        monotonic: Callable[[], float] = time.monotonic,
        every_s: float = EVERY_S,
    ) -> None:
        """Take what to call.

        Args:
            thumbs: The newest small pictures.
            collect: Returns all cameras in the order of the wall.
            want: Has a camera's pictures come larger (px) for the next seconds.
            monotonic: Seconds, of the same clock as the thumbs'.
            every_s: How often walls are told.
        """
        self._thumbs = thumbs
        self._collect = collect
        self._want = want
        self._pages: OrderedDict[tuple[int, tuple[CameraKey, ...]], SheetMaker] = OrderedDict()
        self._pages_lock = threading.Lock()
        self._monotonic = monotonic
        self._every_s = every_s
        self._maker = SheetMaker()
        self._states: tuple[WallState, ...] = ()
        self._sheets: dict[int, Sheet] = {}
        self._fanout = Fanout()
        self._lock = threading.Lock()
        self._turns = 0
        self._thread: threading.Thread | None = None

    def listen(self) -> Listener:
        """Let a wall listen; the first message comes within a second."""
        listener = Listener(_TOPIC)
        with self._lock:
            self._fanout.add(listener)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="wall-feed", daemon=True)
                self._thread.start()
        return listener

    def leave(self, listener: Listener) -> None:
        """Stop listening; the thread ends with the last one."""
        self._fanout.remove(listener)

    def sheet(self, version: int) -> Sheet | None:
        """Return one of the newest sheets."""
        return self._sheets.get(version)

    def large_sheet(self, places: Sequence[int], width_px: int) -> Sheet | None:
        """Return some tiles of the wall, larger; None: there are no such places or no such size.

        Walls that show the same page share its sheet; the whole city's sheet costs what it did.

        Args:
            places: in the order of the wall, at most :data:`MOST_LARGE`.
            width_px: of a tile, one of :data:`LARGE`.
        """
        states = self._states
        if width_px not in LARGE or not 0 < len(places) <= MOST_LARGE or max(places) >= len(states):
            return None
        keys = tuple(states[place].key for place in places)
        for key in keys:
            self._want(key, width_px)
        with self._pages_lock:
            maker = self._pages.pop((width_px, keys), None) or SheetMaker(
                columns=LARGE[width_px], tile_px=(width_px, width_px * 9 // 16)
            )
            self._pages[width_px, keys] = maker
            while len(self._pages) > _KEPT_PAGES:
                self._pages.popitem(last=False)
            return maker.make(keys, self._thumbs.look())

    def turn(self) -> str:
        """Make what walls are told now, and return it."""
        thumbs = self._thumbs.look()
        if self._turns % STATES_EVERY == 0 or not self._states:
            self._look()
        self._turns += 1
        sheet = self._maker.make([state.key for state in self._states], thumbs)
        self._sheets[sheet.version] = sheet
        for old in sorted(self._sheets)[:-_KEPT_SHEETS]:
            del self._sheets[old]
        return self._message(sheet)

    def _look(self) -> None:
        try:
            self._states = tuple(self._collect())
        except SQLAlchemyError as error:
            _logger.error("the wall cannot read the database, its states grow old: %s", error)

    def _message(self, sheet: Sheet) -> str:
        now_s = self._monotonic()
        body = {
            "sheet": sheet.version,
            "rows": sheet.rows,
            "tiles": [
                [
                    f"{state.key.device}/{state.key.camera}",
                    state.state,
                    state.cause,
                    None if came_s is None else round(now_s - came_s, 1),
                ]
                for state, came_s in zip(self._states, sheet.came_s, strict=True)
            ],
        }
        return f"event: wall\ndata: {json.dumps(body, separators=(',', ':'))}\n\n"

    def _run(self) -> None:
        while self._has_listeners():
            began_s = self._monotonic()
            try:
                self._fanout.send(_TOPIC, self.turn())
            except Exception:  # the outermost loop of this thread: walls must not go dark silently
                _logger.exception("the wall stumbled and goes on")
            time.sleep(max(0.05, self._every_s - (self._monotonic() - began_s)))

    def _has_listeners(self) -> bool:
        with self._lock:
            if len(self._fanout):
                return True
            self._thread = None
            return False
