"""Where the water begins on a face, and that it is not guessed."""

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.vision.measures.waterline import onset_of, split_of, texture_of, unrest_of, waterlines

Strips = list[NDArray[np.uint8]]
HEIGHT, WIDTH = 240, 24


def strips(
    row: int,
    *,
    count: int = 12,
    unrest: float = 6.0,
    marks: float = 90.0,
    below: float = 0.0,
    hidden: tuple[int, int] = (0, 0),
    seed: int = 7,
) -> Strips:
    """A face with marks above ``row`` and moving water below; ``below`` mirrors the marks there."""
    dice = np.random.default_rng(seed)
    face = np.full((HEIGHT, WIDTH), 210.0)
    for number in range(0, HEIGHT, 4):
        face[number : number + 2, (number // 4 % 2) * 8 : 16] -= marks
    taken = []
    for number in range(count):
        picture = face.copy()
        depth = np.arange(HEIGHT - row)[:, None] if row < HEIGHT else np.zeros((0, 1))
        waves = unrest * np.sin(depth / 5 + 2.1 * number + np.arange(WIDTH)[None, :] / 6)
        mirror = (face[::-1][: HEIGHT - row] - 210) * below
        picture[row:] = 100 + waves + mirror
        picture[hidden[0] : hidden[1]] = 60
        taken.append(np.clip(picture + dice.normal(0, 1.5, picture.shape), 0, 255).astype(np.uint8))
    return taken


@pytest.mark.parametrize("row", [30, 90, 150, 210])
def test_the_row_is_found_in_every_sample(row: int) -> None:
    found = waterlines(strips(row))
    assert len(found) == 12
    assert np.median(found) == pytest.approx(row, abs=4)


def test_marks_in_the_mirror_of_the_water_are_not_the_face() -> None:
    assert np.median(waterlines(strips(100, below=0.4))) == pytest.approx(100, abs=4)


@pytest.mark.parametrize(
    "taken",
    [
        strips(HEIGHT),
        strips(0),
        strips(100, unrest=0.0, below=0.9),
        strips(100, below=1.0),
        strips(120, hidden=(96, 120)),
    ],
    ids=["dry", "drowned", "a still mirror", "a perfect mirror", "something hides the edge"],
)
def test_what_cannot_be_told_is_not_guessed(taken: Strips) -> None:
    assert waterlines(taken) == []


def test_a_dark_thing_over_the_water_changes_nothing() -> None:
    assert np.median(waterlines(strips(100, hidden=(150, 170)))) == pytest.approx(100, abs=4)


def test_a_camera_that_trembles_still_reads() -> None:
    taken = [np.roll(strip, (number % 3) - 1, axis=0) for number, strip in enumerate(strips(120))]
    assert onset_of(unrest_of(taken)) is None
    assert np.median(waterlines(taken)) == pytest.approx(120, abs=5)


def test_a_split_says_how_much_it_explains() -> None:
    split = split_of(np.array([5.0] * 40 + [1.0] * 60))
    assert (split.row, split.above, split.below) == (40, 5, 1)
    assert split.explained == pytest.approx(1)
    assert split_of(np.ones(50)).explained == 0


def test_texture_is_a_share_of_the_contrast_and_so_the_same_by_night() -> None:
    bright = strips(120, count=1)[0]
    dim = (bright * 0.5).astype(np.uint8)
    assert texture_of(dim)[:100].mean() == pytest.approx(texture_of(bright)[:100].mean(), rel=0.1)
