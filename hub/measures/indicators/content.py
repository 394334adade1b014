"""Content by kind, channel and month, beside what the city published. Reads only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from hub.measures.keeping.periods import WIB, Grain, begin_of_day, moment_of
from hub.measures.keeping.series import Side
from hub.measures.service import values_of

MEASURE = "content_items"
# "berita|instagram": the kind before, the channel after.
_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class ContentYear:
    """One year: counts by (kind, channel) and by (kind, month); both sum to ``total``."""

    year: int
    kinds: tuple[str, ...]
    channels: tuple[str, ...]
    by_channel: Mapping[tuple[str, str], int]
    by_month: Mapping[tuple[str, int], int]

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.by_channel.values())

    def of_kind(self, kind: str) -> int:
        """Return all of one kind."""
        return sum(count for (one, _channel), count in self.by_channel.items() if one == kind)

    def of_channel(self, channel: str) -> int:
        """Return all of one channel."""
        return sum(count for (_kind, one), count in self.by_channel.items() if one == channel)


def years_of(db: Session) -> list[int]:
    """Return the years in which there is content, the newest first."""
    values = values_of(db, MEASURE, grain=Grain.YEAR)
    return sorted({one.begin.astimezone(WIB).year for one in values}, reverse=True)


def content_of(db: Session, year: int) -> ContentYear:
    """Return the counts of a year."""
    by_channel, by_month = Counter[tuple[str, str]](), Counter[tuple[str, int]]()
    values = values_of(
        db,
        MEASURE,
        since=_begin(year),
        until=_begin(year + 1),
        grain=Grain.MONTH,
        by=Side.DIMENSION,
    )
    for one in values:
        kind, _between, channel = one.key.partition(_BETWEEN)
        count = round(one.value or 0)
        by_channel[kind, channel] += count
        by_month[kind, one.begin.astimezone(WIB).month] += count
    kinds = sorted({kind for kind, _channel in by_channel})
    channels = sorted({channel for _kind, channel in by_channel})
    return ContentYear(year, tuple(kinds), tuple(channels), dict(by_channel), dict(by_month))


def _begin(year: int) -> datetime:
    return moment_of(begin_of_day(date(year, 1, 1)))
