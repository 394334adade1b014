"""What complaints put on the board: how many came back."""

from collections.abc import Sequence

from hub.cases.complaints.statistics.satisfaction import reopened_and_open
from hub.web.contributions.tiles import Figure, Look, Tile, Tone, figure_tile
from hub.web.i18n import N_


def complaint_tiles(look: Look) -> Sequence[Tile]:
    """Return the figure of complaints that were opened again and are not answered yet."""
    count = reopened_and_open(look.db)
    figure = Figure(label=N_("Laporan dibuka lagi"), value=count, tone=Tone.WARN if count else Tone.GOOD)
    return (figure_tile("reopened", figure),)
