"""Tables of findings, of what happened to them, of billboards, and of the tariffs a city entered."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class Finding(Base):
    """A place that somebody marked on a picture of a camera.

    The mark is in shares of the picture, 0..1. ``original`` and ``marked`` are SHA-256 of
    ``hub.cctv.pictures.store``; the original never changes, so that both can be held together.
    """

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_opd_state", "opd", "state"),
        Index("ix_finding_camera", "device", "camera", "kind"),
        Index("ix_finding_made", "made_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # of hub.cctv.findings.kinds.FindingKind
    state: Mapped[str] = mapped_column(String(12))  # of hub.cctv.findings.rules.State
    device: Mapped[str] = mapped_column(String(63))
    camera: Mapped[str] = mapped_column(String(32))
    site: Mapped[str] = mapped_column(String(63))  # where the device stood then
    event: Mapped[int | None]
    taken_at: Mapped[datetime]
    purpose: Mapped[str] = mapped_column(String(24))
    source: Mapped[str] = mapped_column(String(8))  # still, live, event
    left: Mapped[float]
    top: Mapped[float]
    width: Mapped[float]
    height: Mapped[float]
    original: Mapped[str] = mapped_column(String(64))
    marked: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(500))
    opd: Mapped[int | None]
    due_on: Mapped[date | None] = mapped_column(Date)
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    # The first finding of the same thing; empty: it is that itself.
    first_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"), index=True)


class FindingStep(Base):
    """One thing that happened to a finding; never changed afterwards."""

    __tablename__ = "finding_step"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    finding: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    act: Mapped[str] = mapped_column(String(12))  # an Act, or "make" for its beginning
    state: Mapped[str] = mapped_column(String(12))  # after it
    opd: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    photo: Mapped[str] = mapped_column(String(64), default="")  # SHA-256, of whoever acted


class Billboard(Base):
    """What is known of the billboard that a first finding shows; empty is "not known", never guessed."""

    __tablename__ = "billboard"

    finding: Mapped[int] = mapped_column(ForeignKey("finding.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(16), default="")  # of hub.cctv.findings.revenue.FORMS
    width_m: Mapped[float | None]
    height_m: Mapped[float | None]
    permit: Mapped[str] = mapped_column(String(60), default="")
    valid_until: Mapped[date | None] = mapped_column(Date)
    is_gone: Mapped[bool] = mapped_column(default=False)


class BillboardTariff(Base):
    """What the city takes for a form of billboard, as the city entered it."""

    __tablename__ = "billboard_tariff"

    form: Mapped[str] = mapped_column(String(16), primary_key=True)
    rupiah_m2_month: Mapped[int] = mapped_column(BigInteger)
    basis: Mapped[str] = mapped_column(String(120))  # the regulation it is from
    set_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]
