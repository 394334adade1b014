"""Tiles that ask nobody: the time, and words that somebody wrote."""

from flask_babel import gettext as _

from hub.boards.filling.look import Absent, BoardLook, Content
from hub.boards.plan.shape import PlacedTile


def fill_clock(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return the time of the city, which the page counts on."""
    del tile
    return Content(title=_("Waktu"), data=look.now)


def fill_text(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return the words of the tile, paragraph by paragraph."""
    del look
    lines = tuple(line for line in tile.words.splitlines() if line.strip())
    return Content(title="", data=lines) if lines else Absent(_("Belum ada tulisan."))
