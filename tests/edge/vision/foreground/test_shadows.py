"""Shadows of the sun, learnt from all that passes."""

import numpy as np
import pytest

from edge.vision.foreground.shadows import Shadows
from edge.vision.foreground.sunlit import Sunlit
from edge.vision.things.blobs import find_regions
from edge.vision.things.scale import SceneScale

Luma = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
SHADOW = 0.5


@pytest.fixture
def empty() -> Luma:
    random = np.random.default_rng(3)
    return np.clip(random.normal(120, 3, (180, 320)), 0, 255).astype(np.uint8)


def moving(frame: Luma, empty: Luma) -> Luma:
    return np.where(np.abs(frame.astype(int) - empty) > 14, 255, 0).astype(np.uint8)


def shaded(empty: Luma, top: int, bottom: int, left: int, right: int, light: float = SHADOW) -> Luma:
    frame = empty.copy()
    frame[top:bottom, left:right] = (frame[top:bottom, left:right] * light).astype(np.uint8)
    return frame


def with_car(frame: Luma, left: int, top: int = 80) -> Luma:
    """Return ``frame`` with a car of 40 by 30: bright, with dark windows."""
    frame = frame.copy()
    frame[top : top + 30, left : left + 40] = 220
    frame[top + 8 : top + 14, left + 4 : left + 36] = 40
    return frame


def learnt(empty: Luma) -> Shadows:
    shadows = Shadows()
    for left in range(20, 220, 8):
        frame = with_car(shaded(empty, 85, 110, left + 40, left + 70), left)
        shadows.learn(frame, empty, moving(frame, empty))
    return shadows


def test_shadows_that_are_all_alike_are_learnt(empty: Luma) -> None:
    assert learnt(empty).ratio == pytest.approx(SHADOW, abs=0.04)


def test_dark_paints_of_many_kinds_are_no_shadow(empty: Luma) -> None:
    shadows, random = Shadows(), np.random.default_rng(4)
    for left in range(20, 220, 4):
        frame = shaded(empty, 70, 110, left, left + 60, light=float(random.uniform(0.2, 0.8)))
        shadows.learn(frame, empty, moving(frame, empty))
    assert shadows.ratio is None
    assert shadows.find(frame, empty, moving(frame, empty)) is None


def test_the_memory_of_old_suns_fades(empty: Luma) -> None:
    shadows = learnt(empty)
    everything = shaded(empty, 0, 180, 0, 320, light=0.65)
    for _ in range(120):
        shadows.learn(everything, empty, moving(everything, empty))
    assert shadows.ratio == pytest.approx(0.65, abs=0.04)


def regions(frame: Luma, empty: Luma) -> list[tuple[float, float]]:
    shadows, mask = learnt(empty), moving(frame, empty)
    shade = shadows.find(frame, empty, mask)
    assert shade is not None
    sunlit = Sunlit(moving=mask, whole=mask, shade=shade, scale=SceneScale(10))
    found = find_regions(sunlit.lit, mask, least_area_px=60, typical_px=40, shaded=sunlit)
    return sorted((blob.left, blob.width) for blob in found.blobs)


def test_a_car_is_seen_without_its_shadow(empty: Luma) -> None:
    frame = with_car(shaded(empty, 85, 110, 140, 180), 100)
    ((left, width),) = regions(frame, empty)
    assert left == pytest.approx(100, abs=2)
    assert width == pytest.approx(40, abs=4)


def test_two_cars_joined_by_a_shadow_are_two(empty: Luma) -> None:
    frame = with_car(with_car(shaded(empty, 85, 110, 100, 200), 60), 160)
    assert [round(left / 20) for left, _ in regions(frame, empty)] == [3, 8]


def test_a_shadow_cut_off_by_a_marking_is_nothing_of_its_own(empty: Luma) -> None:
    frame = with_car(shaded(empty, 85, 110, 146, 170), 100)
    assert len(regions(frame, empty)) == 1


def test_a_dark_thing_with_nobody_near_is_a_thing(empty: Luma) -> None:
    frame = shaded(empty, 80, 110, 100, 140)
    assert [left for left, _ in regions(frame, empty)] == [pytest.approx(100, abs=2)]


def test_the_thin_shadow_of_somebody_who_walks_is_nothing_of_its_own(empty: Luma) -> None:
    frame = empty.copy()
    frame[60:90, 100:112] = 220
    frame[86:90, 118:140] = (frame[86:90, 118:140] * (SHADOW + 0.15)).astype(np.uint8)
    assert [left for left, _ in regions(frame, empty)] == [pytest.approx(100, abs=2)]


def dimmed(empty: Luma, left: int) -> Luma:
    """Return the scene with the dim light that lies around a car without sun: many ratios, rising to 1."""
    frame = empty.copy()
    lights = np.linspace(0.62, 0.97, 60)
    frame[70:130, left : left + 50] = (frame[70:130, left : left + 50] * lights[:, None]).astype(np.uint8)
    return frame


def test_dim_light_beside_cars_is_no_sun(empty: Luma) -> None:
    shadows = Shadows()
    for left in range(20, 220, 4):
        shadows.learn(dimmed(empty, left), empty, moving(dimmed(empty, left), empty))
    assert shadows.ratio is None


def test_the_sun_is_found_beside_as_much_dim_light(empty: Luma) -> None:
    shadows = Shadows()
    for left in range(20, 220, 4):
        frame = shaded(dimmed(empty, left), 140, 170, left, left + 60)
        shadows.learn(frame, empty, moving(frame, empty))
    assert shadows.ratio == pytest.approx(SHADOW, abs=0.04)


def test_a_frame_that_stands_for_two_teaches_twice(empty: Luma) -> None:
    frame = with_car(shaded(empty, 85, 110, 80, 110), 40)
    few, many = Shadows(), Shadows()
    for _ in range(12):
        few.learn(frame, empty, moving(frame, empty), weight=2)
    for _ in range(24):
        many.learn(frame, empty, moving(frame, empty))
    assert few.ratio == pytest.approx(many.ratio) == pytest.approx(SHADOW, abs=0.04)
