"""Whose market it is: prices are entered by officers of the city, of a kecamatan or of a kelurahan."""

from datetime import datetime

from sqlalchemy.orm import Session

from hub.measures.prices.goods import Market, markets
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind
from hub.people.service import grants_of
from hub.people.sessions import Viewer

_KECAMATAN_LETTERS = 8


def markets_of(db: Session, who: Viewer, now: datetime) -> dict[str, Market]:
    """Return the markets whose prices somebody may enter now, by their codes."""
    if who.may(Permission.PRICE_ENTER):
        return dict(markets())
    scopes = {
        (grant.scope_kind, grant.scope_id)
        for grant in grants_of(db, who.account_id, now)
        if Permission.PRICE_ENTER in PERMISSIONS_OF_ROLE[Role(grant.role)]
    }
    return {
        code: market
        for code, market in markets().items()
        if (ScopeKind.KELURAHAN, market.kelurahan) in scopes
        or (ScopeKind.KECAMATAN, market.kelurahan[:_KECAMATAN_LETTERS]) in scopes
    }
