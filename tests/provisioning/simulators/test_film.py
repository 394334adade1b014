"""The film of a simulated camera."""

from pathlib import Path

import numpy as np
import pytest

from provisioning.simulators.film import drawn_pictures, film_from, film_of, street_film

VIDEO = Path(__file__).parents[3] / "../shared/video/car-detection.mp4"


def test_a_film_begins_with_a_key_frame_that_carries_its_parameter_sets() -> None:
    film = street_film(width=160, height=96, fps=10, seconds=4)
    assert (film.width, film.height, film.fps) == (160, 96, 10)
    assert [number for number, unit in enumerate(film.units) if unit.is_key] == [0, 20]
    sps, pps = film.parameter_sets
    assert (sps[0] & 0x1F, pps[0] & 0x1F) == (7, 8)


def test_there_is_no_start_code_left_in_a_unit() -> None:
    film = street_film(width=160, height=96, fps=10, seconds=2)
    assert not [nal for unit in film.units for nal in unit.nals if b"\x00\x00\x01" in nal]


def test_the_drawn_street_moves_and_can_be_looped() -> None:
    pictures = drawn_pictures(width=160, height=96, frames=20)
    assert not np.array_equal(pictures[0], pictures[1])
    assert {picture.shape for picture in pictures} == {(96, 160, 3)}


def test_a_single_picture_is_a_film() -> None:
    film = film_of([np.zeros((96, 160, 3), np.uint8)], fps=10)
    assert [unit.is_key for unit in film.units] == [True]


@pytest.mark.skipif(not VIDEO.exists(), reason=f"{VIDEO} is not there")
def test_a_real_video_can_be_shown() -> None:
    film = film_from(VIDEO, width=320, height=180)
    assert film.fps == 12
    assert len(film.units) > 300


def test_a_file_that_is_no_video_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_text("hello")
    with pytest.raises(ValueError, match="Invalid data"):
        film_from(path)
