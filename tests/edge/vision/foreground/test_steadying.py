import numpy as np
import pytest

from edge import opencv
from edge.vision.foreground.steadying import Steadying


def textured(seed: int = 4) -> opencv.Plane:
    random = np.random.default_rng(seed)
    coarse = random.integers(40, 200, (45, 80)).astype(np.uint8)
    return opencv.blur(opencv.resize(coarse, 320, 180), 1.5)


@pytest.mark.parametrize(("right", "down"), [(3.0, 0.0), (0.0, -2.5), (2.0, 2.0)])
def test_a_pushed_frame_comes_back_onto_the_empty_scene(right: float, down: float) -> None:
    empty = textured()
    frame = opencv.shift(empty, right, down)
    steadied = Steadying(frame_rate_hz=10).steady(frame, empty)
    before = np.abs(frame[20:-20, 20:-20].astype(int) - empty[20:-20, 20:-20]).mean()
    after = np.abs(steadied[20:-20, 20:-20].astype(int) - empty[20:-20, 20:-20]).mean()
    assert after < 0.25 * before


def test_a_steady_camera_is_left_alone() -> None:
    empty = textured()
    steadying = Steadying(frame_rate_hz=10)
    for _ in range(10):
        assert steadying.steady(empty, empty) is empty


def test_a_large_thing_that_moves_is_no_shaking() -> None:
    empty = np.full((180, 320), 120, np.uint8)
    empty[:, ::40] = 60
    frame = empty.copy()
    frame[30:150, 100:200] = textured(9)[30:150, 100:200]
    assert Steadying(frame_rate_hz=10).steady(frame, empty) is frame


def test_while_it_shakes_every_frame_is_looked_at() -> None:
    empty = textured()
    steadying = Steadying(frame_rate_hz=10)
    for step in range(1, 30):
        frame = opencv.shift(empty, 2.0 * (-1) ** step, 0.0)
        steadied = steadying.steady(frame, empty)
        if step > 10:  # found shifted twice
            assert np.abs(steadied[20:-20, 20:-20].astype(int) - empty[20:-20, 20:-20]).mean() < 2
