"""What a camera says, played: for tests of those who listen."""

from dataclasses import dataclass, field

from edge.ptz.lookout import Heard
from edge.ptz.port import CameraPreset, Pose, Position
from edge.ptz.simulated.head import PRESETS


@dataclass
class PlayedSayings:
    """Says what the test tells it to, as often as it is told."""

    presets: tuple[CameraPreset, ...] = PRESETS
    heard: Heard | None = None
    _number: int = field(default=0)

    def says(self, position: Position | None, *, is_moving: bool | None = False) -> None:
        self._number += 1
        self.heard = Heard(Pose(position, is_moving), self.presets, self._number)
