"""What head-lamps throw on the road by night."""

import numpy as np
import pytest

from edge.vision.lamps import beams

Luma = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


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
