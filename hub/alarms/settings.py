"""What the operator may set of alarms: limits, times, who is told. Pure."""

from typing import Annotated

import msgspec

from edge.wire.strict_toml import Section

Minutes = Annotated[int, msgspec.Meta(ge=0, le=10_080)]
Share = Annotated[float, msgspec.Meta(gt=0, le=1)]


class Escalation(Section, frozen=True):
    """After how many minutes without acknowledgement the next people are told; 0: never."""

    critical: Minutes = 3
    high: Minutes = 10
    medium: Minutes = 60
    low: Minutes = 0


class SensorLimit(Section, frozen=True):
    """A limit of a quantity, as ``water_level_m``; it clears ``clear_by`` inside the limit.

    Empty ``device`` and ``sensor``: all that measure it.
    """

    quantity: Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9_]{0,47}\Z")]
    high: float | None = None
    low: float | None = None
    clear_by: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    device: str = ""
    sensor: str = ""


class AlarmSettings(Section, frozen=True):
    """Limits of what the hub watches by itself; each has a second limit at which it clears."""

    escalation: Escalation = Escalation()
    # A Raspberry Pi slows down from 80 °C (Raspberry Pi documentation, "Frequency management", 2025).
    temperature_c: Annotated[float, msgspec.Meta(ge=30, le=120)] = 80.0
    temperature_clear_c: Annotated[float, msgspec.Meta(ge=20, le=120)] = 74.0
    disk_free_mib: Annotated[int, msgspec.Meta(ge=16, le=1_048_576)] = 400
    disk_free_clear_mib: Annotated[int, msgspec.Meta(ge=16, le=1_048_576)] = 600
    # JEDEC eMMC 5.1 (JESD84-B51, 2015): the pre-end-of-life warning comes at 80 % of the reserve.
    disk_worn_share: Share = 0.8
    backlog_rows: Annotated[int, msgspec.Meta(ge=100, le=100_000_000)] = 20_000
    backlog_clear_rows: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] = 2_000
    door_silent_minutes: Minutes = 15
    sensor_silent_minutes: Minutes = 30
    sensors: tuple[SensorLimit, ...] = ()
    dead_letters: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 20
    dead_letter_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 10
    mirror_behind: Annotated[int, msgspec.Meta(ge=10, le=1_000_000)] = 600
