"""What head-lamps throw on the road by night: bright, smooth, and no part of the vehicle.

A beam goes before its vehicle and joins it with the next one. Must not know objects.
"""

from edge import opencv
from edge.vision.foreground.background import NIGHT_BRIGHTNESS
from edge.vision.foreground.shadows import Shade

Luma = opencv.Plane

# A beam lifts the road by so many levels, evenly; the lamp itself is nearly white.
LEAST_LIFT, ALIKE_LIFT = 22, 14
MOST_UNEVEN = 26
LAMP = 190
# A beam is many times larger than the black car that throws it, of which only the edges are seen.
LEAST_CAR = 0.04


def beams(frame: Luma, empty: Luma, moving: Luma, brightness: float) -> Shade | None:
    """Return which of ``moving`` is only light on the road, None by day; all (H, W) uint8.

    Args:
        brightness: mean of the empty scene, 0..255.
    """
    if brightness >= NIGHT_BRIGHTNESS:
        return None
    lift = opencv.softened_evenly(opencv.subtract(frame, empty), 3)
    uneven = opencv.subtract(opencv.dilate(lift, 3, 3), opencv.erode(lift, 3, 3))
    lamps = opencv.dilate(opencv.above(frame, LAMP), 3, 3)
    road = opencv.both(moving, opencv.inverse(lamps))
    even = opencv.inverse(opencv.above(uneven, MOST_UNEVEN))
    core = opencv.opened(opencv.both(opencv.above(lift, LEAST_LIFT), even), 3)
    alike = opencv.both(road, opencv.above(lift, ALIKE_LIFT))
    return Shade(opencv.both(opencv.dilate(core, 5, 5), alike), alike, least_thrower=LEAST_CAR)
