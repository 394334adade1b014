"""What devices put on the board."""

from collections.abc import Sequence

from hub.places.device.service import list_devices
from hub.web.contributions.tiles import Figure, Look, Section, Tile, Tone, figure_tile
from hub.web.i18n import N_


def device_tiles(look: Look) -> Sequence[Tile]:
    """Return a tile a device, and the figure of all."""
    devices = list_devices(look.db)
    online = sum(bool(device.is_online) for device in devices)
    tone = Tone.IDLE if not devices else Tone.GOOD if online == len(devices) else Tone.WARN
    figure = Figure(label=N_("Perangkat daring"), value=online, total=len(devices), tone=tone)
    return [
        figure_tile("devices", figure),
        *(
            Tile(
                id=f"device-{device.device}",
                section=Section.DEVICES,
                template="places/device_tile.html",
                data=device,
            )
            for device in devices
        ),
    ]
