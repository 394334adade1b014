"""Drawing into pictures, and pictures to JPEG."""

from collections.abc import Sequence

import cv2

from edge.opencv.arrays import Picture, Pixel, Points


def fill(picture: Picture, polygon: Points, colour: Sequence[float], *, is_smooth: bool = False) -> None:
    """Fill ``polygon`` (N, 2) int32 of pixels in ``picture`` in place."""
    cv2.fillPoly(picture, [polygon], tuple(colour), cv2.LINE_AA if is_smooth else cv2.LINE_8)


def line(picture: Picture, first: Pixel, second: Pixel, colour: Sequence[float], width_px: int = 1) -> None:
    """Draw a line in ``picture`` in place."""
    cv2.line(picture, first, second, tuple(colour), width_px, cv2.LINE_AA)


def disc(picture: Picture, centre: Pixel, radius_px: tuple[int, int], colour: Sequence[float]) -> None:
    """Draw a filled ellipse in ``picture`` in place; ``radius_px`` is (across, down)."""
    cv2.ellipse(picture, centre, radius_px, 0, 0, 360, tuple(colour), -1, cv2.LINE_AA)


def text(picture: Picture, words: str, at: Pixel, colour: Sequence[float], height_px: int) -> None:
    """Write ASCII ``words`` in ``picture`` in place, with a dark edge; ``at`` is their lower left corner."""
    scale = height_px / 22  # capitals of this face are 22 px high at scale 1
    # Not one thick stroke below a thin one: in OpenCV 5 thick letters are also wider.
    for right, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        _write(picture, words, (at[0] + right, at[1] + down), (0, 0, 0), scale)
    _write(picture, words, at, tuple(colour), scale)


def _write(picture: Picture, words: str, at: Pixel, colour: Sequence[float], scale: float) -> None:
    cv2.putText(picture, words, at, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, 1, cv2.LINE_AA)


def encode_jpeg(picture: Picture, quality: int) -> bytes:
    """Return ``picture`` as JPEG bytes of ``quality`` 1..100.

    Raises:
        ValueError: the encoder refused the picture.
    """
    is_done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not is_done:
        raise ValueError(f"cannot encode a picture of shape {picture.shape} as JPEG")
    return bytes(data)
