"""Distances, and what a position is worth."""

import pytest

from hub.hadir.workplace.place import (
    PlaceFlag,
    Position,
    cell_of,
    distance_m,
    is_too_fast,
    nearness_of,
)

# The monument: its latitude is a real zero.
SITE = {"latitude": 0.0, "longitude": 109.3222, "radius_m": 150.0}
METRE = 1 / 111_195.08  # degrees of latitude, on a sphere of the mean radius


def test_a_degree_of_latitude_is_111_km() -> None:
    assert distance_m(0, 109, 1, 109) == pytest.approx(111_195, abs=1)
    assert distance_m(0, 109, 0, 110) == pytest.approx(111_195, abs=1)
    assert distance_m(0, 109, 0, 109) == 0
    assert distance_m(90, 0, -90, 0) == pytest.approx(20_015_115, abs=100)


@pytest.mark.parametrize(
    ("away_m", "accuracy_m", "is_outside", "flags"),
    [
        (0, 10, False, ()),
        (159, 10, False, ()),
        (161, 10, True, ()),
        (249, 100, False, ()),
        (251, 199, True, ()),  # no more than 100 m of it are believed
        (340, 200.5, False, (PlaceFlag.COARSE,)),
        (360, 200.5, True, (PlaceFlag.COARSE,)),
        (2_000, 5_000, False, (PlaceFlag.COARSE,)),
        (10, 0, False, (PlaceFlag.DOUBTFUL,)),
        (10, -1, False, (PlaceFlag.DOUBTFUL,)),
        (10, None, False, (PlaceFlag.DOUBTFUL,)),
        (151, 0, True, (PlaceFlag.DOUBTFUL,)),
    ],
)
def test_a_position_is_near_as_far_as_its_accuracy_lets_us_say(
    away_m: float, accuracy_m: float | None, is_outside: bool, flags: tuple[PlaceFlag, ...]
) -> None:
    near = nearness_of(Position(away_m * METRE, 109.3222, accuracy_m), **SITE)
    assert near.distance_m == pytest.approx(away_m, abs=0.01)
    assert (near.is_outside, near.flags) == (is_outside, flags)


def test_without_a_position_nothing_is_outside_and_it_is_said() -> None:
    near = nearness_of(None, **SITE)
    assert (near.distance_m, near.is_outside, near.flags) == (None, False, (PlaceFlag.NONE,))


def test_nobody_goes_ten_kilometres_in_a_minute() -> None:
    assert is_too_fast(10_000, 60)
    assert not is_too_fast(10_000, 600)
    assert not is_too_fast(0, 0)


def test_the_same_coordinates_share_a_cell_and_near_ones_do_not() -> None:
    key = bytes(32)
    one = cell_of(Position(-0.023901, 109.340601, 5), key)
    assert cell_of(Position(-0.0239010001, 109.340601, 50), key) == one
    assert cell_of(Position(-0.02392, 109.340601, 5), key) != one
    assert cell_of(Position(-0.023901, 109.340601, 5), bytes(31) + b"1") != one
    assert len(one) == 32
