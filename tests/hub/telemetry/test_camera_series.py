"""What cameras say, as series."""

from math import isnan

import pytest

from edge.wire.records.bodies import (
    CameraCounts,
    CrowdLevel,
    FlowLevel,
    GaugeReading,
    GaugeState,
    LineCount,
    LineSpeed,
    ObjectCount,
    Quality,
    SceneMeasures,
    SizeCounts,
    ZoneMeasure,
)
from hub.telemetry.camera_series import (
    Said,
    level_series,
    line_series,
    occupancy_series,
    say_counts,
    say_gauge,
    say_scene,
)

PLAIN = LineCount(line="jalan", forward=3, backward=1, forward_total=3, backward_total=1)
FULL = LineCount(
    line="jalan",
    forward=3,
    backward=1,
    forward_total=3,
    backward_total=1,
    forward_sizes=SizeCounts(motor=2, car=1),
    backward_sizes=SizeCounts(heavy=1),
    forward_speed=LineSpeed(samples=3, median_kmh=31.0, p85_kmh=40.0),
)


def as_dict(said: Said) -> dict[str, float]:
    channel, values = said
    assert (channel.device, channel.source) == ("pi", "utara")
    return dict(zip(channel.quantities, values, strict=True))


def counts(line: LineCount, quality: Quality | None = None, *, is_trusted: bool = True) -> CameraCounts:
    return CameraCounts(
        camera="utara",
        period_s=60,
        frames=600,
        lines=(line,),
        motion_share=0.25,
        confidence=0.5,
        quality=quality,
        is_trusted=is_trusted,
    )


def test_plain_counts_are_the_series_they_always_were() -> None:
    said = as_dict(say_counts("pi", counts(PLAIN)))
    assert said == {"forward.jalan": 3, "backward.jalan": 1, "motion_share": 0.25, "confidence": 0.5}
    assert line_series("pi", "utara", "jalan", "forward").quantity in said


def test_sizes_speeds_and_quality_are_series_of_their_own() -> None:
    said = as_dict(say_counts("pi", counts(FULL, Quality(index=0.4, night=0.9), is_trusted=False)))
    assert (said["forward_motor.jalan"], said["forward_car.jalan"], said["backward_heavy.jalan"]) == (2, 1, 1)
    assert (said["forward_median_kmh.jalan"], said["forward_p85_kmh.jalan"]) == (31.0, 40.0)
    assert isnan(said["backward_median_kmh.jalan"])
    assert (said["quality"], said["night"], said["rain"], said["is_trusted"]) == (0.4, 0.9, 0.0, 0.0)


def test_a_line_without_classes_beside_one_with_has_none() -> None:
    both = counts(FULL)
    other = LineCount(line="zebra", forward=0, backward=0, forward_total=0, backward_total=0)
    body = CameraCounts(
        camera="utara", period_s=60, frames=1, lines=(*both.lines, other), motion_share=0, confidence=1
    )
    said = as_dict(say_counts("pi", body))
    assert isnan(said["forward_motor.zebra"])
    assert said["forward_motor.jalan"] == 2


def test_levels_are_numbers_and_the_unknown_is_none() -> None:
    zones = (
        ZoneMeasure(zone="a", occupancy=0.5, cover=0.1, flow=FlowLevel.JAM),
        ZoneMeasure(zone="b", occupancy=0.0, cover=0.0, flow=FlowLevel.UNKNOWN),
        ZoneMeasure(zone="c", occupancy=1.0, cover=0.6, crowd=CrowdLevel.DENSE),
    )
    objects = (ObjectCount(label="traffic light", mean=1.5, most=3),)
    said = as_dict(say_scene("pi", SceneMeasures(camera="utara", period_s=60, zones=zones, objects=objects)))
    assert (said["flow.a"], said["crowd.c"]) == (2.0, 3.0)
    assert isnan(said["flow.b"])
    assert said[occupancy_series("pi", "utara", "a").quantity] == 0.5
    assert said["cover.c"] == 0.6
    assert (said["objects.traffic_light"], said["objects_most.traffic_light"]) == (1.5, 3.0)
    assert not any(" " in name for name in said)


def test_a_scene_without_anything_still_has_a_channel() -> None:
    said = as_dict(say_scene("pi", SceneMeasures(camera="utara", period_s=60, zones=())))
    assert said == {"zones": 0.0}


@pytest.mark.parametrize("state", list(GaugeState))
def test_a_level_is_kept_only_when_it_was_read(state: GaugeState) -> None:
    is_read = state is GaugeState.READ
    body = GaugeReading(
        camera="utara",
        gauge="papan",
        state=state,
        level_m=1.25 if is_read else None,
        spread_m=0.02 if is_read else None,
    )
    said = as_dict(say_gauge("pi", body))
    level = said[level_series("pi", "utara", "papan").quantity]
    assert level == 1.25 if is_read else isnan(level)
    assert isnan(said["spread_m.papan"]) is not is_read
