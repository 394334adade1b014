"""Which part of the city a board shows, and which parts somebody may choose."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.measures.keeping.series import CITY, Facets
from hub.measures.prices.goods import markets
from hub.people.models import Opd
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind
from hub.people.service import grants_of
from hub.people.sessions import Viewer
from hub.places.areas import read_areas
from hub.places.reach import EVERYWHERE, PlaceReach, area_reach

MARKET = "pasar"
_FACETS = {"kecamatan": "kecamatan", "kelurahan": "kelurahan", "opd": "opd", MARKET: "market"}


@dataclass(frozen=True, slots=True)
class BoardScope:
    """A part of the city; all empty: the whole of it. ``kind`` is as addresses spell it."""

    kind: str = ""
    key: str = ""
    name: str = ""

    @property
    def words(self) -> str:
        """As addresses and plans have it."""
        return f"{self.kind}:{self.key}" if self.kind else ""

    @property
    def facets(self) -> Facets:
        """As measures are asked for it."""
        return Facets(**{_FACETS[self.kind]: self.key}) if self.kind else CITY

    @property
    def arguments(self) -> dict[str, str]:
        """As addresses of measures have it."""
        return {self.kind: self.key} if self.kind else {}

    def places(self, db: Session, now: datetime) -> PlaceReach:
        """Return what of the inventory lies in it; a market is no part of the inventory."""
        if self.kind in ("", MARKET):
            return EVERYWHERE
        return area_reach(db, ScopeKind(self.kind), self.key, now)


WHOLE_CITY = BoardScope()


def scope_named(db: Session, words: str) -> BoardScope | None:
    """Return the part that words name; ``None``: there is none of that name."""
    if words in ("", "kota"):
        return WHOLE_CITY
    kind, _colon, key = words.partition(":")
    return next((one for one in _all_of(db, kind) if one.key == key), None)


def wards_of(scope: BoardScope) -> tuple[str, ...]:
    """Return the codes of the kelurahan of a kelurahan or kecamatan; of anything else none."""
    if scope.kind == "kelurahan":
        return (scope.key,)
    return tuple(
        area.code
        for area in read_areas().kelurahan
        if scope.kind == "kecamatan" and area.kecamatan == scope.key
    )


def choosable(db: Session) -> tuple[BoardScope, ...]:
    """Return every part that there is, the whole city first."""
    return (WHOLE_CITY, *(one for kind in _FACETS for one in _all_of(db, kind)))


def scopes_for(db: Session, viewer: Viewer, now: datetime) -> tuple[BoardScope, ...]:
    """Return the parts that somebody may choose, the largest first; never empty for who sees boards."""
    if viewer.may(Permission.BOARD_SEE):
        return choosable(db)
    grants = [
        grant
        for grant in grants_of(db, viewer.account_id, now)
        if Permission.BOARD_SEE in PERMISSIONS_OF_ROLE[Role(grant.role)]
    ]
    own = {(grant.scope_kind, grant.scope_id) for grant in grants}
    districts = {key for kind, key in own if kind == ScopeKind.KECAMATAN}
    found = [one for kind in ("kecamatan", "kelurahan", "opd") for one in _all_of(db, kind)]
    return tuple(one for one in found if (one.kind, one.key) in own or _lies_in(one, districts))


def _lies_in(one: BoardScope, districts: Iterable[str]) -> bool:
    return one.kind == "kelurahan" and any(one.key.startswith(f"{code}.") for code in districts)


def _all_of(db: Session, kind: str) -> Iterator[BoardScope]:
    match kind:
        case "kecamatan":
            yield from (
                BoardScope(kind, area.code, f"Kecamatan {area.name}") for area in read_areas().kecamatan
            )
        case "kelurahan":
            yield from (
                BoardScope(kind, area.code, f"Kelurahan {area.name}") for area in read_areas().kelurahan
            )
        case "opd":
            query = select(Opd).order_by(Opd.name)
            yield from (BoardScope(kind, str(one.number), one.name) for one in db.scalars(query))
        case "pasar":
            yield from (BoardScope(kind, code, one.name) for code, one in markets().items())
