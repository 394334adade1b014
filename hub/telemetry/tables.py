"""The telemetry store in SQL: day tables, last values, hourly roll-ups, sealed days.

Bound to one session, whose owner commits. The same on SQLite and PostgreSQL.
"""

import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Select, insert, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.bulk import BulkInsert, is_one_of
from hub.telemetry.catalogue import Catalogue, day_table, number_of_day
from hub.telemetry.folding import fold
from hub.telemetry.models import (
    TelemetryChannel,
    TelemetryDaily,
    TelemetryDay,
    TelemetryFeed,
    TelemetryHourly,
    TelemetryLast,
    TelemetrySealed,
    TelemetrySeries,
)
from hub.telemetry.rollups.days import add_hour, made_days, note_late
from hub.telemetry.sealing.days import seal_some
from hub.telemetry.sealing.packing import unpack_columns
from hub.telemetry.store import (
    HOUR_MS,
    Hour,
    Point,
    Reading,
    Series,
    day_of_hour,
    day_of_ms,
    first_hour_of,
    instant_of_ms,
    ms_of_instant,
)

DAY_MS = 24 * HOUR_MS
# SQLite's limit of variables is 32,766; a series takes three.
MOST_SERIES_A_QUERY = 5_000

_ROW = (("channel", "bigint"), ("at_ms", "bigint"), ("rank", "bigint"), ("packed", "bytea"))

_add_hours = BulkInsert(
    "telemetry_hourly",
    (
        ("series", "bigint"),
        ("hour", "bigint"),
        ("samples", "bigint"),
        ("total", "double precision"),
        ("low", "double precision"),
        ("high", "double precision"),
    ),
    """ON CONFLICT (series, hour) DO UPDATE SET
    samples = telemetry_hourly.samples + excluded.samples,
    total = telemetry_hourly.total + excluded.total,
    low = CASE WHEN excluded.low < telemetry_hourly.low
        THEN excluded.low ELSE telemetry_hourly.low END,
    high = CASE WHEN excluded.high > telemetry_hourly.high
        THEN excluded.high ELSE telemetry_hourly.high END""",
)
_set_last = BulkInsert(
    "telemetry_last",
    (
        ("series", "bigint"),
        ("at_ms", "bigint"),
        ("received_ms", "bigint"),
        ("value", "double precision"),
    ),
    """ON CONFLICT (series) DO UPDATE SET
    at_ms = excluded.at_ms, received_ms = excluded.received_ms, value = excluded.value
    WHERE excluded.at_ms >= telemetry_last.at_ms OR telemetry_last.at_ms > excluded.received_ms""",
)


@cache
def _packer(width: int) -> Callable[..., bytes]:
    return struct.Struct(f"<{width}d").pack


@cache
def _add_rows(day: int) -> BulkInsert:
    return BulkInsert(day_table(day), _ROW)


class TableTelemetry:
    """A :class:`hub.telemetry.store.TelemetryStore` over one session."""

    def __init__(
        self, session: Session, *, catalogue: Catalogue | None = None, has_feed: bool = False
    ) -> None:
        """Bind to a session.

        Args:
            session: For ``append`` and ``seal`` a writing one.
            catalogue: Shared between the batches of a process; a reader needs none.
            has_feed: Also note what is appended for the mirror.
        """
        self._session = session
        self._catalogue = catalogue or Catalogue()
        self._has_feed = has_feed

    def append(self, readings: Sequence[Reading]) -> None:
        """See the protocol."""
        if not readings:
            return
        self._catalogue.forget_on_rollback(self._session)
        self._catalogue.learn(self._session, {reading.channel for reading in readings})
        number_of = self._catalogue.number_of
        days: dict[int, list[tuple[int, int, int, bytes]]] = defaultdict(list)
        for channel, at_ms, rank, values, _ in readings:
            days[at_ms // DAY_MS].append((number_of(channel), at_ms, rank, _packer(len(values))(*values)))
        for day, rows in days.items():
            self._catalogue.open_day(self._session, day)
            _add_rows(day).run(self._session, rows)
        hours, last = fold(readings, self._catalogue.series_of)
        _add_hours.run(self._session, hours)
        note_late(
            self._session,
            {day_of_hour(row[1]) for row in hours},
            arrived=day_of_ms(readings[-1].received_ms),
        )
        _set_last.run(self._session, last)
        if self._has_feed:
            self._session.execute(insert(TelemetryFeed).values(packed=msgspec.msgpack.encode(readings)))

    def last(self, series: Iterable[Series] | None = None) -> dict[Series, Point]:
        """See the protocol."""
        query = select(
            TelemetrySeries.device,
            TelemetrySeries.source,
            TelemetrySeries.quantity,
            TelemetryLast.at_ms,
            TelemetryLast.value,
        ).join(TelemetryLast, TelemetryLast.series == TelemetrySeries.id)
        return {
            Series(*row[:3]): Point(instant_of_ms(row[3]), row[4])
            for part in _parts(query, series)
            for row in self._session.execute(part)
        }

    def window(self, series: Series, begin: datetime, end: datetime) -> list[Point]:
        """See the protocol."""
        first_ms, end_ms = ms_of_instant(begin), ms_of_instant(end)
        found: list[tuple[int, int, float]] = []
        for channel, place in self._channels_of(series):
            found += self._hot_rows(channel, place, first_ms, end_ms)
            found += self._sealed_rows(channel, place, first_ms, end_ms)
        # NaN is the only value that is not itself: the device could not tell.
        return [Point(instant_of_ms(at_ms), value) for at_ms, _, value in sorted(found) if value == value]

    def hourly(self, series: Iterable[Series], begin: datetime, end: datetime) -> dict[Series, list[Hour]]:
        """See the protocol."""
        first, end_hour = -(-ms_of_instant(begin) // HOUR_MS), -(-ms_of_instant(end) // HOUR_MS)
        answer: dict[Series, list[Hour]] = defaultdict(list)
        for one, hour, rest in self._rolled(TelemetryHourly, TelemetryHourly.hour, series, first, end_hour):
            answer[one].append(Hour(instant_of_ms(hour * HOUR_MS), *rest))
        return dict(answer)

    def daily(self, series: Iterable[Series], begin: datetime, end: datetime) -> dict[Series, list[Hour]]:
        """See the protocol; days without a roll-up of their own are added up from their hours."""
        wanted = list(series)
        first, end_day = (day_of_ms(ms_of_instant(one) - 1) + 1 for one in (begin, end))
        made = made_days(self._session, first, end_day)
        held: dict[Series, dict[int, Hour]] = defaultdict(dict)
        for one, day, rest in self._rolled(TelemetryDaily, TelemetryDaily.day, wanted, first, end_day):
            if day in made:
                held[one][day] = Hour(instant_of_ms(first_hour_of(day) * HOUR_MS), *rest)
        if missing := sorted(set(range(first, end_day)) - made):
            hours = first_hour_of(missing[0]), first_hour_of(missing[-1] + 1)
            for one, hour, rest in self._rolled(TelemetryHourly, TelemetryHourly.hour, wanted, *hours):
                if (day := day_of_hour(hour)) not in made:
                    add_hour(held[one], day, *rest)
        return {one: [days[day] for day in sorted(days)] for one, days in held.items()}

    def seal(self, before: date) -> bool:
        """Pack some of the days before ``before``; ``True``: there is more to do.

        A late row for a sealed day makes its table again, and the next call merges.
        """
        self._catalogue.forget_on_rollback(self._session)
        return seal_some(self._session, self._catalogue, number_of_day(before))

    def _rolled(
        self,
        table: type[TelemetryHourly] | type[TelemetryDaily],
        time: InstrumentedAttribute[int],
        series: Iterable[Series],
        first: int,
        end: int,
    ) -> Iterator[tuple[Series, int, tuple[int, float, float, float]]]:
        # Numbers first: joined with their names, SQLite reads the roll-ups of the whole city.
        numbers = self._numbers_of(series)
        for start in range(0, len(numbers), MOST_SERIES_A_QUERY):
            some = list(numbers)[start : start + MOST_SERIES_A_QUERY]
            query = (
                select(table.series, time, table.samples, table.total, table.low, table.high)
                .where(table.series.in_(some), time >= first, time < end)
                .order_by(table.series, time)
            )
            for number, at, samples, total, low, high in self._session.execute(query):
                yield numbers[number], at, (samples, total, low, high)

    def _numbers_of(self, series: Iterable[Series]) -> dict[int, Series]:
        query = select(
            TelemetrySeries.id, TelemetrySeries.device, TelemetrySeries.source, TelemetrySeries.quantity
        )
        return {
            row[0]: Series(*row[1:]) for part in _parts(query, series) for row in self._session.execute(part)
        }

    def _channels_of(self, series: Series) -> list[tuple[int, int]]:
        query = select(TelemetryChannel.id, TelemetryChannel.quantities).where(
            TelemetryChannel.device == series.device, TelemetryChannel.source == series.source
        )
        rows = [(number, quantities.split(" ")) for number, quantities in self._session.execute(query)]
        return [(number, names.index(series.quantity)) for number, names in rows if series.quantity in names]

    def _hot_rows(self, channel: int, place: int, first_ms: int, end_ms: int) -> list[tuple[int, int, float]]:
        days = self._session.scalars(
            select(TelemetryDay.day).where(
                TelemetryDay.day >= first_ms // DAY_MS, TelemetryDay.day * DAY_MS < end_ms
            )
        )
        found = []
        for day in days.all():
            rows = self._session.execute(
                text(
                    f"SELECT at_ms, rank, packed FROM {day_table(day)} "  # noqa: S608 (the name is made of a number)
                    "WHERE channel = :channel AND at_ms >= :first_ms AND at_ms < :end_ms"
                ),
                {"channel": channel, "first_ms": first_ms, "end_ms": end_ms},
            )
            found += [(at_ms, rank, _value_in(packed, place)) for at_ms, rank, packed in rows]
        return found

    def _sealed_rows(
        self, channel: int, place: int, first_ms: int, end_ms: int
    ) -> list[tuple[int, int, float]]:
        query = select(TelemetrySealed.chunk).where(
            TelemetrySealed.channel == channel,
            TelemetrySealed.day >= first_ms // DAY_MS,
            TelemetrySealed.day * DAY_MS < end_ms,
        )
        found: list[tuple[int, int, float]] = []
        for chunk in self._session.scalars(query):
            columns = unpack_columns(chunk)
            is_inside = (columns.at_ms >= first_ms) & (columns.at_ms < end_ms)
            found += zip(
                columns.at_ms[is_inside].tolist(),
                columns.rank[is_inside].tolist(),
                columns.values[is_inside, place].tolist(),
                strict=True,
            )
        return found


def _value_in(packed: bytes, place: int) -> float:
    (value,) = struct.unpack_from("<d", packed, 8 * place)
    return float(value)


def _parts(
    query: Select[*tuple[Any, ...]], series: Iterable[Series] | None
) -> Iterator[Select[*tuple[Any, ...]]]:
    """Yield the query for all series, or one a few thousand of them."""
    if series is None:
        yield query
        return
    wanted = list(series)
    key = (TelemetrySeries.device, TelemetrySeries.source, TelemetrySeries.quantity)
    for start in range(0, len(wanted), MOST_SERIES_A_QUERY):
        yield query.where(is_one_of(key, wanted[start : start + MOST_SERIES_A_QUERY]))
