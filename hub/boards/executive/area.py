"""What the part of the city is called that somebody answers for."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.people.models import Opd, RoleGrant
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind
from hub.people.service import grants_of
from hub.people.sessions import Viewer
from hub.places.models import Kecamatan, Kelurahan, Site

_NAMES = {
    ScopeKind.KECAMATAN: (Kecamatan.name, Kecamatan.code),
    ScopeKind.KELURAHAN: (Kelurahan.name, Kelurahan.code),
    ScopeKind.SITE: (Site.name, Site.id),
}
# Official terms, the same in every language.
_BEFORE = {ScopeKind.KECAMATAN: "Kecamatan ", ScopeKind.KELURAHAN: "Kelurahan "}


def area_name(db: Session, viewer: Viewer, now: datetime) -> str:
    """Return the names of the places that the viewer's board reaches; empty: the whole city."""
    if viewer.may(Permission.BOARD_SEE):
        return ""
    grants = [
        grant
        for grant in grants_of(db, viewer.account_id, now)
        if Permission.BOARD_SEE in PERMISSIONS_OF_ROLE[Role(grant.role)]
    ]
    return ", ".join(name for grant in grants if (name := _name(db, grant)))


def _name(db: Session, grant: RoleGrant) -> str:
    kind = ScopeKind(grant.scope_kind)
    if kind is ScopeKind.OPD:
        number = int(grant.scope_id) if grant.scope_id.isdecimal() else 0
        return db.scalar(select(Opd.name).where(Opd.number == number)) or ""
    if kind not in _NAMES:
        return ""
    name, key = _NAMES[kind]
    found = db.scalar(select(name).where(key == grant.scope_id))
    return f"{_BEFORE.get(kind, '')}{found}" if found else ""
