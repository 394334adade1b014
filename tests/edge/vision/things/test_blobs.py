import numpy as np
import pytest

from edge.vision.things.blobs import Blob, clean_mask, find_regions, gathered, joined
from edge.vision.things.scale import SceneScale


def mask_with(*boxes: tuple[int, int, int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    mask = np.zeros((90, 160), np.uint8)
    for left, top, width, height in boxes:
        mask[top : top + height, left : left + width] = 255
    return mask


def test_a_region_has_its_box_its_area_and_its_centre() -> None:
    mask = mask_with((20, 30, 40, 10))
    (blob,) = find_regions(mask, mask, least_area_px=20).blobs
    assert (blob.left, blob.top, blob.width, blob.height) == (20, 30, 40, 10)
    assert (blob.right, blob.bottom) == (60, 40)
    assert blob.area == pytest.approx(400)
    assert (blob.x, blob.y) == pytest.approx((39.5, 34.5))


def test_a_line_one_pixel_thin_has_a_centre_too() -> None:
    mask = mask_with((20, 30, 41, 1))
    (blob,) = find_regions(mask, mask, least_area_px=20).blobs
    assert (blob.x, blob.y, blob.area) == pytest.approx((40, 30, 41))


def test_specks_and_what_is_never_sure_are_left_out() -> None:
    mask = mask_with((20, 30, 10, 10), (100, 30, 2, 2), (120, 60, 10, 10))
    sure = mask_with((22, 32, 4, 4))
    assert len(find_regions(mask, sure, least_area_px=40).blobs) == 1


def test_parts_of_one_outline_become_one_region() -> None:
    mask = mask_with((20, 20, 40, 3), (20, 20, 3, 40), (30, 40, 20, 20))
    (blob,) = find_regions(mask, mask, least_area_px=40).blobs
    assert (blob.width, blob.height) == (40, 40)


def test_neighbours_whose_boxes_do_not_overlap_stay_two() -> None:
    blobs = [Blob(10, 10, 5, 5, 10, 10, 90), Blob(22, 10, 17, 5, 10, 10, 90)]
    assert len(gathered(blobs)) == 2


def test_a_rider_upon_a_motorcycle_is_one_thing_and_a_queue_is_not() -> None:
    rider, motorcycle = Blob(50, 20, 45, 14, 10, 12, 90), Blob(50, 35, 44, 28, 12, 14, 110)
    assert len(gathered([rider, motorcycle], typical_px=20)) == 1
    assert len(gathered([rider, motorcycle], typical_px=10)) == 2
    beside = Blob(70, 35, 64, 28, 12, 14, 110)
    assert len(gathered([motorcycle, beside], typical_px=40)) == 2


def test_a_small_box_in_the_corner_of_a_large_one_is_a_neighbour() -> None:
    lorry, motorcycle = Blob(60, 60, 20, 20, 80, 80, 5000), Blob(95, 95, 90, 90, 20, 20, 300)
    assert len(gathered([lorry, motorcycle], typical_px=40)) == 2


def test_joined_regions_keep_their_common_centre_of_mass() -> None:
    whole = joined([Blob(10, 10, 5, 5, 10, 10, 100), Blob(40, 10, 35, 5, 10, 10, 300)])
    assert (whole.x, whole.left, whole.width, whole.area) == (32.5, 5, 40, 400)


def test_cleaning_closes_gaps_and_removes_specks() -> None:
    mask = mask_with((20, 20, 14, 30), (37, 20, 14, 30), (100, 70, 1, 1))
    cleaned = clean_mask(mask, SceneScale(16))
    assert cleaned[30, 35] == 255
    assert cleaned[70, 100] == 0
