"""Tables that only complaints have; the complaint itself is a case (``hub.cases.keeping.models``)."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class ComplaintWording(Base):
    """How the public reads a complaint after moderation; the newest row counts, the case keeps the original.

    ``is_hidden``: not shown to the public at all.
    """

    __tablename__ = "complaint_wording"
    __table_args__ = (Index("ix_complaint_wording_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(300))
    account: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class ComplaintSupport(Base):
    """Somebody has the same complaint; ``voice`` is a keyed digest, so that nobody counts twice."""

    __tablename__ = "complaint_support"
    __table_args__ = (UniqueConstraint("case_id", "voice"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    voice: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class OutsideComplaint(Base):
    """What another system calls a complaint: the same one never comes in twice."""

    __tablename__ = "complaint_outside"
    __table_args__ = (UniqueConstraint("system", "number"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True, autoincrement=False)
    system: Mapped[str] = mapped_column(String(12))  # sp4n, open311
    number: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class OutsideWords(Base):
    """What a program sent of a complaint that the service does not ask: nobody checked any of it.

    ``media_url`` is never fetched; officers see it as a link that they may open.
    """

    __tablename__ = "complaint_outside_words"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True, autoincrement=False)
    media_url: Mapped[str] = mapped_column(String(2000), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")  # where it is none of this country


class PublishedFigure(Base):
    """A number of complaints as the city published it, beside what is counted here."""

    __tablename__ = "complaint_figure"
    __table_args__ = (UniqueConstraint("subject", "period", "part", "key", "source"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(15))
    part: Mapped[str] = mapped_column(String(12))  # of hub.cases.complaints.statistics.figures.Part
    key: Mapped[str] = mapped_column(String(120))
    count: Mapped[int]
    source: Mapped[str] = mapped_column(String(120))
    is_example: Mapped[bool]
    imported_by: Mapped[str] = mapped_column(String(60))
    imported_at: Mapped[datetime]


class ComplaintTally(Base):
    """How many complaints of one month are alike on one side; counted anew when one of them changes."""

    __tablename__ = "complaint_tally"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)  # "2026-11" of the city's calendar
    side: Mapped[str] = mapped_column(String(12), primary_key=True)  # month, opd, status, category, kelurahan
    key: Mapped[str] = mapped_column(String(48), primary_key=True)
    count: Mapped[int]


class TalliesMade(Base):
    """Up to which step of cases the tallies are true; one row."""

    __tablename__ = "complaint_tallies_made"

    ONLY: ClassVar[int] = 1
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    up_to_step: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    whole_at: Mapped[datetime]  # when all months were counted last
