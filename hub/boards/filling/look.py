"""What a tile may look at, and what it comes to: values, drawn elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, url_for
from sqlalchemy.orm import Session

from hub.boards.filling.scope import WHOLE_CITY, BoardScope
from hub.boards.plan.shape import PlacedTile
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.web.contributions.cards import CardSource
from hub.web.guarding.guard import declared, may_open
from hub.web.i18n import N_

# Texts to translate.
NO_RIGHT = N_("Akun ini tidak berhak melihat isi ubin ini.")
NOT_ON_SCREENS = N_("Isi ubin ini tidak ditampilkan di layar bersama.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLook:
    """Who looks at which part of the city, and how far.

    Attributes:
        db: Any session.
        now: The present.
        zone: Of the city.
        viewer: Who is signed in; ``None``: a screen that nobody signs in at.
        scope: The part that the board shows.
        has_links: Whether tiles lead somewhere.
        cards: The summaries of concerns by the names that tiles use.
    """

    db: Session
    now: datetime
    zone: ZoneInfo
    viewer: Viewer | None
    scope: BoardScope
    has_links: bool = True
    cards: Mapping[str, CardSource]

    def at(self, scope: BoardScope) -> "BoardLook":
        """Return the same look at another part of the city."""
        return replace(self, scope=scope)

    def at_city(self) -> "BoardLook":
        """Return the same look at the whole city."""
        return replace(self, scope=WHOLE_CITY)

    def may(self, permission: Permission) -> bool:
        """Return whether the viewer holds a permission for the whole city; a screen holds none."""
        if permission is Permission.PUBLIC:
            return True
        return self.viewer is not None and self.viewer.may(permission)

    def link(self, endpoint: str, **arguments: Any) -> str:
        """Return an address of ours that the viewer may open, or nothing."""
        if not self.has_links:
            return ""
        view = current_app.view_functions[endpoint]
        is_open = (
            may_open(self.viewer, endpoint)
            if self.viewer is not None
            else declared(view) is Permission.PUBLIC
        )
        return url_for(endpoint, **arguments) if is_open else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a tile shows, in the reader's language.

    Attributes:
        title: What it is about.
        data: For its template.
        header: Of the table behind it.
        rows: Of the table behind it: the same numbers.
        at: How old what it shows is; ``None``: it is read from the present state at each look.
        period: What time the numbers are of, in words, when they are not of a moment.
        is_stale: Whether it is older than it may be.
        stale_after: When a page that stays open must call it stale; ``None``: never by itself.
        link: Where its source rows are seen.
    """

    title: str
    data: object
    header: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    at: datetime | None = None
    period: str = ""
    is_stale: bool = False
    stale_after: timedelta | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """Why a tile shows nothing, in the reader's language."""

    words: str
    title: str = ""
    is_denied: bool = False


Filler = Callable[[PlacedTile, BoardLook], Content | Absent]


@dataclass(frozen=True, slots=True)
class ShownTile:
    """A tile and what came of it; ``template`` draws the content."""

    tile: PlacedTile
    template: str
    content: Content | None
    absent: Absent | None

    @property
    def title(self) -> str:
        """Its own title, or the usual one."""
        if self.tile.title:
            return self.tile.title
        if self.content is not None:
            return self.content.title
        return "" if self.absent is None else self.absent.title
