"""Tables of outages, their verdicts, tickets and maintenance windows. Only the keeper writes outages."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class Outage(Base):
    """One root cause: a camera, a device, a point or a switch that gave nothing, or nothing usable."""

    __tablename__ = "outage"
    __table_args__ = (
        Index("ix_outage_ended_at", "ended_at"),
        Index("ix_outage_began_at", "began_at"),
        Index("ix_outage_scope_key", "scope", "key"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    scope: Mapped[str] = mapped_column(String(8))  # a Scope
    key: Mapped[str] = mapped_column(String(100))  # of the point, switch or device; device/camera
    site: Mapped[str] = mapped_column(String(63))  # the point, the first one when a switch spans several
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    cause: Mapped[str] = mapped_column(String(8), default="unknown")  # a hub.cctv.rules.Cause
    confidence: Mapped[float] = mapped_column(default=0.0)
    evidence: Mapped[str] = mapped_column(Text, default="")  # names of facts, strongest first
    facts: Mapped[str] = mapped_column(Text)  # JSON of hub.cctv.outages.facts.OutageFacts
    flaps: Mapped[int] = mapped_column(default=0)  # how often it came back for a moment only
    folded_into: Mapped[int | None] = mapped_column(BigInteger)  # the outage of the place that holds it
    alarm_said: Mapped[str] = mapped_column(String(120), default="")  # what the alarm was told last


class OutageCamera(Base):
    """A camera that an outage holds, from when to when; flapping makes several rows."""

    __tablename__ = "outage_camera"
    __table_args__ = (
        Index("ix_outage_camera_outage", "outage"),
        Index("ix_outage_camera_of", "device", "camera", "began_at"),
        Index("ix_outage_camera_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    outage: Mapped[int] = mapped_column(ForeignKey("outage.id"))
    device: Mapped[str] = mapped_column(String(63))
    camera: Mapped[str] = mapped_column(String(32))
    is_dark: Mapped[bool]  # false: there is a picture, and it is of no use
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OutageVerdict(Base):
    """What was thought of an outage from ``at`` on; the newest is the outage's own."""

    __tablename__ = "outage_verdict"
    __table_args__ = (Index("ix_outage_verdict_outage", "outage"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    outage: Mapped[int] = mapped_column(ForeignKey("outage.id"))
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(16))  # a Change: what brought it
    scope: Mapped[str] = mapped_column(String(8))
    cause: Mapped[str] = mapped_column(String(8))
    confidence: Mapped[float]
    evidence: Mapped[str] = mapped_column(Text)


class OutageKeeping(Base):
    """How far the keeper is; one row."""

    __tablename__ = "outage_keeping"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    began_at: Mapped[datetime]  # of the first turn ever: nothing is known from before
    turned_at: Mapped[datetime]
    event_id: Mapped[int] = mapped_column(BigInteger)  # the newest event that was looked at


class HubBlind(Base):
    """A time in which the hub could not know: it was down, or heard nobody. Not the cameras' fault."""

    __tablename__ = "hub_blind"
    __table_args__ = (Index("ix_hub_blind_ended_at", "ended_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    why: Mapped[str] = mapped_column(String(8))  # down, deaf
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FaultTicket(Base):
    """Somebody's work on an outage, from its detection until it is over."""

    __tablename__ = "fault_ticket"
    __table_args__ = (UniqueConstraint("outage"), UniqueConstraint("number"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20))  # GGN-2026-00042
    outage: Mapped[int] = mapped_column(ForeignKey("outage.id"))
    owner: Mapped[str] = mapped_column(String(80))  # the OPD that most of its cameras belong to
    assignee: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(12))  # a TicketState
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # The case in which people work on it, and how far that was followed: "", "open", "closed".
    case_number: Mapped[str] = mapped_column(String(24), default="")
    followed: Mapped[str] = mapped_column(String(6), default="")


class TicketNote(Base):
    """What was done or said on a ticket; nothing is changed or deleted."""

    __tablename__ = "ticket_note"
    __table_args__ = (Index("ix_ticket_note_ticket", "ticket"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    ticket: Mapped[int] = mapped_column(ForeignKey("fault_ticket.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))  # name of the account; empty: the hub itself
    state: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(500))


class MaintenanceWindow(Base):
    """A time in which a place may be dark: of a point, a device or one camera."""

    __tablename__ = "maintenance_window"
    __table_args__ = (Index("ix_maintenance_window_ends_at", "ends_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    site: Mapped[str] = mapped_column(String(63))
    device: Mapped[str] = mapped_column(String(63), default="")  # empty: the whole point
    camera: Mapped[str] = mapped_column(String(32), default="")  # empty: the whole device
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
