"""Four points of one plane onto another."""

import numpy as np
import pytest

from edge.vision.measures.homography import homography, projected

SQUARE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
# A road that runs away from the camera: the far end is narrow and high up.
ROAD = [(0.4, 0.4), (0.6, 0.4), (0.9, 0.9), (0.1, 0.9)]


def test_the_four_points_land_where_they_belong() -> None:
    there = projected(homography(ROAD, SQUARE), np.array(ROAD))
    assert there == pytest.approx(np.array(SQUARE), abs=1e-9)


def test_the_way_back_undoes_the_way_there() -> None:
    points = np.array([(0.5, 0.6), (0.3, 0.8), (0.45, 0.45)])
    there = projected(homography(ROAD, SQUARE), points)
    assert projected(homography(SQUARE, ROAD), there) == pytest.approx(points)


def test_the_middle_of_the_picture_is_not_the_middle_of_the_road() -> None:
    (place,) = projected(homography(ROAD, SQUARE), np.array([(0.5, 0.65)]))
    assert place[0] == pytest.approx(0.5)
    assert place[1] > 0.6


def test_what_lies_beyond_the_horizon_lies_nowhere() -> None:
    (place,) = projected(homography(ROAD, SQUARE), np.array([(0.5, 0.05)]))
    assert not np.isfinite(place).any()


def test_points_without_area_are_named() -> None:
    with pytest.raises(ValueError, match="span no area"):
        homography([(0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)], SQUARE)
