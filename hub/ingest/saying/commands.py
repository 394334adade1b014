"""Commands from screens to devices: a row, a publish with a correlation, a reply in the row.

Screens never touch the broker: they write the row, ingest sends it and stores what comes back.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from edge.wire.messages import Command, Reply, encode
from edge.wire.topics import DownChannel, UpChannel, down, up
from hub.ingest.models import DeviceCommand
from hub.ingest.taking.link import Link, Publish

MOST_A_TURN = 50
# Orders that a screen gives past the database, and whose answers it waits for, begin so.
LIVE_CORRELATION = b"live-"
_CORRELATION = re.compile(rb"[0-9a-f]{32}")
DEFAULT_LIFE = timedelta(seconds=60)


def ask_device(
    db: Session,
    *,
    device: str,
    command: Command,
    correlation: str,
    now: datetime,
    asked_by: int | None = None,
    life: timedelta = DEFAULT_LIFE,
) -> DeviceCommand:
    """Put a command in the row that ingest will send; the answer appears in the same row.

    Args:
        db: A writing session; not committed here.
        device: Who is to do it.
        command: What to do.
        correlation: 32 hexadecimal digits, new for each command; ``uuid4().hex``.
        now: The present.
        asked_by: Account number.
        life: After this it is neither sent nor delivered any more.
    """
    row = DeviceCommand(
        device=device,
        body=encode(command).decode("utf-8"),
        correlation=correlation,
        asked_by=asked_by,
        created_at=now,
        expires_at=now + life,
    )
    db.add(row)
    return row


def waiting_commands(db: Session, *, now: datetime, is_claiming: bool = False) -> Sequence[DeviceCommand]:
    """Return commands that are to be sent, oldest first.

    Args:
        db: The session.
        now: The present.
        is_claiming: Keep other workers from them until the transaction ends; those that another
            one sends just now are left out.
    """
    query = (
        select(DeviceCommand)
        .where(DeviceCommand.sent_at.is_(None), DeviceCommand.expires_at > now)
        .order_by(DeviceCommand.id)
        .limit(MOST_A_TURN)
    )
    return db.scalars(query.with_for_update(skip_locked=True) if is_claiming else query).all()


def has_waiting(db: Session, *, now: datetime) -> bool:
    """Return whether there is anything to send."""
    query = select(DeviceCommand.id).where(DeviceCommand.sent_at.is_(None), DeviceCommand.expires_at > now)
    return db.scalars(query.limit(1)).first() is not None


def send_command(link: Link, command: DeviceCommand, *, now: datetime) -> bool:
    """Publish one command; ``False`` when there is no connection."""
    return link.say(
        Publish(
            topic=down(command.device, DownChannel.CMD),
            payload=command.body.encode("utf-8"),
            qos=1,
            expiry_s=max(1, int((command.expires_at - now).total_seconds())),
            response_topic=up(command.device, UpChannel.REPLY),
            correlation=command.correlation.encode("ascii"),
        )
    )


def note_sent(db: Session, commands: Sequence[DeviceCommand], *, now: datetime) -> None:
    """Note that these were sent; they are not sent again."""
    ids = [command.id for command in commands]
    db.execute(update(DeviceCommand).where(DeviceCommand.id.in_(ids)).values(sent_at=now))


def note_reply(db: Session, *, device: str, correlation: bytes, reply: Reply, now: datetime) -> bool:
    """Store the answer of a device; ``False`` when it answers nothing that it was asked.

    A second answer changes nothing.
    """
    # What a device sends goes into no query unlooked at: PostgreSQL minds a NUL.
    if not _CORRELATION.fullmatch(correlation):
        return False
    asked = db.scalars(
        select(DeviceCommand).where(
            DeviceCommand.correlation == correlation.decode("ascii"),
            DeviceCommand.device == device,
        )
    ).one_or_none()
    if asked is None:
        return False
    if asked.replied_at is None:
        asked.replied_at = now
        asked.is_done = reply.is_done
        asked.detail = reply.detail
        asked.values_json = msgspec.json.encode(reply.values).decode("utf-8")
    return True
