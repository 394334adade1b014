"""Simulated sensors: reproducible, plausible, and clear about wrong names."""

from datetime import UTC, datetime, timedelta

import pytest

from edge.sensors.port import SensorError
from edge.sensors.simulated import CURVES, open_sensor

START = datetime(2026, 11, 21, tzinfo=UTC)


def values(source: str) -> list[float]:
    sensor = open_sensor(source)
    return [sensor.read(START + timedelta(minutes=10 * number)) for number in range(144)]


@pytest.mark.parametrize("name", sorted(CURVES))
def test_a_seed_gives_the_same_values_again(name: str) -> None:
    assert values(f"simulated:{name}?seed=4") == values(f"simulated:{name}?seed=4")
    assert values(f"simulated:{name}?seed=4") != values(f"simulated:{name}?seed=5")


def test_no_seed_is_seed_zero() -> None:
    assert values("simulated:water") == values("simulated:water?seed=0")


def test_the_river_rises_and_falls_and_is_never_below_its_floor() -> None:
    levels = values("simulated:water?seed=1")
    assert max(levels) - min(levels) > 0.8
    assert min(values("simulated:rain?seed=1")) == 0


@pytest.mark.parametrize(
    "source",
    [
        "",
        "water",
        "simulated:",
        "simulated:lava",
        "modbus:1",
        "simulated:water?seed=x",
        "simulated:water?sed=1",
    ],
)
def test_a_wrong_source_is_named_with_the_remedy(source: str) -> None:
    with pytest.raises(SensorError, match="seed=N") as caught:
        open_sensor(source)
    assert repr(source) in str(caught.value)
