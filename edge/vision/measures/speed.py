"""How fast a thing goes, from its way over the ground, whose four points are known in metres.

A thing stands where the middle of its lower edge is; its speed is the median slope of its way
over time (Theil 1950, Sen 1968), which one wrong place in four does not move. What no vehicle of a
street does is left out rather than shown.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from edge.config import Ground
from edge.vision.measures.homography import homography, projected
from edge.vision.measures.trails import Foot
from edge.wire.records.bodies import LineSpeed

# No vehicle in a city is faster; such a value is two things taken for one.
MOST_KMH = 200.0
# A shorter way says more of the box's trembling than of the thing.
LEAST_FEET, LEAST_TIME_S, LEAST_WAY_M = 4, 0.3, 1.0
# Places this far off the straight way, as a share of it, are not those of one thing.
MOST_STRAY_SHARE = 0.12
# Around a crossing: what came long before was another part of the street, seen less well.
BEFORE_S, AFTER_S = 0.8, 0.3
KMH_PER_M_S = 3.6


class SpeedMeter:
    """Speeds over one piece of ground.

    Args:
        ground: Four points of the street in the picture, and in metres.
    """

    def __init__(self, ground: Ground) -> None:
        self._matrix = homography(ground.points, ground.metres)

    def places_m(self, feet: Sequence[Foot]) -> NDArray[np.float64]:
        """Return where a thing was on the ground, (N, 2) metres."""
        return projected(self._matrix, np.array([(foot.x, foot.y) for foot in feet], np.float64))

    def kmh(self, feet: Sequence[Foot]) -> float | None:
        """Return the speed over a way, oldest place first; None when it cannot be told.

        Args:
            feet: Where the thing was; see :class:`edge.vision.measures.trails.Trails`.
        """
        if len(feet) < LEAST_FEET or feet[-1].pts_s - feet[0].pts_s < LEAST_TIME_S:
            return None
        places = self.places_m(feet)
        if not np.isfinite(places).all():
            return None
        times = np.array([foot.pts_s for foot in feet])
        speeds = np.array([_slope(times, places[:, axis]) for axis in (0, 1)])
        speed_m_s = float(np.hypot(*speeds))
        way_m = speed_m_s * float(times[-1] - times[0])
        offset = places - np.outer(times, speeds)
        stray_m = float(np.hypot(*(offset - np.median(offset, axis=0)).T).mean())
        kmh = speed_m_s * KMH_PER_M_S
        is_sure = way_m >= LEAST_WAY_M and stray_m <= MOST_STRAY_SHARE * way_m
        return kmh if is_sure and kmh <= MOST_KMH else None

    def kmh_at(self, feet: Sequence[Foot], pts_s: float) -> float | None:
        """Return the speed around one moment of a way; None when it cannot be told."""
        return self.kmh([foot for foot in feet if -BEFORE_S <= foot.pts_s - pts_s <= AFTER_S])


def _slope(times: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Return the median of the slopes between all pairs."""
    first, second = np.triu_indices(len(times), k=1)
    steps_s = times[second] - times[first]
    # Two frames of one instant have no slope.
    later = steps_s > 0
    return float(np.median((values[second] - values[first])[later] / steps_s[later]))


def line_speed(samples_kmh: Sequence[float]) -> LineSpeed | None:
    """Return how fast the things of one line and direction were; None without any."""
    if not samples_kmh:
        return None
    median, p85 = np.percentile(samples_kmh, (50, 85)).tolist()
    return LineSpeed(samples=len(samples_kmh), median_kmh=round(median, 1), p85_kmh=round(p85, 1))
