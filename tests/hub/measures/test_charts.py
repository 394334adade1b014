"""Charts drawn by the server: every value lies within its picture, gaps stay gaps."""

import random
import re

import pytest

from hub.measures.charts import HEIGHT, WIDTH, column_chart, line_chart, nice_ticks, spark_path


def test_lines_stay_within_the_picture_and_break_at_gaps() -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(200):
        scale = 10 ** chance.randrange(-3, 9)
        values = [chance.uniform(-scale, scale) if chance.random() > 0.2 else None for _ in range(20)]
        values[0] = 0.0
        chart = line_chart([values], [str(place) for place in range(20)])
        assert chart is not None
        places = [tuple(map(float, one)) for one in re.findall(r"[ML]([\d.]+) ([\d.]+)", chart.paths[0])]
        assert len(places) == sum(value is not None for value in values), f"seed {seed}"
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places), f"seed {seed}"
        assert len(chart.marks) <= 6


def test_ticks_are_round_and_hold_everything() -> None:
    assert nice_ticks(0, 97) == (0, 25, 50, 75, 100)
    assert nice_ticks(5, 5)[0] < 5 < nice_ticks(5, 5)[-1]
    assert nice_ticks(0, 0)[0] < 0 < nice_ticks(0, 0)[-1]


def test_nothing_draws_nothing() -> None:
    assert line_chart([[None]], ["a"]) is None
    assert spark_path([1.0]) == ""
    assert spark_path([1.0, 1.0]).startswith("M")


def test_columns_stand_on_nought_and_hang_below_it() -> None:
    chart = column_chart([4, None, -2], ["a", "b", "c"])
    assert chart is not None
    up, down = chart.columns
    assert up.y + up.height == pytest.approx(down.y)
    assert up.height == pytest.approx(2 * down.height, abs=0.2)
    assert up.x < down.x
    assert column_chart([None], ["a"]) is None
