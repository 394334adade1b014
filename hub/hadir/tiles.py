"""What doors put on the board: numbers and times, no names."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from hub.hadir.service import count_present, list_doors, start_of_day
from hub.web.contributions.tiles import Figure, Look, Section, Tile, Tone, figure_tile
from hub.web.i18n import N_


class DoorSource:
    """Gives the board a tile a door and today's number."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Take the city's time zone: a day begins at its midnight."""
        self._zone = zone

    def __call__(self, look: Look) -> Sequence[Tile]:
        """Return the tiles and the figure."""
        since = start_of_day(look.now, self._zone)
        tiles = [
            Tile(
                id=f"door-{door.device}-{door.door}",
                section=Section.DOORS,
                template="hadir/door_tile.html",
                data=door,
            )
            for door in list_doors(look.db, since=since)
        ]
        present = Figure(label=N_("Hadir hari ini"), value=count_present(look.db, since), tone=Tone.IDLE)
        return [figure_tile("present", present), *tiles]
