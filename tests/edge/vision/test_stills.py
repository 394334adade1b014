import numpy as np
import pytest

from edge import opencv
from edge.vision.stills import StillTooLargeError, encode_jpeg, mask_picture, shrink_to_width, still_of

LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))


def noisy(width: int = 320, height: int = 180) -> opencv.Picture:
    return np.random.default_rng(1).integers(0, 255, (height, width, 3)).astype(np.uint8)


def test_nothing_of_the_picture_is_left_under_a_privacy_mask() -> None:
    picture = noisy()
    masked = mask_picture(picture, [LEFT])
    assert len(np.unique(masked[:, :160].reshape(-1, 3), axis=0)) == 1
    assert np.array_equal(masked[:, 170:], picture[:, 170:])


def test_the_picture_itself_is_not_painted_on() -> None:
    picture = noisy()
    before = picture.copy()
    mask_picture(picture, [LEFT])
    assert np.array_equal(picture, before)


def test_a_still_is_shrunk_in_proportion_and_never_enlarged() -> None:
    assert shrink_to_width(noisy(), 160).shape == (90, 160, 3)
    assert shrink_to_width(noisy(), 640).shape == (180, 320, 3)


@pytest.mark.parametrize("max_bytes", [40_000, 12_000, 3_000])
def test_a_jpeg_fits_whatever_is_allowed(max_bytes: int) -> None:
    jpeg = encode_jpeg(noisy(), max_bytes)
    assert len(jpeg) <= max_bytes
    assert jpeg[:2] == b"\xff\xd8"


def test_what_cannot_fit_is_refused_by_name() -> None:
    with pytest.raises(StillTooLargeError, match="100 bytes"):
        encode_jpeg(noisy(), 100)


def test_a_still_is_masked_shrunk_and_encoded() -> None:
    import cv2

    jpeg = still_of(noisy(), [LEFT], width_px=160, max_bytes=60_000)
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (90, 160, 3)
    assert picture[:, :70].std() < 8 < picture[:, 90:].std()


def test_an_empty_picture_cannot_be_encoded() -> None:
    import cv2

    with pytest.raises((ValueError, cv2.error)):
        opencv.encode_jpeg(np.zeros((0, 0, 3), np.uint8), 80)
