"""Which cameras the city has, as the live desk sees it: asked of the database now and then, not always."""

import logging
import threading
import time
from collections.abc import Callable, Collection

from sqlalchemy.exc import SQLAlchemyError

from hub.live.streams import CameraKey

logger = logging.getLogger(__name__)

REFRESH_S = 30.0


class KnownCameras:
    """The cameras of the inventory. Thread safe."""

    def __init__(
        self, read: Callable[[], Collection[CameraKey]], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Take what reads them; nothing is read yet."""
        self._read = read
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._keys: frozenset[CameraKey] = frozenset()
        self._read_at_s: float | None = None

    def __contains__(self, key: CameraKey) -> bool:
        """Tell whether the city has a camera; one that was just added may take half a minute."""
        with self._lock:
            now_s = self._monotonic()
            if self._read_at_s is None or now_s - self._read_at_s >= REFRESH_S:
                self._read_at_s = now_s
                self._refresh()
            return key in self._keys

    def _refresh(self) -> None:
        try:
            self._keys = frozenset(self._read())
        except SQLAlchemyError as error:
            # Asked from the thread of the broker's connection, which must go on.
            logger.error("the inventory cannot be read, cameras are known as they were: %s", error)

    def devices(self) -> list[str]:
        """Return the devices that have cameras, as they are in the inventory now."""
        return sorted({key.device for key in self._read()})
