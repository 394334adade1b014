"""Who may turn a camera now: one hand at a time, with a countdown, and priority for the shift leader."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hub.cctv.steering.models import CameraHold
from hub.live.streams import CameraKey
from hub.people.models import Account

HOLD_FOR = timedelta(seconds=45)
# A hand that goes on renews its hold only now and then: each renewal is a write.
RENEW_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody holds a camera until then."""

    account_id: int
    holder: str
    until: datetime
    is_first: bool

    def left_s(self, now: datetime) -> int:
        """Return the seconds that are left."""
        return max(0, round((self.until - now).total_seconds()))


def hold_of(db: Session, key: CameraKey, now: datetime) -> Hold | None:
    """Return who holds a camera; None: nobody does."""
    row = db.get(CameraHold, tuple(key))
    if row is None or row.until <= now:
        return None
    account = db.get_one(Account, row.account_id)
    return Hold(row.account_id, account.display_name, row.until, row.is_first)


def may_take(held: Hold | None, *, account_id: int, has_priority: bool) -> bool:
    """Return whether this account may turn the camera although it may be held."""
    return held is None or held.account_id == account_id or (has_priority and not held.is_first)


def is_renewal_due(held: Hold | None, *, account_id: int, now: datetime) -> bool:
    """Return whether the hold has to be written before the next move."""
    return held is None or held.account_id != account_id or held.until - now < RENEW_WITHIN


def take(db: Session, key: CameraKey, *, account_id: int, has_priority: bool, now: datetime) -> Hold | None:
    """Hold a camera for a while; None when somebody else does.

    Args:
        db: A writing session.
        key: The camera.
        account_id: Who wants it.
        has_priority: May take it from who has none.
        now: The present.
    """
    if not may_take(hold_of(db, key, now), account_id=account_id, has_priority=has_priority):
        return None
    db.merge(
        CameraHold(
            device=key.device,
            camera=key.camera,
            account_id=account_id,
            until=now + HOLD_FOR,
            is_first=has_priority,
        )
    )
    db.flush()
    return hold_of(db, key, now)


def let_go(db: Session, key: CameraKey, *, account_id: int) -> None:
    """Give a camera back; only one's own."""
    db.execute(
        delete(CameraHold).where(
            CameraHold.device == key.device,
            CameraHold.camera == key.camera,
            CameraHold.account_id == account_id,
        )
    )
