"""Tables of the telemetry store that are always there; day tables are made as days come."""

from sqlalchemy import BigInteger, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class TelemetryChannel(Base):
    """One source of a device and the quantities of its rows, in order, separated by spaces."""

    __tablename__ = "telemetry_channel"
    __table_args__ = (UniqueConstraint("device", "source", "quantities"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63))
    source: Mapped[str] = mapped_column(String(32))
    quantities: Mapped[str] = mapped_column(Text)


class TelemetrySeries(Base):
    """The short number of a (device, source, quantity)."""

    __tablename__ = "telemetry_series"
    __table_args__ = (UniqueConstraint("device", "source", "quantity"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63))
    source: Mapped[str] = mapped_column(String(32))
    quantity: Mapped[str] = mapped_column(String(100))


class TelemetryLast(Base):
    """The newest value of each series."""

    __tablename__ = "telemetry_last"

    series: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    value: Mapped[float]


class TelemetryHourly(Base):
    """Count, sum and extremes of a series in one hour; ``hour`` is hours since 1970, UTC."""

    __tablename__ = "telemetry_hourly"

    series: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hour: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    samples: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]


class TelemetryDaily(Base):
    """Count, sum and extremes of a series in one day of the city; ``day`` is days since 1970, WIB."""

    __tablename__ = "telemetry_daily"

    series: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    samples: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]


class TelemetryDailyMade(Base):
    """The city days of which :class:`TelemetryDaily` is whole."""

    __tablename__ = "telemetry_daily_made"

    day: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class TelemetryLate(Base):
    """A note that rows came for a city day long after it was over; the chore of days takes it away."""

    __tablename__ = "telemetry_late"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    day: Mapped[int] = mapped_column(BigInteger)


class TelemetryDay(Base):
    """The day tables there are: ``telemetry_day_<yyyymmdd>``; ``day`` is days since 1970, UTC."""

    __tablename__ = "telemetry_day"

    day: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class TelemetrySealed(Base):
    """One day of one channel, packed: see :mod:`hub.telemetry.sealing.packing`."""

    __tablename__ = "telemetry_sealed"

    channel: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chunk: Mapped[bytes] = mapped_column(LargeBinary)


class TelemetryFeed(Base):
    """What the mirror has still to be told: the readings of one commit, packed."""

    __tablename__ = "telemetry_feed"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class TelemetryMirror(Base):
    """How far a mirror is known to be safe; one row a mirror."""

    __tablename__ = "telemetry_mirror"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    feed_id: Mapped[int] = mapped_column(BigInteger)
