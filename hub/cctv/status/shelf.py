"""The cache of the list: the newest look at all cameras, and pages made of it, packed to be sent.

Two layers, both in the memory of one web process. The look: at most one read of the database in
``LOOK_EVERY_S``, whoever asks, with a version that changes only when something that is shown
changed. The pages: bytes and their gzip by viewer and filter, kept as long as the version is the
same; an answer from here costs no template, no row and no compression.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from hub.cctv.status.listing import Row

LOOK_EVERY_S = 0.4
MAX_PAGES = 256
# A version holds every look; ages count on by themselves in the browser, so pages do not grow old.
_GZIP_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Look:
    """All rows at one moment."""

    version: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page, plain and packed; ``etag`` without quotes."""

    etag: str
    plain: bytes
    packed: bytes


class StatusShelf:
    """One a web process; any thread may ask."""

    def __init__(
        self,
        *,
        collect: Callable[[], tuple[Row, ...]],
        monotonic_s: Callable[[], float] = time.monotonic,
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        """Take what reads the rows; nothing is read yet."""
        self._collect = collect
        self._monotonic_s = monotonic_s
        self.every_s = every_s
        self._looking = threading.Lock()
        self._turning = threading.Lock()
        self._look: Look | None = None
        self._looked_at_s = float("-inf")
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()

    def look(self) -> Look:
        """Return the newest look; while one thread looks anew the others have the last one."""
        known = self._look
        if known is not None and self._monotonic_s() - self._looked_at_s < self.every_s:
            return known
        if known is not None and self._looking.locked():
            return known
        with self._looking:
            if self._look is None or self._monotonic_s() - self._looked_at_s >= self.every_s:
                self._take()
            assert self._look is not None, "taken just now"
            return self._look

    def _take(self) -> None:
        rows = self._collect()
        self._looked_at_s = self._monotonic_s()
        if self._look is not None and self._look.rows == rows:
            return
        version = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
        self._look = Look(version, rows)
        with self._turning:
            self._pages.clear()

    def page(self, key: Hashable, look: Look, render: Callable[[], str]) -> Page:
        """Return the page of a look, rendered when nobody asked for it before.

        Args:
            key: Everything besides the look that the page depends on.
            look: What it shows.
            render: Makes it.
        """
        whole = (key, look.version)
        with self._turning:
            found = self._pages.get(whole)
            if found is not None:
                self._pages.move_to_end(whole)
                return found
        plain = render().encode()
        etag = hashlib.sha256(plain).hexdigest()[:24]
        page = Page(etag, plain, gzip.compress(plain, _GZIP_LEVEL, mtime=0))
        with self._turning:
            if self._look is look:
                self._pages[whole] = page
            while len(self._pages) > MAX_PAGES:
                self._pages.popitem(last=False)
        return page
