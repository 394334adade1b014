"""Size classes: by size alone, at the limits of the line."""

import pytest

from edge.vision.measures.sizes import SizeClass, size_class, size_counts
from edge.wire.records.bodies import SizeCounts

LIMITS = (0.14, 0.3)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0.0, SizeClass.MOTOR),
        (0.139, SizeClass.MOTOR),
        (0.14, SizeClass.CAR),
        (0.299, SizeClass.CAR),
        (0.3, SizeClass.HEAVY),
        (1.4, SizeClass.HEAVY),
    ],
)
def test_a_class_begins_at_its_limit(size: float, expected: SizeClass) -> None:
    assert size_class(size, LIMITS) is expected


def test_every_crossing_is_in_exactly_one_class() -> None:
    assert size_counts([0.1, 0.1, 0.2, 0.9], LIMITS) == SizeCounts(motor=2, car=1, heavy=1)
    assert size_counts([], LIMITS) == SizeCounts()
