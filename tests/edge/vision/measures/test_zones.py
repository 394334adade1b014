"""How full zones are, on drawn roads and squares whose fullness is known."""

from collections.abc import Callable

import numpy as np
import pytest

from edge.config import View, Zone, ZonePurpose
from edge.vision.measures.cells import FORGET_LOST_S, FORGET_S, CellWatch
from edge.vision.measures.meter import SceneMeter
from edge.vision.measures.trails import Trails
from edge.vision.measures.zones import ZoneNow, ZoneWatches
from edge.wire.records.bodies import CrowdLevel, FlowLevel
from tests.edge.vision.measures.pictures import Car, Luma, Road, film, flowing, look, queueing

ROAD = Zone(id="jalan", polygon=((0.1, 0.3), (0.9, 0.3), (0.9, 0.75), (0.1, 0.75)))
SQUARE = Zone(
    id="alun",
    polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
    purpose=ZonePurpose.CROWD,
    person_height=0.2,
)


def levels(cars_at: Callable[[float], list[Car]], seconds: float) -> list[tuple[float, ZoneNow]]:
    meter, found = SceneMeter("cam", View(zones=(ROAD,))), []
    for frame, seen, pts_s in film(Road(), cars_at, seconds):
        found += [(pts_s, zone) for zone in meter.see(frame, seen, pts_s).zones]
    return found


def test_free_traffic_is_free_however_much_of_it_there_is() -> None:
    found = levels(flowing, 45)
    assert {zone.flow for _, zone in found} == {FlowLevel.FREE}
    assert 0.7 < np.mean([zone.is_occupied for _, zone in found]) <= 1


def test_an_empty_road_is_free_and_not_occupied() -> None:
    found = levels(lambda pts_s: [], 25)
    assert {zone.flow for _, zone in found} == {FlowLevel.FREE}
    assert not any(zone.is_occupied for _, zone in found)
    assert max(zone.cover for _, zone in found) == 0


def test_a_queue_stays_a_jam_although_the_analysis_takes_standing_cars_for_the_scene() -> None:
    found = levels(queueing, 150)
    at = {round(pts_s): zone for pts_s, zone in found}
    assert at[18].flow is FlowLevel.FREE
    # 21 cars of 60 x 36 pixels in a zone of 512 x 162 are 0.55; a third of them is as grey as the road.
    assert at[60].cover == pytest.approx(0.37, abs=0.1)
    assert {zone.flow for pts_s, zone in found if 55 < pts_s < 108} == {FlowLevel.JAM}
    assert at[149].flow is FlowLevel.FREE
    assert at[149].cover < 0.2


def crowd(people: int, seed: int = 3) -> tuple[Luma, Luma, Luma]:
    """Silhouettes of 0.2 of a square's height: the mask of 320 x 180, the picture, the empty square."""
    dice = np.random.default_rng(seed)
    empty = np.clip(dice.normal(140, 5, (180, 320)), 0, 255).astype(np.uint8)
    mask = np.zeros_like(empty)
    for number in range(people):
        left, top = 4 + (number % 19) * 16, 4 + (number // 19) * 38
        mask[top : top + 36, left : left + 12] = 255
    return mask, np.where(mask > 0, 50, empty).astype(np.uint8), empty


@pytest.mark.parametrize(
    ("people", "expected"),
    [(0, CrowdLevel.EMPTY), (2, CrowdLevel.FEW), (30, CrowdLevel.MANY), (75, CrowdLevel.DENSE)],
)
def test_a_square_is_as_full_as_people_cover_it(people: int, expected: CrowdLevel) -> None:
    mask, luma, empty = crowd(people)
    watches = ZoneWatches((SQUARE,), look(empty), None)
    for number in range(4):
        (zone,) = watches.see(look(luma, foreground=mask, empty=empty), Trails(), number / 2)
    assert zone.crowd is expected
    assert zone.flow is None
    assert zone.cover == pytest.approx(people * 36 * 12 / empty.size, abs=0.12)


def test_a_crowd_without_the_height_of_a_person_is_judged_by_cover_alone() -> None:
    mask, luma, empty = crowd(30)
    unknown = Zone(id="alun", polygon=SQUARE.polygon, purpose=ZonePurpose.CROWD)
    seen = look(luma, foreground=mask, empty=empty)
    (zone,) = ZoneWatches((unknown,), look(empty), None).see(seen, Trails(), 0.0)
    assert zone.crowd is CrowdLevel.MANY


def test_a_zone_too_small_for_the_picture_is_never_full() -> None:
    *_, empty = crowd(0)
    speck = Zone(id="titik", polygon=((0.999, 0.999), (1.0, 0.999), (1.0, 1.0)))
    (zone,) = ZoneWatches((speck,), look(empty), None).see(look(empty), Trails(), 0.0)
    assert zone.cover <= 1
    assert zone.flow is FlowLevel.FREE


class TestCells:
    """What covers a cell, and when it is forgotten."""

    def watch(self, scene: Luma) -> CellWatch:
        return CellWatch(look(scene))

    def scene(self) -> Luma:
        return np.clip(np.random.default_rng(5).normal(120, 12, (180, 320)), 0, 255).astype(np.uint8)

    def test_a_thing_that_the_analysis_has_absorbed_is_still_seen(self) -> None:
        scene = self.scene()
        parked = scene.copy()
        parked[40:80, 80:160] = np.random.default_rng(6).integers(0, 255, (40, 80))
        watch = self.watch(scene)
        for number in range(5):
            cover = watch.see(look(parked, empty=parked), number / 2)
        assert cover.covered[6:9, 11:19].min() > 0.5
        assert cover.standing[6:9, 11:19].min() > 0.5
        assert cover.covered.sum() < 70

    def test_a_change_of_light_covers_nothing(self) -> None:
        scene = self.scene()
        watch = self.watch(scene)
        for number in range(8):
            dim = np.clip(scene * (1 - 0.06 * number), 0, 255).astype(np.uint8)
            cover = watch.see(look(dim), number / 2)
        assert cover.covered.max() == 0

    def forgotten_after(self, scene: Luma, later: Luma) -> float:
        watch, pts_s = self.watch(scene), 0.0
        watch.see(look(scene), pts_s)
        while pts_s < 2 * FORGET_S:
            pts_s += 5
            if watch.see(look(later), pts_s).covered.max() == 0:
                return pts_s
        return pts_s

    def test_what_was_there_from_the_start_and_left_is_forgotten_soon(self) -> None:
        with_car = self.scene()
        with_car[40:80, 80:160] = np.random.default_rng(6).integers(0, 255, (40, 80))
        bare = self.scene()
        bare[40:80, 80:160] = 118
        assert FORGET_LOST_S < self.forgotten_after(with_car, bare) < FORGET_LOST_S + 30

    def test_what_came_to_stay_is_the_scene_after_half_an_hour(self) -> None:
        with_car = self.scene()
        with_car[40:80, 80:160] = np.random.default_rng(6).integers(0, 255, (40, 80))
        assert FORGET_S < self.forgotten_after(self.scene(), with_car) < FORGET_S + 30
