"""Where the drawn camera stands: from metres on the street to pixels in the picture.

The street has its own axes: ``along`` it, ``beside`` it (to the right) and ``up``, in metres.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Metres = NDArray[np.float64]
Pixels = NDArray[np.float64]

# Nearer than this a point has no sensible place in the picture.
NEAREST_M = 1.0


@dataclass(frozen=True, slots=True)
class View:
    """A pinhole camera on a mast, the street turned below it.

    ``height_m`` of the lens, ``pitch_deg`` downwards, ``turn_deg`` of the street against the line
    of sight (0 = along it, 90 = from left to right), ``field_deg`` horizontal field of view,
    ``away_m`` and ``aside_m`` from the foot of the mast to the street's origin.
    """

    width_px: int
    height_px: int
    height_m: float
    pitch_deg: float
    turn_deg: float
    field_deg: float
    away_m: float
    aside_m: float

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.width_px / 2 / math.tan(math.radians(self.field_deg) / 2)

    @property
    def horizon_px(self) -> int:
        """Row in which the flat ground ends; negative when the sky is out of the picture."""
        return round(self.height_px / 2 - self.focal_px * math.tan(math.radians(self.pitch_deg)))

    def project(self, points: Metres) -> Pixels:
        """Return the pixels (N, 2) of street points (N, 3): along, beside, up."""
        turn, pitch = math.radians(self.turn_deg), math.radians(self.pitch_deg)
        along, beside, up = points[:, 0], points[:, 1], points[:, 2]
        right = self.aside_m + beside * math.cos(turn) + along * math.sin(turn)
        away = self.away_m - beside * math.sin(turn) + along * math.cos(turn)
        below = self.height_m - up
        depth = np.maximum(NEAREST_M, away * math.cos(pitch) + below * math.sin(pitch))
        x = self.width_px / 2 + self.focal_px * right / depth
        y = self.height_px / 2 + self.focal_px * (below * math.cos(pitch) - away * math.sin(pitch)) / depth
        return np.stack((x, y), axis=1)

    def depth_m(self, along: float, beside: float) -> float:
        """Return the distance of a point of the street along the line of sight."""
        turn, pitch = math.radians(self.turn_deg), math.radians(self.pitch_deg)
        away = self.away_m - beside * math.sin(turn) + along * math.cos(turn)
        return away * math.cos(pitch) + self.height_m * math.sin(pitch)

    def is_seen(self, along: float, beside: float) -> bool:
        """Tell whether a point of the street is before the lens and inside the picture."""
        if self.depth_m(along, beside) <= NEAREST_M:
            return False
        x, y = self.project(np.array([[along, beside, 0.0]]))[0]
        return bool(0 <= x < self.width_px and 0 <= y < self.height_px)

    def seen_range(self, beside: float, *, most_m: float = 140.0) -> tuple[float, float]:
        """Return the first and last metre along the street that the picture shows of one lane."""
        seen = [s for s in np.arange(-most_m, most_m, 1.0).tolist() if self.is_seen(s, beside)]
        return (seen[0], seen[-1]) if seen else (0.0, 0.0)
