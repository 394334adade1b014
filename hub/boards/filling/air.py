"""The air index of the city, which is that of its worst station, and the stations."""

from dataclasses import dataclass

from flask_babel import gettext as _

from hub.boards.filling.look import Absent, BoardLook, Content
from hub.boards.plan.shape import PlacedTile
from hub.measures.environment.ispu import CATEGORY_WORDS, shown
from hub.measures.environment.stations import STALE_AFTER, Station, stations, worst_station


@dataclass(frozen=True, slots=True)
class StationLine:
    """A station; ``category`` is the number of its colour, 0: unknown."""

    name: str
    index: str
    word: str
    category: int
    parameter: str
    link: str


@dataclass(frozen=True, slots=True)
class AirData:
    """The worst station first, and what people should do."""

    lines: tuple[StationLine, ...]
    advice: str


def fill_air(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return the index of the part of the city, as its worst station says."""
    title = _("ISPU")
    reach = look.scope.places(look.db, look.now)
    found = [one for one in stations(look.db, look.now) if one.lines and reach.touches_site(one.site)]
    if not found:
        return Absent(_("Belum ada stasiun udara di bagian kota ini."), title)
    ordered = sorted(found, key=_index, reverse=True)
    worst = worst_station(found)
    lines = tuple(_line(one, look) for one in ordered[: tile.most])
    deciding = worst.worst if worst is not None else None
    newest = max((line.at for one in found for line in one.lines if line.at is not None), default=None)
    return Content(
        title=title,
        data=AirData(lines, _advice(worst)),
        header=(_("Titik"), "ISPU", _("Kategori"), _("Parameter")),
        rows=tuple((line.name, line.index, line.word, line.parameter) for line in lines),
        at=newest if deciding is None else deciding.at,
        is_stale=worst is None,
        stale_after=STALE_AFTER[True],
        link=look.link("environment.listing"),
    )


def _index(station: Station) -> float:
    return -1.0 if station.worst is None else station.worst.index or 0.0


def _advice(worst: Station | None) -> str:
    if worst is None or worst.worst is None or worst.worst.category is None:
        return ""
    return str(_(CATEGORY_WORDS[worst.worst.category][1]))


def _line(station: Station, look: BoardLook) -> StationLine:
    link = look.link("environment.station", site=station.site)
    worst = station.worst
    if worst is None or worst.category is None or worst.index is None:
        return StationLine(station.name, "—", _("data basi"), 0, "", link)
    word = _(CATEGORY_WORDS[worst.category][0])
    return StationLine(
        station.name, str(shown(worst.index)), word, int(worst.category), worst.parameter.label, link
    )
