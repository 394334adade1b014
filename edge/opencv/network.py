"""Networks from files, by OpenCV's dnn module."""

from collections.abc import Sequence

import cv2
import numpy as np

from edge.opencv.arrays import Picture, Real, as_reals


class Network:
    """A neural network read from an ONNX file.

    Raises:
        ValueError: the file is no network that this OpenCV can read.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._net = cv2.dnn.readNetFromONNX(np.frombuffer(content, np.uint8))
        except cv2.error as error:
            raise ValueError(_first_line(error)) from error
        if self._net.empty():
            raise ValueError("it holds no network")

    def run(self, picture: Picture) -> Real:
        """Return the first output for a BGR picture of exactly the network's size, given as RGB 0..1.

        Raises:
            ValueError: the network cannot work on it.
        """
        blob = cv2.dnn.blobFromImage(picture, 1 / 255, swapRB=True, crop=False)
        try:
            self._net.setInput(blob)
            return as_reals(self._net.forward())
        except cv2.error as error:
            raise ValueError(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def without_doubles(
    boxes: Sequence[Sequence[float]], scores: Sequence[float], *, least_score: float, overlap: float
) -> list[int]:
    """Return the places of the boxes (left, top, width, height) that no better box covers by ``overlap``."""
    kept = cv2.dnn.NMSBoxes(
        [tuple(map(float, box)) for box in boxes], [float(score) for score in scores], least_score, overlap
    )
    return [int(place) for place in np.asarray(kept).reshape(-1)]
