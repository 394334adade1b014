"""Tables of assessments. Levels are only ever added: the newest counts, the older are the history."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class Assessment(Base):
    """One assessment of one year; ``framework`` is the version that it began with."""

    __tablename__ = "spbe_assessment"
    __table_args__ = (UniqueConstraint("year", "kind", "framework"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    framework: Mapped[str] = mapped_column(String(48))  # "spbe-2020/1"
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(9))  # mandiri, eksternal
    begun_by: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class AssessedLevel(Base):
    """A level that somebody gave an indicator, and why."""

    __tablename__ = "spbe_level"
    __table_args__ = (Index("ix_spbe_level_assessment", "assessment", "indicator", "id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    assessment: Mapped[int] = mapped_column(ForeignKey("spbe_assessment.id"))
    indicator: Mapped[int] = mapped_column(SmallInteger)
    level: Mapped[int] = mapped_column(SmallInteger)
    note: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Evidence(Base):
    """A file or a link that shows the level; ``withdrawn_at``: taken back, and still known."""

    __tablename__ = "spbe_evidence"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    assessment: Mapped[int] = mapped_column(ForeignKey("spbe_assessment.id"), index=True)
    indicator: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(300), default="")  # of a link
    sha256: Mapped[str] = mapped_column(String(64), default="")  # of a file
    media_type: Mapped[str] = mapped_column(String(40), default="")
    author: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class EvidenceLook(Base):
    """The last look at a link of evidence; ``since`` is when it began to be so."""

    __tablename__ = "spbe_evidence_look"

    evidence: Mapped[int] = mapped_column(
        ForeignKey("spbe_evidence.id"), primary_key=True, autoincrement=False
    )
    due_at: Mapped[datetime] = mapped_column(index=True)
    at: Mapped[datetime]
    since: Mapped[datetime]
    standing: Mapped[str] = mapped_column(String(16))  # a Standing of hub.outside.looking
    detail: Mapped[str] = mapped_column(String(200))
