"""A tile of what a concern says in its summary: cameras, traffic, water, findings."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from hub.boards.filling.look import NO_RIGHT, NOT_ON_SCREENS, Absent, BoardLook, Content
from hub.boards.plan.shape import PlacedTile
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.web.contributions.cards import AreaLook, Card
from hub.web.i18n import N_

# Sees what everybody sees: a summary that asks for more has no part for it.
SCREEN = Viewer(
    account_id=0,
    name="",
    display_name="",
    session_id=0,
    permissions=frozenset({Permission.PUBLIC}),
    must_change_password=False,
    is_seen_due=False,
)
# The one that asks for a permission of its own; the others are silent only where nothing is measured.
_OF_OFFICES = "temuan"
# What the cards that this composes are called, for whoever chooses one; texts to translate.
CARD_WORDS = {
    "kamera": N_("Kamera menyala"),
    "lalu-lintas": N_("Lalu lintas"),
    "muka-air": N_("Muka air"),
    "temuan": N_("Temuan yang belum selesai"),
}


@dataclass(frozen=True, slots=True)
class CardData:
    """A summary as its concern gave it; on a screen its lines lead nowhere."""

    card: Card
    has_links: bool


def fill_card(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return the summary that the tile names."""
    source = look.cards.get(tile.subject)
    title = _(CARD_WORDS[tile.subject]) if tile.subject in CARD_WORDS else tile.subject
    if source is None:
        return Absent(_("Ringkasan ini tidak ada."), title)
    card = source(
        AreaLook(
            db=look.db,
            now=look.now,
            zone=look.zone,
            viewer=look.viewer or SCREEN,
            reach=look.scope.places(look.db, look.now),
        )
    )
    if card is None:
        return Absent(_why_nothing(tile, look), title, is_denied=tile.subject == _OF_OFFICES)
    if card.value is None:
        return Absent(_(card.empty), _(card.title))
    return Content(
        title=_(card.title),
        data=CardData(card, look.has_links),
        header=(_("Keadaan"), _("Nilai")),
        rows=_rows(card),
        link=card.link if look.has_links else "",
    )


def _why_nothing(tile: PlacedTile, look: BoardLook) -> str:
    if tile.subject == _OF_OFFICES:
        return str(_(NOT_ON_SCREENS) if look.viewer is None else _(NO_RIGHT))
    return str(_("Belum ada yang diukur di bagian kota ini."))


def _rows(card: Card) -> tuple[tuple[Any, ...], ...]:
    total = () if card.total is None else ((_("dari"), card.total),)
    words = (_(line.words, **line.values) for line in card.lines)
    return ((_(card.title), card.value), *total, *((one, "") for one in words))
