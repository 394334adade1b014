"""Tables of cases: where each stands, what happened to it, what it waits for. Steps are only ever added."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId

_IS_OPEN = "closed_at IS NULL"
_IS_ASSIGNED = "assigned_account IS NOT NULL"


def _partial(name: str, *columns: str, where: str) -> Index:
    """Return an index of the rows that a condition picks, on both databases."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class DefinitionVersion(Base):
    """One version of a service as it was when it came to be used; its body is never changed."""

    __tablename__ = "case_definition"

    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)  # JSON of hub.cases.definition.service.ServiceDefinition
    sha256: Mapped[str] = mapped_column(String(64))
    kept_at: Mapped[datetime]
    # None: a draft of the editor; no case begins with it.
    published_at: Mapped[datetime | None]
    author: Mapped[str] = mapped_column(String(60), default="system")  # name of the account


class CaseRecord(Base):
    """One case. ``revision`` counts its changes: who acts on an older one came too late.

    ``answers`` is JSON of ``{field: [text, …]}``; a NIK is in it as the engine hides it.
    Latitude and longitude 0.0 are a place: the equator crosses the city.
    """

    __tablename__ = "case_record"
    __table_args__ = (
        Index("ix_case_record_service", "service", "id"),
        Index("ix_case_record_opd", "opd", "id"),
        Index("ix_case_record_kelurahan", "kelurahan", "id"),
        Index("ix_case_record_kecamatan", "kecamatan", "id"),
        _partial("ix_case_record_assigned", "assigned_account", "queue_at", where=_IS_ASSIGNED),
        Index("ix_case_record_account", "applicant_account", "id"),
        Index("ix_case_record_person", "applicant_person", "id"),
        Index("ix_case_record_camera", "camera_device", "camera", "id"),
        # Of years of cases few are open: maps and lists of these look at no other.
        _partial("ix_case_record_open", "family", "opened_at", where=_IS_OPEN),
        _partial("ix_case_record_open_place", "family", "category", "latitude", "longitude", where=_IS_OPEN),
        _partial("ix_case_record_queue", "queue_at", "id", where=_IS_OPEN),
        # Holds all that statistics count by: 200,000 rows are counted without being read.
        Index(
            "ix_case_record_opened",
            *("family", "opened_at", "opd", "public_status", "category", "kelurahan", "secrecy"),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    tracking_code: Mapped[str] = mapped_column(String(10), unique=True)
    service: Mapped[str] = mapped_column(String(48))
    version: Mapped[int]
    family: Mapped[str] = mapped_column(String(12))  # of hub.cases.definition.service.Family
    title: Mapped[str] = mapped_column(String(120))  # one line that lists show
    # The answer to the field "category", where a service asks that: complaints are counted by it.
    category: Mapped[str] = mapped_column(String(32), default="")
    stage: Mapped[str] = mapped_column(String(32))
    public_status: Mapped[str] = mapped_column(String(24))
    applicant_account: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    applicant_person: Mapped[int | None] = mapped_column(BigInteger)  # a citizen's number
    applicant_name: Mapped[str] = mapped_column(String(80), default="")
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # at the counter, for somebody
    secrecy: Mapped[str] = mapped_column(String(9), default="open")  # of hub.cases.keeping.engine.Secrecy
    answers: Mapped[str] = mapped_column(Text)
    opd: Mapped[int | None] = mapped_column(ForeignKey("opd.number"))
    assigned_account: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    kelurahan: Mapped[str | None] = mapped_column(String(13))
    kecamatan: Mapped[str | None] = mapped_column(String(13))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    camera_device: Mapped[str | None] = mapped_column(String(63))
    camera: Mapped[str | None] = mapped_column(String(32))
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    stage_since: Mapped[datetime]
    due_at: Mapped[datetime | None]  # of the whole case; None: no clock, or it stands still
    stage_due_at: Mapped[datetime | None]
    paused_since: Mapped[datetime | None]
    # The sooner of the two, or far away: what the inbox is sorted by. Past it: open and late.
    queue_at: Mapped[datetime]
    # When its clocks must be looked at again; None: nothing is to be told or done by itself.
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True)
    # The complaint that this was a part of, before somebody made two of it.
    part_of: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True)


class CaseWait(Base):
    """Whom an open case waits for: ``role@city``, ``role@opd:7``, ``role@kelurahan:61.71.04.1004`` …

    Written anew with each step: the inbox of somebody is the rows of the desks that they hold.
    """

    __tablename__ = "case_wait"
    __table_args__ = (Index("ix_case_wait_desk", "desk", "queue_at", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True, autoincrement=False)
    desk: Mapped[str] = mapped_column(String(100), primary_key=True)
    service: Mapped[str] = mapped_column(String(48))
    stage: Mapped[str] = mapped_column(String(32))
    queue_at: Mapped[datetime]


class CaseStep(Base):
    """One thing that happened. ``capacity`` says when it was done for somebody else: "Plh., SK …"."""

    __tablename__ = "case_step"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    seq: Mapped[int]
    action: Mapped[str] = mapped_column(String(32))  # "file" for its beginning
    from_stage: Mapped[str] = mapped_column(String(32))
    to_stage: Mapped[str] = mapped_column(String(32))
    account: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))  # in which it was done
    capacity: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    # What is said of single fields: JSON of {field or requirement: text}.
    remarks: Mapped[str] = mapped_column(Text, default="")
    is_public_note: Mapped[bool] = mapped_column(default=False)  # the applicant is told it
    at: Mapped[datetime]


class CaseFile(Base):
    """A file that came for a requirement; the bytes are kept under their SHA-256."""

    __tablename__ = "case_file"
    __table_args__ = (Index("ix_case_file_case", "case_id", "requirement"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    requirement: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(40))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    width_px: Mapped[int | None]
    height_px: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(8))  # citizen, officer, camera
    step_seq: Mapped[int]  # the step it came with
    added_at: Mapped[datetime]
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    verified_at: Mapped[datetime | None]
    valid_until: Mapped[date | None] = mapped_column(Date)
    is_hidden: Mapped[bool] = mapped_column(default=False)  # by moderation; the file stays


class CaseOpinion(Base):
    """A technical opinion. ``is_current`` until the case moves on, or a newer one of its kind comes."""

    __tablename__ = "case_opinion"
    __table_args__ = (Index("ix_case_opinion_case", "case_id", "opinion"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    stage: Mapped[str] = mapped_column(String(32))
    opinion: Mapped[str] = mapped_column(String(32))
    is_favourable: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    account: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    is_current: Mapped[bool] = mapped_column(default=True)


class CaseEscalation(Base):
    """That a share of a promised time was used up and somebody was told: once for each clock."""

    __tablename__ = "case_escalation"
    __table_args__ = (UniqueConstraint("case_id", "clock", "began_at", "percent"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    clock: Mapped[str] = mapped_column(String(40))  # "case", or "stage:<id>"
    began_at: Mapped[datetime]
    percent: Mapped[int]
    role: Mapped[str] = mapped_column(String(32))
    told: Mapped[int]  # how many accounts hold that role here
    at: Mapped[datetime]


class CaseCounter(Base):
    """The last number given out of a series in a year; numbers have no gaps."""

    __tablename__ = "case_counter"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)


class CalendarSeen(Base):
    """Which calendar due times were counted by, and how far counting them anew has come; one row."""

    __tablename__ = "case_calendar_seen"

    ONLY: ClassVar[int] = 1
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    # The smallest number that is still to be counted; None: all are.
    next_case: Mapped[int | None] = mapped_column(BigInteger)


class RoleDelegation(Base):
    """Somebody acts in another's role for some days, by a decree; ``kind`` is "plt" or "plh"."""

    __tablename__ = "role_delegation"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("role_grant.id"), index=True)
    to_account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(3))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)  # the last day, included
    decree: Mapped[str] = mapped_column(String(80))
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
