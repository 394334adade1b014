"""An hour beside the same hour of the last four weeks: median and spread, and when there are too few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from hub.cctv.traffic.columns import Column
from hub.telemetry.store import TelemetryStore

WEEKS = 4
# Of four weeks one may be missing (a holiday, an outage); with fewer there is no "usual".
LEAST_WEEKS = 3


@dataclass(frozen=True, slots=True)
class Beside:
    """One hour now and before; ``usual`` is ``None`` when ``weeks`` are too few."""

    at: datetime
    now: float | None
    weeks: int
    usual: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def change(self) -> float | None:
        """By which share it differs from what is usual; ``None`` where that cannot be said."""
        if self.now is None or not self.usual:
            return None
        return self.now / self.usual - 1

    @property
    def is_unusual(self) -> bool:
        """Whether it lies outside of everything that the last weeks had."""
        if self.now is None or self.low is None or self.high is None:
            return False
        return not self.low <= self.now <= self.high


def compare(
    telemetry: TelemetryStore, columns: Sequence[Column], hours: Sequence[datetime]
) -> Sequence[Beside]:
    """Return each of these hours beside the same hour, on the same weekday, of the last four weeks.

    Args:
        telemetry: Where counts are kept.
        columns: Of crossings; they are added up.
        hours: Full hours that are over, oldest first.
    """
    if not hours or not columns:
        return ()
    series = [column.series for column in columns]
    begin, end = hours[0] - timedelta(weeks=WEEKS), hours[-1] + timedelta(hours=1)
    sums: dict[datetime, float] = {}
    for held in telemetry.hourly(series, begin, end).values():
        for hour in held:
            sums[hour.begin] = sums.get(hour.begin, 0.0) + hour.total
    return [beside(at, sums) for at in hours]


def beside(at: datetime, sums: Mapping[datetime, float]) -> Beside:
    """Return one hour beside those of the weeks before; pure.

    Args:
        at: The hour.
        sums: What was counted in each hour that was heard of.
    """
    before = [sums[week] for number in range(1, WEEKS + 1) if (week := at - timedelta(weeks=number)) in sums]
    if len(before) < LEAST_WEEKS:
        return Beside(at, sums.get(at), len(before))
    return Beside(at, sums.get(at), len(before), median(before), min(before), max(before))
