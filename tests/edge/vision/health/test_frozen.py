"""How long a picture has been the same."""

import numpy as np

from edge.vision.health.frozen import Sameness


def test_the_middle_counts_and_a_clock_that_runs_does_not() -> None:
    sameness = Sameness()
    picture = np.random.default_rng(1).integers(0, 255, (90, 160), np.uint8)
    for number in range(5):
        picture[2:10, 5:60] = number
        assert sameness.same_for_s(picture, float(number)) == number
    picture[45, 80] ^= 1
    assert sameness.same_for_s(picture, 5.0) == 0
    assert sameness.same_for_s(picture, 6.0) == 1
