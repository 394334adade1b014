"""How good the picture is for seeing, as one index and what takes it away, and whether counts are trusted.

Each nuisance is 0 (none) to 1 (as bad as can be), from a physical number by a straight ramp whose
two ends stand below; all are starting values of ours:

- ``night``: the brightness of the empty scene (mean luma, 0..255) from 70 down to 25; where it is
  dark already, noise (mean difference of what is still, in levels) from 2.5 to 8 adds up to 0.3.
- ``rain``: thin upright specks that are brighter than the scene and were not there a second ago,
  per 10,000 pixels of the analysed picture, from 2 to 10. Snow and insects count as rain.
- ``glare``: share of the picture in compact saturated areas (luma >= 250, at least 3 x 3 pixels)
  that do not touch the upper edge, where the sky is; from 0.4 % to 5 %.
- ``vibration``: how far the picture is shifted against that of a second ago, in thousandths
  of its width, from 1 to 6.

``index`` is the product of ``1 - weight * nuisance``. Must not count, nor know zones.
"""

from dataclasses import dataclass

import numpy as np

from edge import opencv
from edge.vision.stage import Look
from edge.wire.records.bodies import Quality

Luma = opencv.Plane

NIGHT_BRIGHTNESS = (70.0, 25.0)
NIGHT_NOISE, NOISE_WEIGHT = (2.5, 8.0), 0.3
RAIN_SPECKS = (2.0, 10.0)
GLARE_SHARE = (0.004, 0.05)
VIBRATION_PERMILLE = (1.0, 6.0)
# What differs by more is no picture that trembles but something that moves.
MOST_TREMBLING = 40
SLOPE = np.array(((-0.5, 0, 0.5),), np.float32)
WEIGHTS = {"night": 0.6, "rain": 0.45, "glare": 0.45, "vibration": 0.4}

SATURATED = 250
SPECK_LEVELS, SPECK_NOISE_FACTOR = 10.0, 5.0
# Shaking is looked for in a picture between half of this and this wide.
SHAKE_WIDTH_PX = 240
MOST_SPECK_WIDTH_PX, MOST_SPECK_AREA_PX = 4, 30
# Nuisances come and go slowly; one lorry's lamps are no glare.
SMOOTH_S = 6.0
# Trust is lost below the first and won back above the second.
TRUST_LOST, TRUST_WON, TRUST_HOLD_S = 0.45, 0.55, 5.0


@dataclass(frozen=True, slots=True)
class QualityNow:
    """The quality of the last seconds, and whether counts are to be trusted."""

    quality: Quality
    is_trusted: bool


class QualityWatch:
    """Follows the quality of one picture; meant to be asked once a second."""

    def __init__(self) -> None:
        self._smooth: dict[str, float] = {}
        self._before: Luma | None = None
        self._raw_before: Luma | None = None
        self._pts_s = 0.0
        self._is_trusted = True
        self._doubted_s: float | None = None

    def see(self, raw: Luma, look: Look, confidence: float, pts_s: float) -> QualityNow:
        """Return how good the picture is now.

        Args:
            raw: (H, W) uint8 as the camera gave it, of any size: light is not corrected in it.
            look: Of the same frame.
            confidence: What the counting itself thinks of this moment, 0..1.
            pts_s: Of the frame.
        """
        step_s = min(5.0, max(0.0, pts_s - self._pts_s))
        self._pts_s = pts_s
        now = {
            "night": night(look.brightness, look.noise),
            "rain": self._rain(look),
            "glare": glare(raw),
            "vibration": self._vibration(raw),
            "confidence": confidence,
        }
        for name, value in now.items():
            old = self._smooth.setdefault(name, value if name in ("night", "confidence") else 0.0)
            self._smooth[name] = old + min(1.0, step_s / SMOOTH_S) * (value - old)
        nuisances = {name: round(self._smooth[name], 3) for name in WEIGHTS}
        index = float(np.prod([1 - weight * nuisances[name] for name, weight in WEIGHTS.items()]))
        is_trusted = self._trust(min(index, self._smooth["confidence"]), pts_s)
        return QualityNow(Quality(index=round(index, 3), **nuisances), is_trusted)

    def _rain(self, look: Look) -> float:
        before, self._before = self._before, look.luma.copy()
        if before is None:
            return 0.0
        return _ramp(10_000 * specks(look, before) / look.luma.size, RAIN_SPECKS)

    def _vibration(self, raw: Luma) -> float:
        small = opencv.halved_below(raw, SHAKE_WIDTH_PX).copy()
        before, self._raw_before = self._raw_before, small
        if before is None:
            return 0.0
        return _ramp(1000 * shift_px(before, small) / small.shape[1], VIBRATION_PERMILLE)

    def _trust(self, value: float, pts_s: float) -> bool:
        is_doubted = value >= TRUST_WON if not self._is_trusted else value < TRUST_LOST
        if not is_doubted:
            self._doubted_s = None
        elif self._doubted_s is None or pts_s < self._doubted_s:
            self._doubted_s = pts_s
        elif pts_s - self._doubted_s >= TRUST_HOLD_S:
            self._is_trusted, self._doubted_s = not self._is_trusted, None
        return self._is_trusted


def night(brightness: float, noise: float) -> float:
    """Return how much of a night it is, 0..1."""
    dark = _ramp(brightness, NIGHT_BRIGHTNESS)
    return min(1.0, dark + NOISE_WEIGHT * min(1.0, 2 * dark) * _ramp(noise, NIGHT_NOISE))


def glare(raw: Luma) -> float:
    """Return how much of the picture dazzles, 0..1."""
    small = opencv.shrink_by(raw, max(1, round(raw.shape[1] / 320)))
    saturated = opencv.opened(opencv.above(small, SATURATED - 1), 3)
    if not opencv.count_set(saturated):
        return 0.0
    area = sum(each.area for each in opencv.outlines(saturated) if each.top > 0)
    return _ramp(area / saturated.size, GLARE_SHARE)


def specks(look: Look, before: Luma) -> int:
    """Return how many thin upright bright specks are new in a look.

    Args:
        look: The newest.
        before: (H, W) uint8, the luma of an earlier one.
    """
    limit = max(SPECK_LEVELS, SPECK_NOISE_FACTOR * look.noise)
    # Brighter than all that a trembling camera could bring to this place.
    known = opencv.dilate(np.maximum(before, look.empty), 3, 3)
    brighter = opencv.subtract(look.luma, known)
    # Edges of things that move are new and bright as well.
    near = opencv.inverse(opencv.dilate(look.foreground, 9, 9))
    return sum(
        each.width <= MOST_SPECK_WIDTH_PX and each.height > each.width and each.area <= MOST_SPECK_AREA_PX
        for each in opencv.outlines(opencv.both(opencv.above(brighter, limit), near))
    )


def shift_px(before: Luma, now: Luma) -> float:
    """Return by how much one picture is shifted against another, in pixels; exact below one, low above.

    The least squares of Lucas and Kanade (1981) over the whole picture: phase correlation is no
    better than half a pixel in a picture with noise, which is as much as a mast trembles.

    Args:
        before: (H, W) uint8.
        now: likewise.
    """
    reference = before.astype(np.float32)
    apart = now.astype(np.float32) - reference
    apart -= np.float32(np.median(apart[::4, ::4]))
    slopes = np.stack([opencv.filtered_real(reference, kernel).ravel() for kernel in (SLOPE, SLOPE.T)])
    weighted = slopes * (np.abs(apart) < MOST_TREMBLING).ravel()
    matrix = weighted @ slopes.T
    # Without texture in both directions nothing can be said of a shift.
    if np.linalg.det(matrix) <= before.size:
        return 0.0
    return float(np.hypot(*np.linalg.solve(matrix, weighted @ apart.ravel())))


def _ramp(value: float, ends: tuple[float, float]) -> float:
    """Return 0 at the first end and beyond it, 1 at the second, straight between."""
    return min(1.0, max(0.0, (value - ends[0]) / (ends[1] - ends[0])))
