"""What head-lamps throw on the road by night."""

import numpy as np
import pytest

from edge.vision.foreground.background import Background
from edge.vision.foreground.lamps import beams
from edge.vision.foreground.motion import MotionDetector
from edge.vision.foreground.sunlit import Sunlit
from edge.vision.things.blobs import clean_mask, find_regions
from edge.vision.things.scale import SceneScale

Luma = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
SCALE = SceneScale(8)


@pytest.fixture
def road() -> Luma:
    random = np.random.default_rng(3)
    return np.clip(random.normal(20, 2, (180, 320)), 0, 255).astype(np.uint8)


def with_car(road: Luma) -> Luma:
    """Return ``road`` with a car of 40 by 30, its beam before it, and its lamps between them."""
    frame = road.copy()
    frame[60:90, 100:140] = 40
    frame[60:90:4, 100:140] = 4
    frame[90:130, 100:140] += 60
    frame[86:90, 104:108] = frame[86:90, 132:136] = 250
    return frame


def test_a_beam_is_light_on_the_road_and_its_car_and_lamps_are_not(road: Luma) -> None:
    frame = with_car(road)
    moving = np.where(np.abs(frame.astype(int) - road) > 8, 255, 0).astype(np.uint8)
    shade = beams(frame, road, moving, 20.0)
    assert shade is not None
    assert (shade.sure[96:128, 104:136] > 0).mean() > 0.95
    assert (shade.sure[60:82, 100:140] > 0).mean() < 0.05
    assert not shade.sure[86:90, 104:108].any()


def test_by_day_nothing_is_a_beam(road: Luma) -> None:
    frame = with_car(road)
    assert beams(frame, road, np.full_like(road, 255), 90.0) is None


def test_a_black_car_throws_a_beam_many_times_its_size(road: Luma) -> None:
    frame = road.copy()
    frame[75:90, 100:115] = 0
    frame[90:160, 95:145] += 60
    moving = np.where(np.abs(frame.astype(int) - road) > 8, 255, 0).astype(np.uint8)
    shade = beams(frame, road, moving, 20.0)
    assert shade is not None
    whole = clean_mask(moving, SCALE)
    sunlit = Sunlit(moving=moving, whole=whole, shade=shade, scale=SCALE)
    (car,) = find_regions(sunlit.lit, moving, least_area_px=30, typical_px=30, shaded=sunlit).blobs
    assert car.bottom <= 94


def test_a_black_car_in_the_grain_of_the_night_is_seen() -> None:
    random = np.random.default_rng(11)
    road = np.full((180, 320), 19, np.uint8)
    detector = MotionDetector(Background(road, frame_rate_hz=10), None)
    for _ in range(40):
        frame = np.clip(road + random.normal(0, 3.5, road.shape), 0, 255).astype(np.uint8)
        detector.learn(detector.see(frame), np.zeros_like(road))
    frame = np.clip(road + random.normal(0, 3.5, road.shape), 0, 255)
    frame[60:90, 100:140] = np.clip(frame[60:90, 100:140] - 12, 0, 255)
    mask = detector.see(frame.astype(np.uint8)).mask
    assert (mask[61:89, 101:139] > 0).mean() > 0.9
    mask[58:92, 98:142] = 0
    assert (mask > 0).mean() < 0.005
