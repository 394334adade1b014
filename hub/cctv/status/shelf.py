"""The cache of the list: the newest look at all cameras, and pages made of it, packed to be sent.

Two layers, both in the memory of one web process. The look: at most one read of the database in
``LOOK_EVERY_S``, whoever asks, and of all rows only when a trace of them changed; its version moves
only with something that is shown. The pages: bytes and their gzip by viewer and filter, kept as long
as the version is the same; an answer from here costs no template, no row and no compression.
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
# Silence grows without anything being written; it is looked for more seldom.
COLLECT_EVERY_S = 2.0
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
        trace: Callable[[], Hashable] | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        """Take what reads; nothing is read yet.

        Args:
            collect: Reads all rows.
            trace: Reads something small that changes whenever a row may have; none: always collect.
            monotonic_s: Seconds that never go back.
            every_s: How old a look may be; 0: every look is a new one.
        """
        self._collect = collect
        self._trace = trace
        self._traced: Hashable = None
        self._collected_at_s = float("-inf")
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
        if self._is_unchanged():
            self._looked_at_s = self._monotonic_s()
            return
        rows = self._collect()
        self._looked_at_s = self._collected_at_s = self._monotonic_s()
        if self._look is not None and self._look.rows == rows:
            return
        version = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
        self._look = Look(version, rows)
        with self._turning:
            self._pages.clear()

    def _is_unchanged(self) -> bool:
        """Return whether the rows need not be read: a tenth of the cost of reading them."""
        if self._trace is None or self.every_s == 0:
            return False
        before, self._traced = self._traced, self._trace()
        is_young = self._monotonic_s() - self._collected_at_s < COLLECT_EVERY_S
        return self._look is not None and is_young and before == self._traced

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
