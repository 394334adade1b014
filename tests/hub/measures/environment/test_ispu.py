"""ISPU: the vectors that were calculated by hand, and that it rises without jumps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.measures.environment.ispu import (
    HOURS,
    LEAST_HOURS,
    Category,
    category_of,
    day_mean,
    index_of,
    is_published,
    parameters,
    shown,
)
from hub.measures.keeping.quality import Quality

ALL = sorted(parameters())


@pytest.mark.parametrize(
    ("code", "concentration", "index"),
    [
        ("pm2_5", 15.5, 50),
        ("pm2_5", 35, 74.4),
        ("pm2_5", 94.0, 140.6),
        ("pm2_5", 155.64, 205.2),
        ("pm10", 73, 61.5),
    ],
)
def test_the_reference_values_come_out(code: str, concentration: float, index: float) -> None:
    assert round(index_of(parameters()[code], concentration), 1) == index


def test_all_seven_parameters_are_there_with_their_breakpoints() -> None:
    assert ALL == ["co", "hc", "no2", "o3", "pm10", "pm2_5", "so2"]
    for parameter in parameters().values():
        assert [index_of(parameter, at) for at in parameter.at] == [50, 100, 200, 300, 500]
        assert (index_of(parameter, -1), index_of(parameter, 0)) == (0, 0)
        assert index_of(parameter, parameter.at[-1] * 3) == 500


@given(st.sampled_from(ALL), st.floats(0, 60_000), st.floats(0, 60_000))
def test_it_never_falls_when_the_air_gets_worse(code: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert index_of(parameters()[code], low) <= index_of(parameters()[code], high)


@given(st.sampled_from(ALL), st.integers(0, 4), st.floats(1e-9, 1e-3))
def test_it_is_continuous_at_every_breakpoint(code: str, place: int, near: float) -> None:
    parameter = parameters()[code]
    at = parameter.at[place]
    below, here, above = (index_of(parameter, at * (1 + sign * near)) for sign in (-1, 0, 1))
    # Nowhere is it steeper than from one breakpoint to the next: a relative step of "near" is small.
    assert here - below <= 2000 * near
    assert above - here <= 2000 * near


@pytest.mark.parametrize(
    ("index", "category"),
    [(0, 1), (50.4, 1), (50.5, 2), (100, 2), (101, 3), (200.4, 3), (201, 4), (300, 4), (301, 5), (500, 5)],
)
def test_categories_are_those_of_the_number_that_is_said(index: float, category: int) -> None:
    assert category_of(index) is Category(category)
    assert shown(index) == round(index + 1e-9)


def test_a_day_with_too_few_hours_is_said_to_be_one() -> None:
    whole: list[float | None] = [10.0] * HOURS
    assert day_mean(whole) == (10.0, Quality.VALID)
    holes: list[float | None] = [10.0] * LEAST_HOURS + [None] * (HOURS - LEAST_HOURS)
    assert day_mean(holes) == (10.0, Quality.VALID)
    assert day_mean([*holes[1:], None]) == (10.0, Quality.INSUFFICIENT)
    assert day_mean([None] * HOURS) is None


def test_fine_dust_is_published_hourly_and_the_rest_at_nine_and_three() -> None:
    hours = {
        code: [hour for hour in range(24) if is_published(one, hour)] for code, one in parameters().items()
    }
    assert len(hours.pop("pm2_5")) == 24
    assert all(found == [8, 14] for found in hours.values()), "hours that end at 09:00 and 15:00"
