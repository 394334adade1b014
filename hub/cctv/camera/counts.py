"""The last day of a camera's counts, hour by hour: what the chart, the table and the CSV all show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from hub.cctv.service import CameraView, DirectionRate
from hub.telemetry.camera_series import line_series
from hub.telemetry.store import Series, TelemetryStore

HOURS = 24


@dataclass(frozen=True, slots=True)
class HourOfCounts:
    """One hour: a number a column, ``None`` where nothing was heard."""

    at: datetime
    numbers: tuple[int | None, ...]

    @property
    def total(self) -> int | None:
        """All columns together; ``None`` where nothing was heard."""
        known = [number for number in self.numbers if number is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class DayOfCounts:
    """24 hours, oldest first; the last one is still running."""

    columns: tuple[DirectionRate, ...]
    hours: tuple[HourOfCounts, ...]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was heard all day."""
        return all(hour.total is None for hour in self.hours)


def day_of_counts(telemetry: TelemetryStore, camera: CameraView, now: datetime) -> DayOfCounts:
    """Return the counts of the last 24 hours, the running one included.

    Args:
        telemetry: Where counts are kept.
        camera: Whose.
        now: Aware.
    """
    end = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    begin = end - timedelta(hours=HOURS)
    series = [_series_of(camera, column) for column in camera.rates]
    found = telemetry.hourly(series, begin, end)
    sums = [{hour.begin: round(hour.total) for hour in found.get(one, [])} for one in series]
    hours = [begin + timedelta(hours=number) for number in range(HOURS)]
    return DayOfCounts(
        columns=camera.rates,
        hours=tuple(HourOfCounts(at, tuple(column.get(at) for column in sums)) for at in hours),
    )


def _series_of(camera: CameraView, rate: DirectionRate) -> Series:
    way: Literal["forward", "backward"] = "forward" if rate.is_forward else "backward"
    return line_series(camera.device, camera.camera, rate.line, way)
