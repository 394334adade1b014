"""What lies under the marks, read once when the hub starts: areas, rivers, borders and streets.

A file that cannot be used takes nothing away: the map says why, and draws what it has.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from hub.config import MapSettings
from hub.errors import InputError
from hub.maps.borders import Border, read_borders
from hub.maps.projection import HEIGHT, WIDTH, unit_place
from hub.maps.rivers import RIVERS, River
from hub.maps.streets import NO_STREETS, Streets, check_address, check_pmtiles
from hub.places.areas import Area, read_areas

_logger = logging.getLogger(__name__)

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class AreaName:
    """A name on the map and where it stands, in units."""

    name: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that does not change while the hub runs; ``mistakes`` are for the page to show."""

    kecamatan: tuple[AreaName, ...]
    kelurahan: tuple[AreaName, ...]
    rivers: tuple[River, ...] = RIVERS
    borders: tuple[Border, ...] = ()
    streets: Streets = NO_STREETS
    mistakes: tuple[str, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    equator_y: int = field(default_factory=lambda: unit_place(0.0, 0.0)[1])


def read_ground(settings: MapSettings) -> Ground:
    """Read what the settings name; what is wrong is logged once and told on the page."""
    mistakes: list[str] = []

    def tried(read: Callable[[], Read], without: Read) -> Read:
        try:
            return read()
        except InputError as error:
            _logger.error("the map goes without: %s", error)
            mistakes.append(str(error))
            return without

    borders: tuple[Border, ...] = ()
    if settings.borders:
        borders = tried(lambda: read_borders(Path(settings.borders)), borders)
    streets = NO_STREETS
    if settings.pmtiles:
        streets = tried(lambda: Streets(file=check_pmtiles(Path(settings.pmtiles))), NO_STREETS)
    elif settings.tile_url:
        streets = tried(lambda: Streets(address=check_address(settings.tile_url)), NO_STREETS)
    areas = read_areas()
    return Ground(
        kecamatan=tuple(map(_name, areas.kecamatan)),
        kelurahan=tuple(map(_name, areas.kelurahan)),
        borders=borders,
        streets=streets,
        mistakes=tuple(mistakes),
    )


def _name(area: Area) -> AreaName:
    return AreaName(area.name, *unit_place(area.lat, area.lon))
