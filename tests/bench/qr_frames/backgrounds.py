"""What stands behind a code: drawn rooms with people, noise, clutter, or frames of a video."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from qr_frames.conditions import Rng

Linear = NDArray[np.float32]


def draw_background(rng: Rng, width: int, height: int, footage: Sequence[NDArray[np.uint8]] = ()) -> Linear:
    """Return a background in 0..1 of (height, width).

    Args:
        rng: Decides everything.
        width: Pixels.
        height: Pixels.
        footage: Grey frames to cut from instead of drawing a room.
    """
    if rng.random() < 0.15:
        return _noise(rng, width, height)
    if not footage:
        return _room(rng, width, height)
    return _cut(rng, footage[int(rng.integers(len(footage)))], width, height)


def add_clutter(picture: Linear, rng: Rng, count: int) -> None:
    """Lay things that look a little like codes over a background, in place."""
    height, width = picture.shape
    for _ in range(count):
        size = int(rng.integers(6, 61))
        x, y = int(rng.integers(0, width - size)), int(rng.integers(0, height - size))
        patch = picture[y : y + size, x : x + size]
        dark, light = sorted(rng.uniform(0, 1, 2))
        _CLUTTER[int(rng.integers(len(_CLUTTER)))](patch, float(dark), float(light), rng)


def _noise(rng: Rng, width: int, height: int) -> Linear:
    picture = np.zeros((height, width), np.float32)
    for octave in (4, 8, 16, 32, 64, 128):
        grain = rng.normal(0, octave, (height // octave + 2, width // octave + 2)).astype(np.float32)
        picture += cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC)
    low, high = picture.min(), picture.max()
    return (picture - low) / (high - low)


def _room(rng: Rng, width: int, height: int) -> Linear:
    picture = np.full((height, width), rng.uniform(0.2, 0.7), np.float32)
    picture += np.linspace(-0.15, 0.15, height, dtype=np.float32)[:, None] * rng.uniform(-1, 1)
    for _ in range(int(rng.integers(8, 30))):
        x, y = int(rng.integers(-40, width)), int(rng.integers(-40, height))
        w, h = int(rng.integers(20, width // 2)), int(rng.integers(20, height // 2))
        shade = float(rng.uniform(0.02, 0.95))
        if rng.random() < 0.6:
            cv2.rectangle(picture, (x, y), (x + w, y + h), shade, -1)
        else:
            cv2.ellipse(picture, (x, y), (w // 3, h // 2), 0, 0, 360, shade, -1)
    picture = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.6, 3)))
    picture += 0.05 * (_noise(rng, width, height) - 0.5)
    return np.clip(picture, 0, 1).astype(np.float32)


def _cut(rng: Rng, frame: NDArray[np.uint8], width: int, height: int) -> Linear:
    scale = max(width / frame.shape[1], height / frame.shape[0]) * rng.uniform(1, 1.25)
    large = cv2.resize(frame, None, fx=scale, fy=scale)
    x = int(rng.integers(0, max(1, large.shape[1] - width)))
    y = int(rng.integers(0, max(1, large.shape[0] - height)))
    cut = cv2.resize(large[y : y + height, x : x + width], (width, height))
    if rng.random() < 0.5:
        cut = cut[:, ::-1]
    return ((cut / np.float32(255)) ** np.float32(2.2)).astype(np.float32)


def _nested(patch: Linear, dark: float, light: float, rng: Rng) -> None:
    size = patch.shape[0]
    for step, shade in ((0, dark), (size // 7, light), (2 * size // 7, dark)):
        patch[step : size - step, step : size - step] = shade


def _checker(patch: Linear, dark: float, light: float, rng: Rng) -> None:
    cell = int(rng.integers(2, 9))
    rows, columns = np.indices(patch.shape) // cell
    patch[:] = np.where((rows + columns) % 2, light, dark)


def _stripes(patch: Linear, dark: float, light: float, rng: Rng) -> None:
    cell = int(rng.integers(2, 9))
    lines = np.indices(patch.shape)[int(rng.integers(2))] // cell
    patch[:] = np.where(lines % 2, light, dark)


def _text(patch: Linear, dark: float, light: float, rng: Rng) -> None:
    stencil = np.zeros(patch.shape, np.uint8)
    word = "".join(rng.choice(list("PONTIAK0123"), 4))
    cv2.putText(
        stencil, word, (0, patch.shape[0] * 2 // 3), cv2.FONT_HERSHEY_SIMPLEX, patch.shape[0] / 80, 255, 1
    )
    patch[:] = light
    patch[stencil > 127] = dark


_CLUTTER = (_nested, _checker, _stripes, _text)
