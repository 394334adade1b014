"""Who may put devices into service where: asked when a code is made, and again when it is used."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from hub.people.models import Account
from hub.people.permissions import Permission, permissions_of
from hub.people.service import roles_of
from hub.people.sessions import Viewer
from hub.places.reach import place_reach


def may_enrol_at(now: datetime) -> Callable[[Session, int, str], bool]:
    """Return the question whether an account may put devices into service at a site now."""

    def may(db: Session, account_id: int, site: str) -> bool:
        account = db.get(Account, account_id)
        if account is None or account.is_disabled:
            return False
        viewer = Viewer(
            account_id=account.id,
            name=account.name,
            display_name=account.display_name,
            session_id=0,
            permissions=permissions_of(roles_of(db, account.id, now)),
            must_change_password=False,
            is_seen_due=False,
        )
        return place_reach(db, viewer, Permission.DEVICE_ENROL, now).holds_site(site)

    return may
