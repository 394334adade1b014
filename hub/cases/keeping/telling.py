"""Telling officers of a case: whom it waits for now, and who must know that time runs out. Never commits."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.definition.service import ServiceDefinition
from hub.cases.keeping.engine import CaseEngine
from hub.cases.keeping.holders import accounts_at
from hub.cases.keeping.models import CaseRecord
from hub.notify.models import NotifyAddress
from hub.notify.service import Channel, Recipient, queue
from hub.people.models import Account


def tell_next(
    db: Session,
    engine: CaseEngine,
    case: CaseRecord,
    definition: ServiceDefinition,
    *,
    desks: Iterable[str],
    but: int | None,
    now: datetime,
) -> int:
    """Tell whoever a case waits for now that it came to them; return for how many addresses.

    Args:
        db: A writing session.
        engine: Knows the address of the page.
        case: After its step.
        definition: Of the case.
        desks: Where it waits.
        but: The account that brought it here and need not be told.
        now: The present.
    """
    given = case.assigned_account
    accounts = ({given} if given is not None else accounts_at(db, desks, now)) - {but}
    label = definition.stage(case.stage).label
    subject = f"Berkas {case.number}: {label}"
    lines = [subject, definition.label, *_due_line(case, engine)]
    about = f"case:{case.id}:{case.revision}"
    return say(db, accounts, subject, lines, link=engine.link_of(case), about=about, now=now)


def tell_late(
    db: Session,
    engine: CaseEngine,
    case: CaseRecord,
    definition: ServiceDefinition,
    *,
    accounts: Iterable[int],
    percent: int,
    clock: str,
    now: datetime,
) -> int:
    """Tell some accounts that so much of a promised time is used up; return for how many addresses."""
    label = definition.stage(case.stage).label
    word = "lewat waktu" if percent >= 100 else f"{percent} % waktunya terpakai"
    subject = f"Berkas {case.number} {word}: {label}"
    lines = [subject, definition.label, *_due_line(case, engine)]
    about = f"case:{case.id}:{clock}:{case.stage_since.isoformat()}:{percent}"
    return say(db, accounts, subject, lines, link=engine.link_of(case), about=about, now=now)


def say(
    db: Session,
    accounts: Iterable[int],
    subject: str,
    lines: Iterable[str],
    *,
    link: str,
    about: str,
    now: datetime,
) -> int:
    """Put one message for each address of some accounts into the outbox; return how many were new."""
    rows = db.scalars(
        select(NotifyAddress)
        .join(Account, Account.id == NotifyAddress.account_id)
        .where(NotifyAddress.account_id.in_(tuple(accounts)), Account.is_disabled.is_(False))
        .order_by(NotifyAddress.id)
    ).all()
    text = "\n".join(lines)
    return sum(
        queue(
            db,
            to=Recipient(Channel(row.channel), row.address, row.account_id),
            subject=subject,
            text=text,
            link=link,
            now=now,
            about=about,
        )
        for row in rows
    )


def _due_line(case: CaseRecord, engine: CaseEngine) -> list[str]:
    moments = [at for at in (case.due_at, case.stage_due_at) if at is not None]
    if not moments:
        return []
    return [f"Tenggat: {min(moments).astimezone(engine.zone):%d-%m-%Y %H.%M}"]
