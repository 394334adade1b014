"""Size classes: how large a thing looks at its line, not what it is.

Must not know distances: each line is calibrated by itself, at the place where it is.
"""

from enum import StrEnum

from edge.wire.camera_settings import SizeLimits
from edge.wire.records.bodies import SizeCounts


class SizeClass(StrEnum):
    """A motorcycle or a person, a car or a van, a lorry or a bus: by size alone."""

    MOTOR = "motor"
    CAR = "car"
    HEAVY = "heavy"


def size_class(size: float, limits: SizeLimits) -> SizeClass:
    """Return the class of a crossing.

    Args:
        size: Side of a square as large as the thing's box, over the picture's height.
        limits: Of the line: where a car, and a heavy vehicle, begin.
    """
    if size < limits[0]:
        return SizeClass.MOTOR
    return SizeClass.CAR if size < limits[1] else SizeClass.HEAVY


def size_counts(sizes: list[float], limits: SizeLimits) -> SizeCounts:
    """Return how many of ``sizes`` are of each class."""
    classes = [size_class(size, limits) for size in sizes]
    return SizeCounts(
        motor=classes.count(SizeClass.MOTOR),
        car=classes.count(SizeClass.CAR),
        heavy=classes.count(SizeClass.HEAVY),
    )
