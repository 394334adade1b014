import numpy as np
import pytest

from edge import opencv
from edge.vision.foreground.background import Background, gain_between, noise_between, start_of
from edge.vision.foreground.motion import MotionDetector

Luma = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def with_box(street: Luma, left: int, level: int = 220) -> Luma:
    frame = street.copy()
    frame[30:60, left : left + 20] = level
    return frame


def test_the_clean_start_has_nobody_who_moved(street: Luma) -> None:
    frames = [with_box(street, left) for left in range(0, 140, 20)]
    assert np.array_equal(opencv.median_of(frames), street)


@pytest.mark.parametrize("gain", [0.5, 0.8, 1.0, 1.3])
def test_the_gain_of_the_whole_picture_is_found_beside_a_car(street: Luma, gain: float) -> None:
    frame = np.clip(with_box(street, 40) * gain, 0, 255).astype(np.uint8)
    assert gain_between(frame, street) == pytest.approx(gain, abs=0.03)


def test_a_black_scene_has_no_gain() -> None:
    black = np.zeros((90, 160), np.uint8)
    assert gain_between(black, black) == 1.0


def test_noise_is_measured_beside_what_moves(street: Luma) -> None:
    random = np.random.default_rng(2)
    frame = np.clip(street + random.normal(0, 4, street.shape), 0, 255).astype(np.uint8)
    frame[30:60, 40:60] = 255
    assert noise_between(frame, street) == pytest.approx(4 * 0.8, abs=1.0)


def test_an_exposure_jump_is_not_motion_but_a_car_is(street: Luma) -> None:
    detector = MotionDetector(Background(street, frame_rate_hz=10), None)
    dark = (street * 0.6).astype(np.uint8)
    assert detector.see(dark).share < 0.01
    assert detector.see((with_box(street, 40) * 0.6).astype(np.uint8)).share > 0.03


def test_nothing_is_seen_under_a_mask(street: Luma) -> None:
    watched = np.full(street.shape, 255, np.uint8)
    watched[:, :80] = 0
    detector = MotionDetector(Background(street, frame_rate_hz=10), watched)
    assert detector.see(with_box(street, 30)).share == 0
    assert detector.see(with_box(street, 100)).share > 0


def test_the_background_follows_light_but_not_what_stands_in_it(street: Luma) -> None:
    background = Background(street, frame_rate_hz=10, follow_s=1.0)
    foreground = np.zeros_like(street)
    foreground[30:60, 40:60] = 255
    brighter = np.clip(street.astype(np.int16) + 20, 0, 255).astype(np.uint8)
    for _ in range(60):
        background.update(brighter, foreground)
    assert float(background.picture[:20].mean()) == pytest.approx(float(street[:20].mean()) + 20, abs=2)
    assert float(background.picture[35:55, 45:55].mean()) == pytest.approx(
        float(street[35:55, 45:55].mean()), abs=4
    )


def test_what_came_to_stay_is_absorbed_at_once(street: Luma) -> None:
    background = Background(street, frame_rate_hz=10)
    frame = with_box(street, 40)
    where = np.zeros_like(street)
    where[30:60, 40:60] = 255
    background.absorb(frame, where)
    assert np.array_equal(background.picture[30:60, 40:60], frame[30:60, 40:60])


def test_a_camera_that_shakes_by_a_pixel_sees_no_motion(street: Luma) -> None:
    painted = street.copy()
    painted[:, 70:74] = 230
    detector = MotionDetector(Background(painted, frame_rate_hz=10), None)
    assert detector.see(np.roll(painted, 1, axis=1)).share < 0.02


def test_the_kept_scene_is_taken_in_todays_light_instead_of_a_street_full_of_cars(street: Luma) -> None:
    seen = (with_box(street, 40) * 0.8).astype(np.uint8)
    start = start_of(seen, street)
    assert np.abs(start.astype(int) - street * 0.8).max() <= 3


def test_a_kept_scene_of_another_view_or_size_is_left_out(street: Luma) -> None:
    seen = with_box(street, 40)
    assert start_of(seen, None) is seen
    assert start_of(seen, street[:-2]) is seen
    other = np.where(np.arange(street.shape[1]) % 20 < 10, 20, 230).astype(np.uint8) + np.zeros_like(street)
    assert start_of(seen, other) is seen
