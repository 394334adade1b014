"""When the optional detector looks, and what it does not cost: frames never wait for it.

It works in a thread of its own, one picture at a time. A model that takes long looks more seldom
than it was told, so that it never takes more than its share; that is told once.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from edge.cameras.port import Bgr
from edge.config import DetectorSettings, View
from edge.vision.objects.detector import Detector, DetectorError, Found
from edge.vision.objects.tally import ObjectTally
from edge.vision.stills import mask_picture
from edge.wire.records.camera_bodies import ObjectCount

logger = logging.getLogger(__name__)

# Of one core: the analysis of the camera comes first.
MOST_SHARE = 0.25


class Finder(Protocol):
    """Finds things in a picture; :class:`edge.vision.objects.detector.Detector` is one."""

    def find(self, picture: Bgr) -> Sequence[Found]:
        """Return what is in a picture, (H, W, 3) uint8 BGR; DetectorError when it cannot."""
        ...


class Detecting:
    """The detector of one camera at work.

    Args:
        settings: of the detector.
        name: of the camera, for the log.
        load: reads the model; raises DetectorError.
        monotonic: seconds.
    """

    def __init__(
        self,
        settings: DetectorSettings,
        *,
        name: str,
        load: Callable[[DetectorSettings], Finder],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._name = name
        self._load = load
        self._monotonic = monotonic
        self._finder: Finder | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=f"detector-{name}")
        self._work: Future[tuple[Sequence[Found], float]] | None = None
        self._next_s = monotonic()
        self._tally = ObjectTally()
        self._is_slow_told = False
        self.trouble = ""
        """Why there is no detector; empty while there is one."""
        self.found: Sequence[Found] = ()
        """What the newest look found."""

    def saw(self, picture: Callable[[], Bgr], view: View | None) -> None:
        """Begin a look if one is due; the picture is asked for only then.

        Args:
            picture: gives the newest frame in colour.
            view: before the camera; its masks are respected. None: it is not looked at.
        """
        self._gather()
        if self.trouble or self._work is not None or view is None or self._monotonic() < self._next_s:
            return
        self._next_s = self._monotonic() + self._settings.every_s
        masked = mask_picture(picture(), (*view.masks, *view.privacy_masks))
        self._work = self._pool.submit(self._look, masked)

    def close_period(self) -> tuple[ObjectCount, ...]:
        """Return what was found since the last call: mean and most of each label."""
        self._gather()
        return self._tally.close()

    def close(self) -> None:
        """Look no more; waits for nothing."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _look(self, picture: Bgr) -> tuple[Sequence[Found], float]:
        if self._finder is None:
            self._finder = self._load(self._settings)
        began_s = self._monotonic()
        return self._finder.find(picture), self._monotonic() - began_s

    def _gather(self) -> None:
        if self._work is None or not self._work.done():
            return
        work, self._work = self._work, None
        try:
            self.found, took_s = work.result()
        except DetectorError as error:
            self.trouble = str(error)
            logger.warning("%s: %s; the camera goes on without it", self._name, error)
            return
        self._tally.looked(each.label for each in self.found)
        self._spare(took_s)

    def _spare(self, took_s: float) -> None:
        least_s = took_s / MOST_SHARE
        if least_s <= self._settings.every_s:
            return
        self._next_s = self._monotonic() + least_s - took_s
        if not self._is_slow_told:
            self._is_slow_told = True
            logger.warning(
                "%s: a look of the detector takes %.1f s, so it looks every %.0f s instead of every %g s;"
                " take a smaller model",
                self._name, took_s, least_s, self._settings.every_s,
            )  # fmt: skip


def load_detector(settings: DetectorSettings) -> Finder:
    """Read the model of ``settings``; raises DetectorError."""
    return Detector(Path(settings.model), settings.labels, least_score=settings.least_score)


def detecting_of(settings: DetectorSettings | None, *, name: str) -> Detecting | None:
    """Return the detector of a camera; None for one without. The model is read at the first look."""
    return None if settings is None else Detecting(settings, name=name, load=load_detector)
