"""Numbers of channels and series, and which day tables there are, remembered between batches.

What a transaction learned and then rolled back is forgotten again.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import delete, event, text
from sqlalchemy.orm import Session

from hub.bulk import BulkInsert, BulkSelect
from hub.db import pass_alone
from hub.telemetry.models import TelemetryDay
from hub.telemetry.store import Channel, Series

_CHANNEL_KEY = (("device", "text"), ("source", "text"), ("quantities", "text"))
_SERIES_KEY = (("device", "text"), ("source", "text"), ("quantity", "text"))
_add_channels = BulkInsert("telemetry_channel", _CHANNEL_KEY, "ON CONFLICT DO NOTHING")
_read_channels = BulkSelect("telemetry_channel", _CHANNEL_KEY, ("id",))
_add_series = BulkInsert("telemetry_series", _SERIES_KEY, "ON CONFLICT DO NOTHING")
_read_series = BulkSelect("telemetry_series", _SERIES_KEY, ("id",))
_add_days = BulkInsert("telemetry_day", (("day", "bigint"),), "ON CONFLICT DO NOTHING")

_FIRST_DAY = date(1970, 1, 1)


def day_table(day: int) -> str:
    """Return the name of a day's table; ``day`` is days since 1970."""
    return f"telemetry_day_{_FIRST_DAY + timedelta(days=day):%Y%m%d}"


def number_of_day(day: date) -> int:
    """Return days since 1970."""
    return (day - _FIRST_DAY).days


class Catalogue:
    """One a process; given to each store that is bound to a session."""

    def __init__(self) -> None:
        """Begin knowing nothing."""
        self._channels: dict[Channel, int] = {}
        self._series: dict[Channel, tuple[int, ...]] = {}
        self._days: set[int] = set()

    def forget(self, *_rolled_back: object) -> None:
        """Forget everything; the next batch asks the database."""
        self._channels.clear()
        self._series.clear()
        self._days.clear()

    def number_of(self, channel: Channel) -> int:
        """Return the number of a channel that was learned."""
        return self._channels[channel]

    def series_of(self, channel: Channel) -> tuple[int, ...]:
        """Return the numbers of the series of a channel that was learned, in its order."""
        return self._series[channel]

    def learn(self, session: Session, channels: Iterable[Channel]) -> None:
        """Make sure that these channels and their series have numbers."""
        new = [channel for channel in channels if channel not in self._channels]
        if not new:
            return
        by_key = {(one.device, one.source, " ".join(one.quantities)): one for one in new}
        _add_channels.run(session, sorted(by_key))
        for *key, number in _read_channels.run(session, list(by_key)):
            self._channels[by_key[tuple(key)]] = number
        self._learn_series(session, new)

    def _learn_series(self, session: Session, channels: list[Channel]) -> None:
        wanted = sorted({series for channel in channels for series in _series_in(channel)})
        _add_series.run(session, wanted)
        numbers = {Series(*key): number for *key, number in _read_series.run(session, wanted)}
        for channel in channels:
            self._series[channel] = tuple(numbers[series] for series in _series_in(channel))

    def open_day(self, session: Session, day: int) -> None:
        """Make sure that a day has its table."""
        if day in self._days:
            return
        is_sqlite = session.connection().dialect.name == "sqlite"
        # "IF NOT EXISTS" does not keep two workers at midnight from making the same table.
        pass_alone(session, "opening a day of telemetry")
        blob, tail = ("BLOB", " WITHOUT ROWID") if is_sqlite else ("BYTEA", "")
        session.execute(
            text(
                f"CREATE TABLE IF NOT EXISTS {day_table(day)} (channel BIGINT NOT NULL, "
                f"at_ms BIGINT NOT NULL, rank BIGINT NOT NULL, packed {blob} NOT NULL, "
                f"PRIMARY KEY (channel, at_ms, rank)){tail}"
            )
        )
        _add_days.run(session, [(day,)])
        self._days.add(day)

    def drop_day(self, session: Session, day: int) -> None:
        """Remove the empty table of a day."""
        session.execute(text(f"DROP TABLE {day_table(day)}"))
        session.execute(delete(TelemetryDay).where(TelemetryDay.day == day))
        self._days.discard(day)

    def forget_on_rollback(self, session: Session) -> None:
        """Tie this memory to a session that writes; also what another process took away is noticed so."""
        if not event.contains(session, "after_soft_rollback", self.forget):
            event.listen(session, "after_soft_rollback", self.forget)


def _series_in(channel: Channel) -> list[Series]:
    return [Series(channel.device, channel.source, quantity) for quantity in channel.quantities]
