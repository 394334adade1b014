"""Tables of measures. Points are narrow: what a point is about stands once, with its series."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class MeasureSeries(Base):
    """One measure of one place, department, point, market or dimension; what does not apply is empty."""

    __tablename__ = "measure_series"
    __table_args__ = (
        UniqueConstraint("measure", "kecamatan", "kelurahan", "opd", "site", "market", "dimension"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    measure: Mapped[str] = mapped_column(String(60))  # code of the catalogue
    kecamatan: Mapped[str] = mapped_column(String(13), default="")  # of the kelurahan, or alone
    kelurahan: Mapped[str] = mapped_column(String(13), default="")
    opd: Mapped[str] = mapped_column(String(10), default="")  # its number
    site: Mapped[str] = mapped_column(String(63), default="")
    market: Mapped[str] = mapped_column(String(32), default="")
    # What else tells series apart: a commodity, "berita|instagram", the code of a sub kegiatan.
    dimension: Mapped[str] = mapped_column(String(80), default="")


class MeasurePoint(Base):
    """The value of a series from one moment on, for as long as the measure's grain says.

    ``weight`` is what a share is a share of, and 1 for all else. No row id of its own: ten million
    of them are kept, in the order in which they are read.
    """

    __tablename__ = "measure_point"
    __table_args__ = (
        Index("ix_measure_point_source", "source"),
        {"sqlite_with_rowid": False},
    )

    series: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at_s: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # since 1970, UTC
    value: Mapped[float]
    weight: Mapped[float]
    quality: Mapped[int] = mapped_column(SmallInteger)  # of hub.measures.keeping.quality.Quality
    source: Mapped[int] = mapped_column(BigInteger)


class MeasureRollup(Base):
    """What the points of a series come to in a day, month or year of the city; written with the points."""

    __tablename__ = "measure_rollup"
    __table_args__ = ({"sqlite_with_rowid": False},)

    series: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    grain: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    begin_s: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    samples: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[float]
    weight: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    last: Mapped[float]
    last_at_s: Mapped[int] = mapped_column(BigInteger)
    quality: Mapped[int] = mapped_column(SmallInteger)  # the worst


class MeasureSource(Base):
    """Where points came from: a file, somebody's entry, a module of the hub, sensors."""

    __tablename__ = "measure_source"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))  # of hub.measures.keeping.sources.SourceKind
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(200), default="")  # of the rows behind, within the hub
    author: Mapped[str] = mapped_column(String(64), default="system")  # name of the account
    is_example: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class MeasureCity(Base):
    """What all series of a measure come to together in a period, its own grain and coarser ones.

    The first number of every board: without it each look would add up hundreds of series.
    """

    __tablename__ = "measure_city"
    __table_args__ = ({"sqlite_with_rowid": False},)

    measure: Mapped[str] = mapped_column(String(60), primary_key=True)
    grain: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    begin_s: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    value: Mapped[float | None]  # None: a share of nothing
    samples: Mapped[int] = mapped_column(BigInteger)
    quality: Mapped[int] = mapped_column(SmallInteger)  # the worst
