"""The screens of the simulated city: a wall, a LED of a market and a kiosk, each with an own address.

The hub keeps no address; the city's folder does, so that the next run shows the same ones.
"""

import json
import os
from pathlib import Path

from provisioning.cities.hub_program import HubProgram

# Name of the screen, board, part of the city.
_EXAMPLES = (
    ("Dinding Pontive Center", "pontive", ""),
    ("LED Pasar Flamboyan", "harga-pasar", "pasar:flamboyan"),
    ("Kios Balai Kota", "kios", ""),
)


def settle_screens(path: Path, hub: HubProgram) -> dict[str, str]:
    """Return the paths of the screens by their names, made when the file is not there yet."""
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text("utf-8"))
        return kept
    made = {name: hub.example_screen(board, name, scope) for name, board, scope in _EXAMPLES}
    # Whoever reads it can show the boards: for its owner alone.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(made, file)
    return made
