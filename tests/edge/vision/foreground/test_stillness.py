import numpy as np

from edge.vision.foreground.stillness import STILL_AFTER_S, StillWatch
from edge.vision.things.tracks import Track


def test_what_does_not_even_breathe_is_still_and_what_moves_a_little_is_not(
    street: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
) -> None:
    watch = StillWatch(frame_rate_hz=2)
    parked, standing = Track(1, 40, 45, 20, 20, 2.0), Track(2, 110, 45, 20, 20, 2.0)
    still: list[Track] = []
    for frame in range(int(2 * (STILL_AFTER_S + 3))):
        picture = street.copy()
        picture[35:55, 30:50] = 200
        left = 100 + frame % 3
        picture[35:55, left : left + 20] = 200
        still += watch.see(picture, [parked, standing])
    assert still
    assert {track.number for track in still} == {1}


def test_an_empty_street_has_nothing_still(street: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    watch = StillWatch(frame_rate_hz=1)
    assert [watch.see(street, []) for _ in range(8)] == [[]] * 8


def test_the_still_feet_of_somebody_who_stands_are_left(
    street: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
) -> None:
    watch = StillWatch(frame_rate_hz=1)
    body, feet = Track(1, 80, 35, 20, 30, 1.0), Track(2, 80, 55, 16, 8, 1.0)
    for frame in range(int(STILL_AFTER_S + 4)):
        picture = street.copy()
        left = 70 + frame % 3
        picture[20:50, left : left + 20] = 200
        picture[51:59, 72:88] = 30
        assert watch.see(picture, [body, feet]) == []
