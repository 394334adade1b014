"""What kinds of things a picture shows, by a model the site brings itself. Must not count crossings.

Output shapes of the YOLO family: (1, 4+C, N) of version 8 and later, (1, N, 5+C) of version 5, with
C labels and N candidates; boxes as centre and size in pixels of the model's input.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge import opencv
from edge.errors import EdgeError
from edge.vision.objects.onnx_shape import input_shape

Bgr = opencv.Picture
Rows = NDArray[np.float32]

# Models leave their size open, or are exported for this one. Source: Ultralytics export defaults, 2024.
DEFAULT_SIDE_PX = 640
MOST_SIDE_PX = 2048
OVERLAP = 0.45
# What lies round a picture that is less square than the model: the grey that models are trained with.
_PADDING = 114
_MOST_CANDIDATES = 1_000
_MOST_MODEL_BYTES = 512 * 1024 * 1024


class DetectorError(EdgeError):
    """A model cannot be used; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing: its label, how sure, and its box (centre and size) as fractions of the picture."""

    label: str
    score: float
    x: float
    y: float
    width: float
    height: float


class Detector:
    """Finds things in pictures.

    Args:
        model: an ONNX file.
        labels: of the model's classes, in order.
        least_score: below it nothing was found.

    Raises:
        DetectorError: the file is missing, corrupt, or no detector with these labels.
    """

    def __init__(self, model: Path, labels: Sequence[str], *, least_score: float) -> None:
        self._name = str(model)
        self._labels = tuple(labels)
        self._least_score = least_score
        content = _read(model)
        try:
            self.size = _size_of(input_shape(content))
            self._network = opencv.Network(content)
        except ValueError as error:
            raise self._unusable(str(error)) from error
        # A model of another kind is told now, not at the first look.
        self.find(np.full((self.size[1], self.size[0], 3), _PADDING, np.uint8))

    def find(self, picture: Bgr) -> tuple[Found, ...]:
        """Return what is in a picture, (H, W, 3) uint8 BGR.

        Raises:
            DetectorError: the model gives something else than boxes.
        """
        canvas, scale, left, top = letterboxed(picture, *self.size)
        try:
            rows = self._rows(self._network.run(canvas))
        except ValueError as error:
            raise self._unusable(str(error)) from error
        height, width = picture.shape[:2]
        return tuple(
            Found(
                label=self._labels[kind],
                score=score,
                x=(x - left) / scale / width,
                y=(y - top) / scale / height,
                width=across / scale / width,
                height=down / scale / height,
            )
            for kind, score, (x, y, across, down) in self._best(rows)
        )

    def _rows(self, output: Rows) -> Rows:
        """Return one row a candidate: box, then a score for each label."""
        shape, labels = output.shape, len(self._labels)
        if len(shape) == 3 and shape[0] == 1:
            if shape[1] == 4 + labels:
                turned: Rows = output[0].T
                return turned
            if shape[2] == 5 + labels:
                rows: Rows = output[0]
                # The fifth number says that there is anything at all.
                return np.concatenate((rows[:, :4], rows[:, 4:5] * rows[:, 5:]), axis=1)
        raise ValueError(
            f"it gives {tuple(shape)}; with {labels} labels (1, {4 + labels}, N) or (1, N, {5 + labels})"
            " is expected: do the labels fit the model?"
        )

    def _best(self, rows: Rows) -> list[tuple[int, float, tuple[float, ...]]]:
        rows = rows[np.isfinite(rows).all(axis=1)]
        scores = rows[:, 4:].max(axis=1, initial=0.0)
        chosen = np.argsort(-scores)[:_MOST_CANDIDATES]
        chosen = chosen[scores[chosen] >= self._least_score]
        kinds = rows[chosen, 4:].argmax(axis=1) if len(chosen) else np.zeros(0, int)
        found: list[tuple[int, float, tuple[float, ...]]] = []
        for kind in sorted(set(kinds.tolist())):
            same = chosen[kinds == kind]
            boxes = [(x - w / 2, y - h / 2, w, h) for x, y, w, h in rows[same, :4].tolist()]
            kept = opencv.without_doubles(
                boxes, scores[same].tolist(), least_score=self._least_score, overlap=OVERLAP
            )
            found += [(kind, float(scores[same[i]]), tuple(rows[same[i], :4].tolist())) for i in kept]
        return found

    def _unusable(self, why: str) -> DetectorError:
        return DetectorError(f"detector model {self._name} cannot be used: {why}"[:500])


def letterboxed(picture: Bgr, width_px: int, height_px: int) -> tuple[Bgr, float, int, int]:
    """Return ``picture`` whole within a canvas of another size, with its scale, left and top edge there."""
    height, width = picture.shape[:2]
    scale = min(width_px / width, height_px / height)
    small_width, small_height = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (width_px - small_width) // 2, (height_px - small_height) // 2
    canvas = np.full((height_px, width_px, 3), _PADDING, np.uint8)
    canvas[top : top + small_height, left : left + small_width] = opencv.resize(
        picture, small_width, small_height
    )
    return canvas, scale, left, top


def _read(model: Path) -> bytes:
    try:
        if model.stat().st_size > _MOST_MODEL_BYTES:
            raise DetectorError(f"detector model {model} is larger than {_MOST_MODEL_BYTES >> 20} MiB")
        return model.read_bytes()
    except OSError as error:
        raise DetectorError(
            f"detector model {model} cannot be read: {error.strerror}; copy the ONNX file there"
        ) from error


def _size_of(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return width and height of the pictures a model wants."""
    if len(shape) != 4 or shape[1] not in (0, 3):
        raise ValueError(f"its input is {shape}, no colour picture (1, 3, height, width)")
    height, width = (side or DEFAULT_SIDE_PX for side in shape[2:])
    if not (8 <= width <= MOST_SIDE_PX and 8 <= height <= MOST_SIDE_PX):
        raise ValueError(f"it wants pictures of {width} x {height}; at most {MOST_SIDE_PX} px are usable")
    return width, height
