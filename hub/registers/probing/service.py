"""Which addresses are due for a look, and what was found. Takes a session, never commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from hub.outside.looking import Look
from hub.registers.keeping.listing import condition_of
from hub.registers.keeping.models import RegisterRow
from hub.registers.kind.fields import Kind
from hub.registers.kind.reading import shipped_kinds
from hub.registers.probing.models import RegisterProbe

LOOK_EVERY = timedelta(hours=1)
# What is down is looked at again soon, to be sure and to see it come back; less often when it stays so.
LOOK_AGAIN = timedelta(minutes=10)
LOOKS_SOON_FOR = timedelta(hours=3)
# A round of looks, one after the other, each up to a quarter of a minute.
MOST_AT_ONCE = 10
# Warned of from here on; most certificates of today live 90 days and are renewed 30 before.
CERTIFICATE_WARNING = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Due:
    """A row whose address should be looked at."""

    row_id: int
    url: str


def due_rows(db: Session, now: datetime, *, most: int = MOST_AT_ONCE) -> list[Due]:
    """Return rows that were never looked at, not for long, with a new address, or that somebody asked for."""
    found: list[Due] = []
    for kind in probed_kinds():
        address = RegisterRow.values[kind.probe].as_string()
        query = (
            select(RegisterRow.id, address)
            .join(RegisterProbe, RegisterProbe.row_id == RegisterRow.id, isouter=True)
            .where(
                is_probed(kind),
                or_(
                    RegisterProbe.due_at.is_(None), RegisterProbe.due_at <= now, RegisterProbe.url != address
                ),
            )
            .order_by(RegisterProbe.due_at, RegisterRow.id)
            .limit(most - len(found))
        )
        found += [Due(row_id, url) for row_id, url in db.execute(query)]
        if len(found) >= most:
            break
    return found


def is_probed(kind: Kind) -> ColumnElement[bool]:
    """Return the condition of rows that have an address and should answer."""
    should = true() if kind.probe_if is None else condition_of(kind, kind.probe_if)
    return and_(
        RegisterRow.kind == kind.code,
        RegisterRow.is_retired.is_(False),
        RegisterRow.values[kind.probe].as_string().is_not(None),
        should,
    )


def probed_kinds() -> list[Kind]:
    """Return the kinds whose rows have an address that is looked at."""
    return [kind for kind in shipped_kinds().values() if kind.probe]


def keep_look(db: Session, due: Due, look: Look, now: datetime) -> None:
    """Keep what a look found."""
    probe = db.get(RegisterProbe, due.row_id)
    if probe is None:
        probe = RegisterProbe(row_id=due.row_id, due_at=now)
        db.add(probe)
    if probe.standing != look.standing or probe.url != due.url:
        probe.since = now
    since = probe.since or now
    is_new_trouble = look.standing.is_down and now - since < LOOKS_SOON_FOR
    probe.at, probe.due_at, probe.url = now, now + (LOOK_AGAIN if is_new_trouble else LOOK_EVERY), due.url
    probe.standing, probe.detail, probe.status = look.standing, look.detail, look.status
    probe.took_ms = look.took_ms
    if not look.standing.is_down:
        # What is down shows neither: what was known of them stays.
        probe.certificate_until, probe.changed_on = look.certificate_until, look.changed_on
    db.flush()


def ask_soon(db: Session, row_id: int) -> None:
    """Have a row looked at in the next round."""
    probe = db.get(RegisterProbe, row_id)
    if probe is not None and probe.at is not None:
        probe.due_at = probe.at
        db.flush()


def probe_of(db: Session, row_id: int) -> RegisterProbe | None:
    """Return the last look at a row, if there was one."""
    return db.get(RegisterProbe, row_id)
