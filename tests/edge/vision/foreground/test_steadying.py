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


def test_who_is_found_shifted_is_looked_at_again_in_the_next_frame() -> None:
    empty = textured()
    steadying = Steadying(frame_rate_hz=10)
    steadied = [steadying.steady(opencv.shift(empty, 2.0 * (-1) ** step, 0.0), empty) for step in range(3)]
    for each in steadied:
        assert np.abs(each[20:-20, 20:-20].astype(int) - empty[20:-20, 20:-20]).mean() < 2


def test_a_scene_without_edges_is_left_as_it_is() -> None:
    empty = opencv.blur(textured(), 12)
    frame = opencv.shift(empty, 3.0, 0.0)
    assert Steadying(frame_rate_hz=10).steady(frame, empty) is frame


def test_paint_on_a_plain_road_is_enough_to_be_steadied_by() -> None:
    random = np.random.default_rng(6)
    empty = np.full((180, 320), 90, np.uint8)
    for row in range(10, 180, 40):
        empty[row : row + 14, 60:64] = empty[row : row + 14, 250:254] = 220
    empty[:, 158:162] = 210
    # The grain of the road hides the shift from whoever looks at all of it.
    grain = random.normal(0, 4, empty.shape)
    frame = np.clip(opencv.shift(empty, 2.0, 1.0) + grain, 0, 255).astype(np.uint8)
    steadied = Steadying(frame_rate_hz=10).steady(frame, empty)
    assert opencv.mean_where(opencv.apart(steadied, empty), opencv.above(empty, 200)) < 20
