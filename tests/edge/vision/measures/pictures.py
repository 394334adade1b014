"""Looks and drawn roads for tests of measures."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from edge.vision.analysis import SceneAnalysis
from edge.vision.stage import Look, Seen

Luma = NDArray[np.uint8]
# left, top, shade
Car = tuple[float, float, int]

WIDTH, HEIGHT, RATE_HZ = 640, 360, 5.0
CAR_W, CAR_H = 60, 36


def look(
    luma: Luma,
    *,
    foreground: Luma | None = None,
    empty: Luma | None = None,
    brightness: float = 110.0,
    noise: float = 1.0,
) -> Look:
    nothing = np.zeros_like(luma)
    return Look(
        luma=luma,
        foreground=nothing if foreground is None else foreground,
        empty=luma if empty is None else empty,
        brightness=brightness,
        noise=noise,
        shake_px=0.0,
    )


class Road:
    """A road seen from above on which boxes stand and go; the same seed draws the same noise."""

    def __init__(self, seed: int = 1) -> None:
        self._dice = np.random.default_rng(seed)
        rough = self._dice.normal(0, 14, (HEIGHT // 3 + 1, WIDTH // 3 + 1))
        self._empty = 110 + np.kron(rough, np.ones((3, 3)))[:HEIGHT, :WIDTH] * 0.4

    def frame(self, cars: Sequence[Car]) -> Luma:
        picture = self._empty.copy()
        for left, top, shade in cars:
            x, y = int(left), int(top)
            if -CAR_W < x < WIDTH:
                picture[y : y + CAR_H, max(0, x) : max(0, x + CAR_W)] = shade
                picture[y + 6 : y + CAR_H - 6, max(0, x + 14) : max(0, x + 40)] = shade * 0.5
        return np.clip(picture + self._dice.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


def film(
    road: Road, cars_at: Callable[[float], Sequence[Car]], seconds: float
) -> Iterator[tuple[Luma, Seen, float]]:
    """Yield frame, what was seen in it, and its time."""
    analysis = SceneAnalysis(lines=(), masks=(), scale=0, frame_rate_hz=RATE_HZ)
    for number in range(round(seconds * RATE_HZ)):
        pts_s = number / RATE_HZ
        frame = road.frame(cars_at(pts_s))
        yield frame, analysis.see(frame, pts_s), pts_s


def flowing(pts_s: float) -> list[Car]:
    """Three lanes of free traffic."""
    return [
        ((pts_s * 200 + k * 420 + lane * 150) % 1400 - 100, 120 + 45 * lane, 60 + 80 * ((k + lane) % 3))
        for lane in range(3)
        for k in range(2)
    ]


def queueing(pts_s: float) -> list[Car]:
    """Free traffic that stands from the 30th second on, and is gone after the 110th."""
    if pts_s < 20 or pts_s > 110:
        return flowing(pts_s)
    return [
        (
            min((pts_s - 20) * 120 - k * 90 - lane * 30, 600 - k * 75),
            120 + 45 * lane,
            60 + 60 * ((k + lane) % 3),
        )
        for lane in range(3)
        for k in range(7)
    ]
