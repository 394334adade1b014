"""The six indicators of the smart city, each as far as it came."""

from dataclasses import dataclass

from flask_babel import gettext as _

from hub.boards.filling.look import Absent, BoardLook, Content
from hub.boards.plan.shape import PlacedTile
from hub.measures.indicators.board import indicators
from hub.people.permissions import Permission


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """An indicator, and how it stands in a word."""

    code: str
    label: str
    percent: float | None
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class ScoreData:
    """The six."""

    lines: tuple[ScoreLine, ...]


def fill_scores(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return the six indicators of the city."""
    title = _("Enam indikator kota cerdas")
    if look.scope.kind:
        return Absent(_("Enam indikator hanya untuk seluruh kota."), title)
    found = indicators(look.db, look.now, sees_all=look.may(Permission.MEASURE_SEE))
    lines = tuple(
        ScoreLine(one.code, _(one.label), one.percent, _(one.standing), one.standing.tone) for one in found
    )
    return Content(
        title=title,
        data=ScoreData(lines[: tile.most]),
        header=(_("Indikator"), _("Capaian"), _("Keadaan")),
        rows=tuple((line.label, line.percent, line.word) for line in lines),
        link=look.link("indicators.board"),
    )
