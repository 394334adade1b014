"""Arithmetic on planes."""

import numpy as np
import pytest

from edge import opencv


@pytest.mark.parametrize("factor", [1, 2, 3, 4, 6, 8])
def test_a_shrunk_plane_is_the_mean_of_its_squares(factor: int) -> None:
    plane = np.random.default_rng(2).integers(0, 256, (48, 96), np.uint8)
    means = plane.reshape(48 // factor, factor, 96 // factor, factor).mean(axis=(1, 3))
    # Halves that are halved again are rounded each time.
    assert np.abs(opencv.shrink_by(plane, factor) - means).max() <= 1.5


@pytest.mark.parametrize("factor", [2, 3, 4, 6])
def test_a_remainder_of_rows_and_columns_is_cut(factor: int) -> None:
    plane = np.zeros((factor * 5 + factor - 1, factor * 7 + 1), np.uint8)
    plane[: factor * 5, : factor * 7] = 200
    shrunk = opencv.shrink_by(plane, factor)
    assert shrunk.shape == (5, 7)
    assert (shrunk == 200).all()


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 41, 50])
def test_the_median_of_planes_is_that_of_each_pixel(count: int) -> None:
    planes = np.random.default_rng(count).integers(0, 256, (count, 12, 20), np.uint8)
    before = planes.copy()
    median = opencv.median_of(list(planes))
    assert np.array_equal(median, np.rint(np.median(planes, axis=0)))
    median[:] = 0
    assert np.array_equal(planes, before)


def test_the_mean_of_a_part_is_of_that_part_alone() -> None:
    plane = np.array([[10, 20], [30, 40]], np.uint8)
    assert opencv.mean_where(plane, np.array([[255, 0], [0, 255]], np.uint8)) == 25
    assert opencv.mean_where(plane, np.zeros((2, 2), np.uint8)) == 0
