"""Things side by side that were never seen apart."""

import numpy as np
import pytest

from edge.vision.things.abreast import abreast
from edge.vision.things.blobs import Blob, find_regions


def region_of(mask: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Blob:
    (blob,) = find_regions(mask, mask, least_area_px=20).blobs
    return blob


def riders(number: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return so many motorcycles abreast, joined at their wheels."""
    mask = np.zeros((180, 320), np.uint8)
    for index in range(number):
        mask[60:90, 100 + 14 * index : 110 + 14 * index] = 255
    mask[80:84, 100 : 96 + 14 * number] = 255
    return mask


@pytest.mark.parametrize("number", [1, 2, 3])
def test_motorcycles_abreast_are_parted_at_the_valleys(number: int) -> None:
    mask = riders(number)
    parts = abreast(mask, region_of(mask), least_area_px=40)
    assert [part.x for part in parts] == pytest.approx([104.5 + 14 * index for index in range(number)], abs=1)
    assert all(part.height == 30 for part in parts)


def test_a_hole_in_a_car_is_no_valley() -> None:
    mask = np.zeros((180, 320), np.uint8)
    mask[60:90, 100:140] = 255
    mask[66:84, 115:125] = 0
    assert len(abreast(mask, region_of(mask), least_area_px=40)) == 1


def test_a_low_bonnet_before_a_cabin_is_no_valley() -> None:
    mask = np.zeros((180, 320), np.uint8)
    mask[75:90, 100:150] = 255
    mask[60:90, 112:135] = 255
    assert len(abreast(mask, region_of(mask), least_area_px=40)) == 1


def test_somebody_near_the_camera_has_valleys_of_his_own() -> None:
    mask = np.zeros((180, 320), np.uint8)
    mask[20:170, 100:130] = 255
    mask[20:170, 150:180] = 255
    mask[120:140, 100:180] = 255
    assert len(abreast(mask, region_of(mask), least_area_px=40)) == 1


def test_parts_too_small_to_be_things_are_not_parted() -> None:
    mask = riders(2)
    assert len(abreast(mask, region_of(mask), least_area_px=320)) == 1
