"""Torn pictures: by what the decoder says, and by what key frames wipe away."""

import numpy as np
import pytest

from edge.vision.health.smear import Smear

CLEAN = np.full((24, 32), 90, np.uint8)
TORN = CLEAN.copy()
TORN[8:16] = 200


def test_damage_lasts_until_a_clean_key_frame() -> None:
    smear = Smear()
    smear.feed(CLEAN, 0.0, damaged=0, is_key=True)
    assert not smear.is_torn(0.0)
    smear.feed(TORN, 0.1, damaged=1, is_key=False)
    assert smear.is_torn(0.1)
    smear.feed(TORN, 0.2, damaged=0, is_key=False)
    assert smear.is_torn(0.2)
    smear.feed(TORN, 0.3, damaged=2, is_key=True)
    assert smear.is_torn(0.3)
    smear.feed(CLEAN, 0.4, damaged=0, is_key=True)
    assert smear.is_torn(0.4)  # some of what came since the last question was torn
    smear.feed(CLEAN, 0.5, damaged=0, is_key=False)
    assert not smear.is_torn(0.5)


def play(smear: Smear, *, pictures: int, gop: int, torn: bool) -> bool:
    """Show pictures of which all but those near a key frame are torn; return whether it is noticed."""
    for number in range(pictures):
        place = number % gop
        smear.feed(TORN if torn and place > gop // 2 else CLEAN, number / 10, damaged=0, is_key=place == 0)
    return smear.is_torn(pictures / 10)


def test_pictures_that_jump_at_each_key_frame_are_torn_though_the_decoder_is_content() -> None:
    assert play(Smear(), pictures=62, gop=20, torn=True)
    assert not play(Smear(), pictures=62, gop=20, torn=False)


def test_a_jump_now_and_then_is_a_flash() -> None:
    assert not play(Smear(), pictures=22, gop=20, torn=True)


def test_a_source_of_key_frames_alone_is_never_torn_by_its_jumps() -> None:
    assert not play(Smear(), pictures=100, gop=1, torn=True)


def test_traffic_changes_as_much_between_key_frames_as_at_them() -> None:
    smear, random = Smear(), np.random.default_rng(1)
    for number in range(100):
        picture = CLEAN.copy()
        picture[random.integers(0, 24, 6)] = 220
        smear.feed(picture, number / 10, damaged=0, is_key=number % 10 == 0)
        assert not smear.is_torn(number / 10)


@pytest.mark.parametrize("size", [(12, 16), (24, 30)])
def test_another_size_of_picture_is_no_jump(size: tuple[int, int]) -> None:
    smear = Smear()
    for number in range(40):
        points = CLEAN if number % 20 else np.zeros(size, np.uint8)
        smear.feed(points, number / 10, damaged=0, is_key=number % 20 == 0)
    assert not smear.is_torn(4.0)
