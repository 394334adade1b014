"""The ways a frame is looked at by zxing-cpp, QR symbols only, cheapest gain first. Pure.

Which of them run on a frame is for :mod:`edge.hadir.reading.decode` to decide. Rates and costs of each
were measured on drawn frames; ``./pontive bench qr`` measures them again.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from edge import opencv

Luma = NDArray[np.uint8]

# Our longest code is the seal of a letter (320 characters); longer ones are not worth a thought.
MAX_TEXT_BYTES = 512
# Not the whole family: a Micro QR code has one finder and as little as 5 bits of check, so that a
# corner of a large blurred code was now and then "read" as a number that nobody wrote.
_SYMBOL = zxingcpp.BarcodeFormat.QRCodeModel2
# A code that touches the edge of the frame is read when it gets a quiet zone (26 -> 60 %).
BORDER_PX = 24


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look found: texts, and the side of a code that is there but unreadable.

    ``unreadable_share`` is that side as a share of the frame's height, or ``None``. ``has_oversized``:
    a code was read whose text is too long, or empty, to be one of ours.
    """

    texts: tuple[str, ...]
    unreadable_share: float | None = None
    has_oversized: bool = False


@dataclass(frozen=True, slots=True)
class Pass:
    """One way to look. ``is_thorough`` tries rotated, shrunken and inverted codes too."""

    name: str
    prepare: Callable[[Luma], Luma]
    is_thorough: bool = False
    is_global: bool = False


def look(how: Pass, luma: Luma, *, with_unreadable: bool = False) -> Sight:
    """Look at a frame in one way.

    Args:
        how: One of this module's passes.
        luma: (H, W) uint8.
        with_unreadable: Also say whether a code was found that could not be read.
    """
    found = zxingcpp.read_barcodes(
        how.prepare(luma),
        formats=zxingcpp.BarcodeFormats(_SYMBOL),
        try_rotate=how.is_thorough,
        try_downscale=how.is_thorough,
        try_invert=how.is_thorough,
        binarizer=zxingcpp.Binarizer.GlobalHistogram if how.is_global else zxingcpp.Binarizer.LocalAverage,
        return_errors=with_unreadable,
    )
    read = tuple(dict.fromkeys(code.text for code in found if code.valid))
    texts = tuple(text for text in read if is_worth_reading(text))
    sides = [_side_px(code.position) / luma.shape[0] for code in found if not code.valid]
    return Sight(texts, max(sides, default=None), has_oversized=len(texts) < len(read))


def is_worth_reading(text: str) -> bool:
    """Tell whether a text may go on to the door."""
    return 0 < len(text) <= MAX_TEXT_BYTES and len(text.encode("utf-8", "replace")) <= MAX_TEXT_BYTES


def _side_px(position: zxingcpp.Position) -> float:
    across = position.top_right.x - position.top_left.x, position.top_right.y - position.top_left.y
    return float(np.hypot(*across))


def _bordered(luma: Luma) -> Luma:
    return opencv.with_border(luma, BORDER_PX, 255)


def _as_it_is(luma: Luma) -> Luma:
    return np.ascontiguousarray(luma)


FIRST = Pass("first", _bordered, is_thorough=True)
RETRIES = (
    Pass("global", _as_it_is, is_global=True),
    Pass("soft", lambda luma: opencv.softened(luma, 3)),
    Pass("adaptive", lambda luma: opencv.locally_above(luma, 31, 5)),
    Pass("larger", lambda luma: opencv.enlarged(luma, 1.5)),
)
# What the second opinion is shown in turn: it has other weaknesses than the first decoder.
SECOND_LOOKS: tuple[Callable[[Luma], Luma], ...] = (
    _as_it_is,
    lambda luma: opencv.locally_above(opencv.softened(luma, 3), 31, 5),
    lambda luma: opencv.softened(luma, 5),
)
