"""Fault tickets: opened, moved and closed by their outages, worked on by people.

The outage knows three calls only, ``open_ticket``, ``hand_over_ticket`` and ``close_ticket_of``:
behind them a case engine can take the tickets over.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cctv.outages.models import FaultTicket, TicketNote
from hub.errors import InputError, NotFoundError
from hub.web.i18n import N_

# West Indonesian time has no daylight saving (Keppres 41/1987); numbers begin anew with its year.
_WIB = timezone(timedelta(hours=7))
MAX_TEXT = 500


class TicketState(StrEnum):
    """How far the work is."""

    DETECTED = "detected"
    ASSIGNED = "assigned"
    IN_FIELD = "in-field"
    RECOVERED = "recovered"


STATE_WORDS: Mapping[TicketState, str] = {
    TicketState.DETECTED: N_("terdeteksi"),
    TicketState.ASSIGNED: N_("ditugaskan"),
    TicketState.IN_FIELD: N_("di lapangan"),
    TicketState.RECOVERED: N_("pulih"),
}


def ticket_of(db: Session, outage: int) -> FaultTicket | None:
    """Return the ticket of an outage, if it lasted long enough to have one."""
    return db.scalars(select(FaultTicket).where(FaultTicket.outage == outage)).first()


def open_ticket(db: Session, *, outage: int, owner: str, now: datetime) -> FaultTicket:
    """Give an outage its ticket, or the one it had back to work.

    Args:
        db: A writing session.
        outage: Its number.
        owner: The OPD that most of its cameras belong to; empty when nobody knows.
        now: The present.
    """
    found = ticket_of(db, outage)
    if found is None:
        found = FaultTicket(
            number=_next_number(db, now),
            outage=outage,
            owner=owner,
            assignee="",
            state=TicketState.DETECTED,
            opened_at=now,
            closed_at=None,
        )
        db.add(found)
        db.flush()
        _note(db, found, "", by="", now=now)
    elif found.closed_at is not None:
        found.closed_at = None
        found.state = TicketState.ASSIGNED if found.assignee else TicketState.DETECTED
        _note(db, found, "", by="", now=now)
    return found


def close_ticket_of(db: Session, *, outage: int, now: datetime) -> None:
    """Close the ticket of an outage that is over; does nothing where there is none."""
    found = ticket_of(db, outage)
    if found is None or found.closed_at is not None:
        return
    found.state, found.closed_at = TicketState.RECOVERED, now
    _note(db, found, "", by="", now=now)


def hand_over_ticket(db: Session, *, outage: int, target: int, now: datetime) -> None:
    """Let the outage that holds another one now have its ticket, or close it beside that one's own."""
    found = ticket_of(db, outage)
    if found is None:
        return
    if ticket_of(db, target) is None:
        found.outage = target
        db.flush()
    else:
        close_ticket_of(db, outage=outage, now=now)


def work_on(
    db: Session, number: str, *, state: str, assignee: str, text: str, by: str, now: datetime
) -> FaultTicket:
    """Note what somebody does about a ticket.

    Args:
        db: A writing session.
        number: Of the ticket.
        state: A ``TicketState``; "recovered" is said by the outage only.
        assignee: Who goes there; empty: nobody yet.
        text: What is to be remembered; may be empty when something else changes.
        by: Name of the account.
        now: The present.

    Raises:
        InputError: no such state, or nothing was said; tells what to do.
        NotFoundError: there is no such ticket.
    """
    found = db.scalars(select(FaultTicket).where(FaultTicket.number == number)).first()
    if found is None:
        raise NotFoundError(f"fault ticket {number}")
    assignee, text = assignee.strip()[:80], text.strip()[:MAX_TEXT]
    if found.closed_at is not None:
        state, assignee = found.state, found.assignee
    elif state not in (TicketState.DETECTED, TicketState.ASSIGNED, TicketState.IN_FIELD):
        raise InputError("pilih keadaan tiket; 'pulih' dicatat sendiri saat kamera kembali")
    if state == TicketState.ASSIGNED and not assignee:
        raise InputError("tulis siapa yang ditugaskan")
    if (state, assignee) == (found.state, found.assignee) and not text:
        raise InputError("belum ada yang berubah; tulis catatan atau ganti keadaannya")
    found.state, found.assignee = state, assignee
    _note(db, found, text, by=by, now=now)
    return found


def notes_of(db: Session, ticket: int) -> list[TicketNote]:
    """Return what happened to a ticket, the newest first."""
    query = select(TicketNote).where(TicketNote.ticket == ticket).order_by(TicketNote.id.desc())
    return list(db.scalars(query))


def tickets_listed(db: Session, *, is_open: bool) -> list[FaultTicket]:
    """Return open tickets, the oldest first, or the newest closed ones."""
    query = select(FaultTicket)
    if is_open:
        return list(db.scalars(query.where(FaultTicket.closed_at.is_(None)).order_by(FaultTicket.id)))
    closed = query.where(FaultTicket.closed_at.is_not(None)).order_by(FaultTicket.closed_at.desc())
    return list(db.scalars(closed.limit(200)))


def _note(db: Session, ticket: FaultTicket, text: str, *, by: str, now: datetime) -> None:
    db.add(TicketNote(ticket=ticket.id, at=now, by=by, state=ticket.state, text=text))
    db.flush()


def _next_number(db: Session, now: datetime) -> str:
    head = f"GGN-{now.astimezone(_WIB).year}-"
    newest = db.scalar(select(func.max(FaultTicket.number)).where(FaultTicket.number.startswith(head)))
    return f"{head}{int(newest.removeprefix(head)) + 1 if newest else 1:05d}"
