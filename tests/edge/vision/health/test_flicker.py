"""Light that goes up and down, told from what passes by."""

import numpy as np
import pytest

from edge.vision.health.flicker import Flicker
from edge.vision.health.samples import cells_of, points_of


def is_on(levels: list[float], *, fps: float = 10.0) -> bool:
    flicker = Flicker()
    for number, level in enumerate(levels):
        flicker.feed(np.full((1, 8, 8), level, np.float32), [number / fps])
    return flicker.is_on()


@pytest.mark.parametrize("fps", [1.0, 5.0, 25.0])
def test_a_gain_that_alternates_is_flicker_at_every_rate(fps: float) -> None:
    assert is_on([100, 130] * 100, fps=fps)


def test_a_slow_pumping_is_flicker() -> None:
    assert is_on([100 + 30 * float(np.sin(number / 2)) for number in range(200)])


@pytest.mark.parametrize(
    "levels",
    [
        [100.0] * 100,
        [100.0] * 40 + [150.0] * 60,
        [100.0, 102.0] * 50,
        [100.0 - number / 2 for number in range(100)],
        [100.0, 140.0],
    ],
    ids=["steady", "one jump", "noise", "dusk", "too few"],
)
def test_other_changes_of_light_are_none(levels: list[float]) -> None:
    assert not is_on(levels)


def test_what_moves_through_some_columns_is_no_light() -> None:
    flicker = Flicker()
    for number in range(100):
        cells = np.full((8, 8), 90, np.float32)
        cells[:, (number * 3) % 8] = 200
        cells[:, (number * 5) % 8] = 20
        flicker.feed(cells[None], [number / 10])
    assert not flicker.is_on()


def test_a_minute_ago_is_forgotten() -> None:
    flicker = Flicker()
    for number in range(100):
        flicker.feed(np.full((1, 8, 8), 100 + 30 * (number % 2), np.float32), [number / 10])
    for number in range(100):
        flicker.feed(np.full((1, 8, 8), 100, np.float32), [60 + number / 10])
    assert not flicker.is_on()


@pytest.mark.parametrize("size", [(360, 640), (90, 160), (33, 47), (2160, 3840)])
def test_every_picture_has_eight_by_eight_cells(size: tuple[int, int]) -> None:
    luma = np.tile(np.linspace(0, 255, size[1], dtype=np.uint8), (size[0], 1))
    points = points_of(luma)
    assert points.shape == (24, 32)
    assert not np.shares_memory(points, luma)
    (cells,) = cells_of([points])
    assert cells.shape == (8, 8)
    assert (np.diff(cells[0]) > 0).all()
