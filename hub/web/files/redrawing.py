"""Has a photo from outside drawn anew by a process of its own, and waits for it.

The one place where uploads are decoded; nothing in this process ever unpacks what a stranger sent.
"""

import logging
import subprocess
import sys
import threading
from dataclasses import dataclass

from hub.web.files.redraw import LARGE, OK, PhotoWish

log = logging.getLogger(__name__)

# Two at a time, however many requests there are: what is unpacked lies in memory.
_AT_ONCE = threading.BoundedSemaphore(2)
# The process ends itself by its own limit of computing; this is for a machine that stands still.
_PATIENCE_S = 120


class PhotoTooLarge(Exception):  # noqa: N818 (what it is, not an error of ours)
    """It has more pixels than are unpacked."""


class PhotoDamaged(Exception):  # noqa: N818 (what it is, not an error of ours)
    """It is no photo, cut off, or its decoder was ended."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A JPEG with nothing but its picture."""

    jpeg: bytes
    width_px: int
    height_px: int


def redrawn(content: bytes, wish: PhotoWish) -> Redrawn:
    """Return what a photo shows, upright, as a JPEG.

    Args:
        content: JPEG, PNG or WebP, as it came.
        wish: How it is to be.

    Raises:
        PhotoTooLarge: too many pixels.
        PhotoDamaged: anything else.
    """
    command = [sys.executable, "-I", "-m", "hub.web.files.redraw", *(str(number) for number in wish)]
    with _AT_ONCE:
        try:
            done = subprocess.run(
                command, input=content, capture_output=True, timeout=_PATIENCE_S, check=False, env={}
            )
        except subprocess.TimeoutExpired as error:
            raise PhotoDamaged from error
    head, _end, jpeg = done.stdout.partition(b"\n")
    word, *sizes = head.decode("ascii", "replace").split()[:3] or [""]
    if word == LARGE:
        raise PhotoTooLarge
    if word != OK or done.returncode != 0:
        if done.returncode != 0:
            log.warning("a photo ended its decoder with %s", done.returncode)
        raise PhotoDamaged
    return Redrawn(jpeg, int(sizes[0]), int(sizes[1]))
