"""Known clips made unlike themselves: cheap stand-ins for cameras nobody has seen. Must not count.

Each variant changes the picture, the pace or the light of a clip, and its truth along with it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from _crossings import TrueEvent, TrueLine
from numpy.typing import NDArray

from edge import opencv

Luma = NDArray[np.uint8]
Point = tuple[float, float]

_SIDEWAYS = {"left": "right", "right": "left"}
_UPRIGHT = {"up": "down", "down": "up"}
# Turned by a quarter: x and y change places.
_TURNED = {"up": "left", "left": "up", "down": "right", "right": "down"}
# Analysis shrinks anyway; what is held for a clip played backwards need not be larger.
_HELD_WIDTH_PX = 320
_NOISE_LEVELS, _JITTER_PX, _FAR_SHARE = 5.0, 2.0, 0.45
_JPEG_QUALITY = 18


@dataclass(frozen=True)
class Variant:
    """One way to change a clip.

    ``picture`` gets each luma and its number, ``place`` each point of a line as fractions;
    ``turns`` renames directions; ``every`` n-th frame is kept; ``haste`` multiplies the nominal rate.
    """

    name: str
    picture: Callable[[Luma, int], Luma] = lambda luma, _: luma
    place: Callable[[Point], Point] = lambda point: point
    turns: dict[str, str] = field(default_factory=dict)
    every: int = 1
    haste: float = 1.0
    is_backwards: bool = False

    def truth(self, lines: Iterable[TrueLine], frames: int) -> list[TrueLine]:
        """Return the truth of the changed clip; ``frames`` is the length of the clip itself."""
        return [self._line(true, frames) for true in lines]

    def _line(self, true: TrueLine, frames: int) -> TrueLine:
        first, second = true.line.points
        line = replace_points(true, (self.place(first), self.place(second)))
        events = tuple(self._event(event, frames) for event in true.events)
        return TrueLine(line.line, events, {self._turned(k): v for k, v in true.totals.items()})

    def _event(self, event: TrueEvent, frames: int) -> TrueEvent:
        first, last = event.first, event.last
        if self.is_backwards:
            first, last = frames - 1 - last, frames - 1 - first
        return TrueEvent(
            first // self.every, last // self.every, self._turned(event.direction), event.is_optional
        )

    def _turned(self, direction: str) -> str:
        direction = self.turns.get(direction, direction)
        return {**_SIDEWAYS, **_UPRIGHT}[direction] if self.is_backwards else direction

    def frames(self, clip: Iterable[tuple[Luma, float]]) -> Iterator[tuple[Luma, float]]:
        """Yield (luma, seconds) of the changed clip."""
        kept = ((luma, pts_s) for number, (luma, pts_s) in enumerate(clip) if number % self.every == 0)
        for number, (luma, pts_s) in enumerate(_reversed(kept) if self.is_backwards else kept):
            yield self.picture(luma, number), pts_s / self.haste


def replace_points(true: TrueLine, points: tuple[Point, Point]) -> TrueLine:
    """Return ``true`` with its line elsewhere."""
    return TrueLine(type(true.line)(id=true.line.id, points=points), true.events, true.totals)


def _reversed(clip: Iterable[tuple[Luma, float]]) -> Iterator[tuple[Luma, float]]:
    held = [(opencv.shrink_by(luma, max(1, luma.shape[1] // _HELD_WIDTH_PX)).copy(), s) for luma, s in clip]
    for (luma, _), (_, pts_s) in zip(reversed(held), held, strict=True):
        yield luma, pts_s


def _to_width(width_px: int) -> Callable[[Luma, int], Luma]:
    return lambda luma, _: opencv.resize(luma, width_px, round(width_px * luma.shape[0] / luma.shape[1]))


def _noisy(luma: Luma, number: int) -> Luma:
    random = np.random.default_rng(number)
    tile = random.normal(0, _NOISE_LEVELS, (luma.shape[0], luma.shape[1]))
    return np.clip(luma + tile, 0, 255).astype(np.uint8)


def _shaken(luma: Luma, number: int) -> Luma:
    """Push a picture as a mast in the wind does: two slow swings and a tremble."""
    tremble = np.random.default_rng(number).normal(0, 0.3, 2)
    right = _JITTER_PX * np.sin(1.3 * number) + tremble[0]
    return opencv.shift(luma, float(right), float(0.7 * _JITTER_PX * np.sin(0.9 * number + 1) + tremble[1]))


def _ramped(luma: Luma, number: int) -> Luma:
    """Let a cloud pass every twelve seconds or so: a third of the light goes and comes back."""
    return opencv.scale_values(luma, 1.0 - 0.17 * (1 - float(np.cos(number / 20))))


def _recompressed(luma: Luma, _: int) -> Luma:
    """Squeeze a picture into as few bytes as a poor camera does: blocks, and rings around edges."""
    jpeg = cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1]
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE), np.uint8)


def _far(luma: Luma, number: int) -> Luma:
    """Put the clip into the middle of a wider street: everything in it is small."""
    height, width = luma.shape
    around = np.random.default_rng(7).normal(float(luma.mean()), 8, (height, width))
    whole: Luma = np.clip(around, 0, 255).astype(np.uint8)
    small = opencv.resize(luma, round(_FAR_SHARE * width), round(_FAR_SHARE * height))
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    whole[top : top + small.shape[0], left : left + small.shape[1]] = small
    return whole


def _far_place(point: Point) -> Point:
    return 0.5 + _FAR_SHARE * (point[0] - 0.5), 0.5 + _FAR_SHARE * (point[1] - 0.5)


VARIANTS = (
    Variant("as it is"),
    Variant("mirrored", lambda luma, _: luma[:, ::-1], lambda p: (1 - p[0], p[1]), _SIDEWAYS),
    Variant("upside down", lambda luma, _: luma[::-1], lambda p: (p[0], 1 - p[1]), _UPRIGHT),
    Variant("turned", lambda luma, _: luma.T.copy(), lambda p: (p[1], p[0]), _TURNED),
    Variant("backwards", is_backwards=True),
    Variant("every 2nd frame", every=2),
    Variant("twice as fast", haste=2.0),
    Variant("320 wide", _to_width(320)),
    Variant("small and far", _far, _far_place),
    Variant("dark", lambda luma, _: opencv.scale_values(luma, 0.45)),
    Variant("flat", lambda luma, _: (luma // 2 + 60).astype(np.uint8)),
    Variant("light comes and goes", _ramped),
    Variant("recompressed", _recompressed),
    Variant("noisy", _noisy),
    Variant("shaken", _shaken),
    Variant("shaken, 320 wide, noisy", lambda luma, n: _noisy(_to_width(320)(_shaken(luma, n), n), n)),
)


def rate_of(variant: Variant, rate_hz: float) -> float:
    """Return the nominal rate of a clip of ``rate_hz`` once it is changed."""
    return rate_hz * variant.haste / variant.every
