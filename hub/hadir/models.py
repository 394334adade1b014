"""Tables of attendance. Scans are appended to, never changed; what is decided has dates and a scope."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class DoorScan(Base):
    """One accepted scan, as the door said it; a person is a number."""

    __tablename__ = "door_scan"
    __table_args__ = (
        UniqueConstraint("device", "epoch", "seq"),
        Index("ix_door_scan_device_door_at", "device", "door", "at"),
        Index("ix_door_scan_at", "at"),
        Index("ix_door_scan_person_at", "person", "at"),
        Index("ix_door_scan_token", "token"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63))
    epoch: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(BigInteger)
    door: Mapped[str] = mapped_column(String(32))
    person: Mapped[int] = mapped_column(BigInteger)
    method: Mapped[str] = mapped_column(String(10))
    assurance: Mapped[str] = mapped_column(String(8))
    token: Mapped[str] = mapped_column(String(32))
    flags: Mapped[str] = mapped_column(String(600))  # joined by commas
    roster_version: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime]
    at: Mapped[datetime]
    clock: Mapped[str] = mapped_column(String(8))
    received_at: Mapped[datetime]
    is_late: Mapped[bool]
    # The same code was accepted before, at this door or another: kept, never counted.
    is_repeated: Mapped[bool]


class DoorWatermark(Base):
    """Up to when a device delivered its scans: what it accepted before ``complete_until`` is in."""

    __tablename__ = "door_watermark"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    complete_until: Mapped[datetime | None]


class ReaderService(Base):
    """Since when a device with a door serves a site: before it, nobody could scan there.

    It begins when the device is first heard at the site, or with the first scan it accepted, and ends
    when it is heard at another: what it served before does not travel with it.
    """

    __tablename__ = "reader_service"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    site: Mapped[str] = mapped_column(String(63), primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class WorkCalendar(Base):
    """Ordinary hours of a city, OPD, unit or person; ``hours`` is JSON, see ``results.reading.rows``."""

    __tablename__ = "work_calendar"
    __table_args__ = (UniqueConstraint("scope", "scope_number", "valid_from"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    scope: Mapped[str] = mapped_column(String(8))
    scope_number: Mapped[int] = mapped_column(BigInteger, default=0)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(80))
    hours: Mapped[str] = mapped_column(Text)
    is_example: Mapped[bool] = mapped_column(default=False)


class PublicHoliday(Base):
    """A free day and the decree behind it."""

    __tablename__ = "public_holiday"
    __table_args__ = (UniqueConstraint("day", "scope", "scope_number"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(12))  # national, joint-leave, local
    name: Mapped[str] = mapped_column(String(80))
    decree: Mapped[str] = mapped_column(String(80), default="")
    scope: Mapped[str] = mapped_column(String(8))
    scope_number: Mapped[int] = mapped_column(BigInteger, default=0)
    is_example: Mapped[bool] = mapped_column(default=False)


class HoursPeriod(Base):
    """Other hours for some weeks, as in Ramadan; its days may be moved afterwards."""

    __tablename__ = "hours_period"
    __table_args__ = (UniqueConstraint("name", "scope", "scope_number"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(String(8))
    scope_number: Mapped[int] = mapped_column(BigInteger, default=0)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    hours: Mapped[str] = mapped_column(Text)
    is_example: Mapped[bool] = mapped_column(default=False)


class WorkShift(Base):
    """What the shift roster says of one person and date; no ``hours``: a day off."""

    __tablename__ = "work_shift"

    person_number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    hours: Mapped[str | None] = mapped_column(String(60))


class PersonLeave(Base):
    """An approved leave or duty of one person; a withdrawn one is kept and counts no more."""

    __tablename__ = "person_leave"
    __table_args__ = (UniqueConstraint("person_number", "first", "part"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_number: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(4))
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date, index=True)
    part: Mapped[str] = mapped_column(String(10))
    document: Mapped[str] = mapped_column(String(80), default="")
    approver: Mapped[str] = mapped_column(String(60), default="")
    is_withdrawn: Mapped[bool] = mapped_column(default=False)


class AllowanceTariff(Base):
    """One version of what lateness costs; ``body`` is JSON, see ``results.reading.rows``."""

    __tablename__ = "allowance_tariff"
    __table_args__ = (UniqueConstraint("version"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    version: Mapped[str] = mapped_column(String(40))
    scope: Mapped[str] = mapped_column(String(8))
    scope_number: Mapped[int] = mapped_column(BigInteger, default=0)
    valid_from: Mapped[date] = mapped_column(Date)
    body: Mapped[str] = mapped_column(Text)
    is_example: Mapped[bool] = mapped_column(default=False)


class DayCorrection(Base):
    """What somebody asked to be seen differently on a day; the scans themselves stay as they are."""

    __tablename__ = "day_correction"
    __table_args__ = (Index("ix_day_correction_person_day", "person_number", "day"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_number: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date] = mapped_column(Date)
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    is_excused: Mapped[bool]
    # Minutes after the end of work that are asked to count as overtime.
    overtime_min: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300))
    standing: Mapped[str] = mapped_column(String(12), index=True)  # of hub.hadir.corrections.service.Standing
    asked_by: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(String(40), default="")
    approved_at: Mapped[datetime | None]
    verified_by: Mapped[str] = mapped_column(String(40), default="")
    verified_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    refused_by: Mapped[str] = mapped_column(String(40), default="")
    refused_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(String(300), default="")


class CorrectionAttachment(Base):
    """The photo or PDF beside a correction; the file lies in the hub's folder under its hash."""

    __tablename__ = "correction_attachment"

    correction_id: Mapped[int] = mapped_column(ForeignKey("day_correction.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(20))
    size_bytes: Mapped[int]


class DayOutcome(Base):
    """A published day result; a change makes a new revision and keeps the old ones.

    ``body`` is the whole result as JSON, ``digest`` its SHA-256, so that a recompute that comes
    out the same writes nothing.
    """

    __tablename__ = "day_outcome"
    __table_args__ = (Index("ix_day_outcome_current", "is_current", "day", "person_number"),)

    person_number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_current: Mapped[bool]
    # Beside the body, so that a month of the whole city is added up in the database.
    status: Mapped[str] = mapped_column(String(4))
    late_min: Mapped[int]
    code: Mapped[str] = mapped_column(String(24))
    tariff_version: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    complete_until: Mapped[datetime | None]
    computed_at: Mapped[datetime]


class MonthClosing(Base):
    """A month whose results are frozen for the whole city."""

    __tablename__ = "month_closing"

    first: Mapped[date] = mapped_column(Date, primary_key=True)
    closed_at: Mapped[datetime]
    closed_by: Mapped[str] = mapped_column(String(40))


class DayAdjustment(Base):
    """What a frozen day would be today: booked in an open month, the frozen result stays."""

    __tablename__ = "day_adjustment"
    __table_args__ = (Index("ix_day_adjustment_booked", "booked_in", "person_number"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_number: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date] = mapped_column(Date)
    booked_in: Mapped[date] = mapped_column(Date)  # first of the month
    old_code: Mapped[str] = mapped_column(String(24))
    new_code: Mapped[str] = mapped_column(String(24))
    # Difference of the cut, in hundredths of a percent: less than 0 gives back.
    percent_hundredths: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[datetime]


class ResultRun(Base):
    """One time that the hub worked days out by itself; ``changes`` wait for a person to publish them."""

    __tablename__ = "result_run"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    computed: Mapped[int]
    published: Mapped[int]
    open_days: Mapped[int]
    changes: Mapped[int]
