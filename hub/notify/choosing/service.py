"""Where people want to be told, and when not. Takes a session, never commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.alarms.kinds import Severity
from hub.errors import InputError
from hub.notify.models import NotifyAddress, QuietHours
from hub.notify.rules import check_address, quiet_until
from hub.notify.service import Channel, Recipient
from hub.people import audit
from hub.people.models import Account

MOST_ADDRESSES = 6
# What cannot wait for the morning.
URGENT = (Severity.CRITICAL, Severity.HIGH)


@dataclass(frozen=True, slots=True)
class Route:
    """An address that is to be told, and not before when."""

    recipient: Recipient
    not_before: datetime | None


def routes_to(
    db: Session, accounts: Iterable[int], severity: Severity, *, now: datetime, zone: ZoneInfo
) -> list[Route]:
    """Return the addresses of people who want to be told of something this grave.

    Less than grave things wait for the end of somebody's quiet hours.
    """
    wanted = sorted(set(accounts))
    query = (
        select(NotifyAddress, QuietHours)
        .join(Account, Account.id == NotifyAddress.account_id)
        .join(QuietHours, QuietHours.account_id == NotifyAddress.account_id, isouter=True)
        .where(NotifyAddress.account_id.in_(wanted), Account.is_disabled.is_(False))
        .order_by(NotifyAddress.id)
    )
    routes = []
    for address, quiet in db.execute(query):
        if severity.rank > Severity(address.least).rank:
            continue
        until = None
        if quiet is not None and severity not in URGENT:
            until = quiet_until(now, quiet.begins, quiet.ends, zone)
        recipient = Recipient(Channel(address.channel), address.address, address.account_id)
        routes.append(Route(recipient, until))
    return routes


def addresses_of(db: Session, account_id: int) -> list[NotifyAddress]:
    """Return somebody's addresses, oldest first."""
    query = select(NotifyAddress).where(NotifyAddress.account_id == account_id).order_by(NotifyAddress.id)
    return list(db.scalars(query))


def add_address(
    db: Session,
    *,
    account_id: int,
    channel: Channel,
    address: str,
    least: Severity,
    actor: str,
    now: datetime,
) -> None:
    """Add an address of somebody.

    Raises:
        InputError: it is malformed, known already, or one too many.
    """
    address = check_address(channel, address)
    known = addresses_of(db, account_id)
    if any((one.channel, one.address) == (channel, address) for one in known):
        raise InputError("alamat itu sudah ada di daftar Anda")
    if len(known) >= MOST_ADDRESSES:
        raise InputError(f"paling banyak {MOST_ADDRESSES} alamat; hapus satu dahulu")
    db.add(NotifyAddress(account_id=account_id, channel=channel, address=address, least=least, added_at=now))
    audit.append(
        db, at=now, actor=actor, action="notify.address.add", target=f"account:{actor}", detail=channel
    )


def remove_address(db: Session, *, account_id: int, number: int, actor: str, now: datetime) -> bool:
    """Remove one of somebody's own addresses; return whether there was one."""
    row = db.get(NotifyAddress, number)
    if row is None or row.account_id != account_id:
        return False
    db.delete(row)
    audit.append(
        db, at=now, actor=actor, action="notify.address.remove", target=f"account:{actor}", detail=row.channel
    )
    return True


def quiet_hours_of(db: Session, account_id: int) -> QuietHours | None:
    """Return when somebody wants peace, if they said so."""
    return db.get(QuietHours, account_id)


def set_quiet_hours(db: Session, *, account_id: int, begins: time | None, ends: time | None) -> None:
    """Set somebody's quiet hours; without both times there are none.

    Raises:
        InputError: only one of the two was given, or both are the same.
    """
    row = db.get(QuietHours, account_id)
    if begins is None and ends is None:
        if row is not None:
            db.delete(row)
        return
    if begins is None or ends is None or begins == ends:
        raise InputError("isi jam mulai dan jam selesai yang berbeda, atau kosongkan keduanya")
    if row is None:
        row = QuietHours(account_id=account_id)
        db.add(row)
    row.begins, row.ends = begins, ends


def people_without_address(db: Session, accounts: Iterable[int]) -> int:
    """Return how many of these people cannot be told anything."""
    wanted = set(accounts)
    query = select(func.count(func.distinct(NotifyAddress.account_id))).where(
        NotifyAddress.account_id.in_(sorted(wanted))
    )
    return len(wanted) - (db.scalar(query) or 0)
