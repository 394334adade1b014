"""Putting messages into the outbox. Takes a session, never commits, never sends."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.notify.models import OutboxMessage
from hub.notify.wording import without_personal_numbers

# Long enough to answer "was I told?", short enough not to be an archive of addresses.
KEPT_FOR = timedelta(days=90)


class Channel(StrEnum):
    """How somebody is told."""

    EMAIL = "email"
    TELEGRAM = "telegram"
    WEBHOOK = "webhook"


class State(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"  # given up after the last try


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address; ``account_id`` is whose it is, ``None``: nobody's in particular."""

    channel: Channel
    address: str
    account_id: int | None = None


def queue(
    db: Session,
    *,
    to: Recipient,
    subject: str,
    text: str,
    link: str,
    now: datetime,
    about: str = "",
    not_before: datetime | None = None,
) -> bool:
    """Put a message into the outbox.

    Args:
        db: A writing session; the message stands or falls with its transaction.
        to: The address.
        subject: One line.
        text: What is said; what looks like a NIK or NIP is hidden, passwords have no place in it.
        link: Path on this hub that shows more, or empty.
        now: The present.
        about: What the message is about; the same thing is told an address once. Empty: the text.
        not_before: Earliest time to send it.

    Returns:
        Whether it is new; ``False``: this address was told already.
    """
    what = about or f"{subject}\n{text}\n{link}"
    dedupe = hashlib.sha256(f"{to.channel}\n{to.address}\n{what}".encode()).hexdigest()
    if db.scalars(select(OutboxMessage.id).where(OutboxMessage.dedupe == dedupe)).first() is not None:
        return False
    db.add(
        OutboxMessage(
            dedupe=dedupe,
            account_id=to.account_id,
            channel=to.channel,
            address=to.address,
            subject=without_personal_numbers(" ".join(subject.split()))[:200],
            text=without_personal_numbers(text),
            link=link,
            state=State.WAITING,
            queued_at=now,
            next_at=not_before or now,
        )
    )
    db.flush()
    return True


def revive(db: Session, number: int, *, now: datetime) -> bool:
    """Let a message that was given up be tried again from the start; return whether there was one."""
    message = db.get(OutboxMessage, number)
    if message is None or message.state != State.DEAD:
        return False
    message.state, message.tries, message.next_at, message.error = State.WAITING, 0, now, ""
    db.flush()
    return True


def forget_old(db: Session, *, now: datetime) -> None:
    """Delete messages that were sent or given up long ago."""
    db.execute(
        delete(OutboxMessage).where(
            OutboxMessage.state != State.WAITING, OutboxMessage.queued_at < now - KEPT_FOR
        )
    )
