"""Draws what a door's camera sees: a dim hall, and in it a phone with a code.

In linear light up to the last step, as a lens and a sensor would: blur mixes light, not bytes.
"""

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from edge import opencv
from edge.hadir.phones.presenting import Light, Presentation

Luma = NDArray[np.uint8]
Linear = NDArray[np.float32]

WIDTH_PX, HEIGHT_PX = 640, 480
FOCAL_PX = 530.0
_MODULE_PX = 5
_QUIET_MODULES = 4
_LEVELS = 1_023
_GAMMA = 2.2
# Of the light in each situation: of a white and a black pixel of the phone, and of the hall.
_LEVELS_OF = {
    Light.NORMAL: (0.72, 0.04, 0.35),
    Light.BLOOM: (1.5, 0.03, 0.08),
    Light.MOIRE: (0.72, 0.04, 0.35),
    Light.GLARE: (0.66, 0.08, 0.45),
    Light.DIM: (0.16, 0.02, 0.07),
}


def draw_code(text: str) -> Luma:
    """Return a QR code at ECC M with its quiet zone, one pixel a module, 0 or 255."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = np.array(code.to_image(scale=1, add_quiet_zones=False), dtype=np.uint8)
    return np.pad(modules, _QUIET_MODULES, constant_values=255)


def draw_phone(text: str) -> tuple[Luma, float]:
    """Return a phone's face around a code, and the side of that code in pixels.

    The code with its quiet zone begins at (``MARGIN_PX``, ``TOP_PX``) of the picture.
    """
    code = np.kron(draw_code(text), np.ones((_MODULE_PX, _MODULE_PX), np.uint8))
    side = code.shape[0]
    face = np.full((side + TOP_PX + _BOTTOM_PX, side + 2 * MARGIN_PX), 235, np.uint8)
    face[: _BEZEL_PX * 3] = face[-_BEZEL_PX * 3 :] = 12
    face[:, :_BEZEL_PX] = face[:, -_BEZEL_PX:] = 12
    for line, share in enumerate((0.5, 0.8, 0.3)):
        top = TOP_PX + side + 16 + 18 * line
        face[top : top + 7, MARGIN_PX : MARGIN_PX + int(side * share)] = 90
    face[TOP_PX : TOP_PX + side, MARGIN_PX : MARGIN_PX + side] = code
    return face, float(side)


_BEZEL_PX = 8
MARGIN_PX, TOP_PX, _BOTTOM_PX = 14, 60, 110


class Hall:
    """The view of one camera; the same seed draws the same hall."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._scenery = _scenery(rng)
        self._grain = rng.normal(0, 1, (HEIGHT_PX * 2, WIDTH_PX * 2)).astype(np.float32)
        shades = np.linspace(0, 1, _LEVELS + 1) ** (1 / _GAMMA) * 255
        self._shades = np.round(shades).astype(np.uint8)

    def empty(self) -> Luma:
        """Return a frame without anybody, (480, 640) uint8."""
        return self._exposed(self._scenery * 0.35)

    def with_phone(self, face: Luma, side_px: float, person: Presentation, at_s: float) -> Luma:
        """Return a frame with a phone held up, (480, 640) uint8.

        Args:
            face: Of :func:`draw_phone`.
            side_px: The side of its code.
            person: How it is held.
            at_s: Seconds since the person came.
        """
        white, black, ambient = _LEVELS_OF[person.light]
        picture = self._scenery * ambient
        matrix = person.homography(
            at_s, side_px=side_px, focal_px=FOCAL_PX, centre_px=(WIDTH_PX / 2, HEIGHT_PX / 2)
        ) @ np.array([[1.0, 0, -MARGIN_PX], [0, 1.0, -TOP_PX], [0, 0, 1.0]])
        box = _box_of(matrix, face.shape)
        if box is not None:
            self._lay(picture, face, matrix, box, person, at_s, (white, black))
        if person.light is Light.BLOOM and box is not None:
            picture += 0.06 * white * _share(box)
        return self._exposed(picture)

    def _lay(
        self,
        picture: Linear,
        face: Luma,
        matrix: NDArray[np.float64],
        box: tuple[int, int, int, int],
        person: Presentation,
        at_s: float,
        levels: tuple[float, float],
    ) -> None:
        left, top, right, bottom = box
        shift = np.array([[1.0, 0, -left], [0, 1.0, -top], [0, 0, 1.0]])
        size = right - left, bottom - top
        seen = opencv.projected(face, shift @ matrix, *size)
        cover = opencv.projected(np.full_like(face, 255), shift @ matrix, *size)
        kernel = _kernel(person.streak_px(at_s, FOCAL_PX), person.blur_radius_px(FOCAL_PX))
        white, black = levels
        light = np.where(cover > 0, black + (white - black) * seen / np.float32(255), 0).astype(np.float32)
        light = _disturbed(light, person, size)
        if kernel is not None:
            light, cover = opencv.filtered_real(light, kernel), opencv.filtered(cover, kernel)
        share = cover / np.float32(255)
        window = picture[top:bottom, left:right]
        window[:] = window * (1 - share) + light

    def _exposed(self, picture: Linear) -> Luma:
        """Return the sensor's answer: noise, then gamma, then bytes."""
        down, right = self._rng.integers(0, (HEIGHT_PX, WIDTH_PX))
        grain = self._grain[down : down + HEIGHT_PX, right : right + WIDTH_PX]
        noisy = picture + grain * (0.004 + 0.012 * picture)
        return self._shades[np.clip(noisy * _LEVELS, 0, _LEVELS).astype(np.int16)]


def _scenery(rng: np.random.Generator) -> Linear:
    """Return a wall, a floor and a doorway in 0..1, each with its own grain."""
    rows = np.linspace(0, 1, HEIGHT_PX, dtype=np.float32)[:, None]
    scenery = np.repeat(0.55 + 0.25 * rows, WIDTH_PX, axis=1).astype(np.float32)
    scenery[int(HEIGHT_PX * 0.78) :] *= 0.6
    left = int(rng.integers(40, WIDTH_PX - 240))
    scenery[60 : int(HEIGHT_PX * 0.8), left : left + 180] *= 0.45
    blotches = rng.normal(0, 1, (HEIGHT_PX // 16, WIDTH_PX // 16)).astype(np.float32)
    texture = np.kron(blotches, np.ones((16, 16), np.float32))
    soft = opencv.filtered_real(texture, np.full((9, 9), 1 / 81, np.float32))
    lit: Linear = np.clip(scenery + np.float32(0.03) * soft, 0, 1)
    return lit


def _box_of(matrix: NDArray[np.float64], shape: tuple[int, ...]) -> tuple[int, int, int, int] | None:
    """Return left, top, right, bottom of what the face covers in the frame, if anything."""
    height, width = shape[:2]
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], float) @ matrix.T
    points = corners[:, :2] / corners[:, 2:]
    low = np.maximum(np.floor(points.min(axis=0)).astype(int) - 8, 0)
    high = np.minimum(np.ceil(points.max(axis=0)).astype(int) + 8, (WIDTH_PX, HEIGHT_PX))
    if (high - low).min() < 8:
        return None
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _share(box: tuple[int, int, int, int]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1]) / (WIDTH_PX * HEIGHT_PX)


def _disturbed(light: Linear, person: Presentation, size: tuple[int, int]) -> Linear:
    """Return the phone's light with what the situation adds to it."""
    across, down = np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32)[:, None]
    if person.light is Light.MOIRE:
        bands = 1 + 0.2 * np.sin(down * (2 * np.pi / 60) + person.tremor_phase[0])
        grating = 1 + 0.16 * np.sin((across + 0.6 * down) * (2 * np.pi / 4.7))
        shaded: Linear = (light * bands * grating).astype(np.float32)
        return shaded
    if person.light is Light.GLARE:
        spot = ((across - size[0] * 0.4) / size[0]) ** 2 + ((down - size[1] * 0.35) / size[1]) ** 2
        glaring: Linear = (light + (light > 0) * 0.8 * np.exp(-spot / 0.004)).astype(np.float32)
        return glaring
    return light


def _kernel(streak_px: tuple[float, float], radius_px: float) -> Linear | None:
    """Return the blur of motion and defocus together, or ``None`` where it is below half a pixel."""
    length = float(np.hypot(*streak_px))
    if length < 0.5 and radius_px < 0.4:
        return None
    reach = int(np.ceil(length / 2 + radius_px + 0.5))
    steps = np.linspace(-0.5, 0.5, max(2, int(length * 3) + 1), dtype=np.float32)
    grid = np.arange(-reach, reach + 1, dtype=np.float32)
    across = grid[None, None, :] - (steps * np.float32(streak_px[0]))[:, None, None]
    down = grid[None, :, None] - (steps * np.float32(streak_px[1]))[:, None, None]
    disk = np.clip(radius_px + 0.5 - np.hypot(across, down), 0, 1)
    kernel: Linear = disk.sum(axis=0, dtype=np.float32)
    kernel /= kernel.sum()
    return kernel
