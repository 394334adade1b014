"""The head of a simulated camera: turns at a steady speed, remembers presets, knows where it looks.

The memory adapter of :class:`edge.ptz.port.Turning`. Time comes from ``clock``, so that a drawn
picture and the position agree however fast they are played. Must not draw.
"""

import threading
from collections.abc import Callable

from edge.ptz.port import CameraPreset, Pose, Position, Speed, TurningError

# Fractions of the whole range a second at full speed: three seconds from end to end, as cheap domes do.
FASTEST_S = 0.7
HOME = Position(0.0, 0.0, 0.0)
PRESETS = (
    CameraPreset("1", "Jalan", HOME),
    CameraPreset("2", "Trotoar kanan", Position(0.7, -0.2, 0.3)),
    CameraPreset("3", "Jauh", Position(-0.3, 0.2, 0.6)),
)


class Head:
    """Where a simulated camera looks.

    Args:
        clock: seconds that never go back.
        presets: it begins at the first.
    """

    def __init__(self, clock: Callable[[], float], presets: tuple[CameraPreset, ...] = PRESETS) -> None:
        self._clock = clock
        self._presets = presets
        self._lock = threading.Lock()
        self._at = presets[0].position or HOME if presets else HOME
        self._at_s = clock()
        self._speed = Speed()
        self._target: Position | None = None
        self._until_s = 0.0

    def pose(self) -> Pose:
        """Return where it looks now."""
        with self._lock:
            self._advance()
            return Pose(self._at, is_moving=self._is_moving)

    def presets(self) -> tuple[CameraPreset, ...]:
        """Return the places it remembers."""
        return self._presets

    def go_to(self, token: str) -> None:
        """Turn to a preset."""
        position = next((each.position for each in self._presets if each.token == token), None)
        if position is None:
            raise TurningError(f"the camera knows no preset {token!r}")
        self.turn_to(position)

    def turn_to(self, position: Position) -> None:
        """Turn to any position."""
        with self._lock:
            self._advance()
            self._target, self._speed = position, Speed()

    def move(self, speed: Speed, *, timeout_s: float) -> None:
        """Move on at ``speed`` for at most ``timeout_s``."""
        with self._lock:
            self._advance()
            self._target, self._speed = None, speed
            self._until_s = self._at_s + timeout_s

    def stop(self) -> None:
        """Stop every movement at once."""
        with self._lock:
            self._advance()
            self._target, self._speed = None, Speed()

    @property
    def _is_moving(self) -> bool:
        return self._target is not None or self._speed != Speed()

    def _advance(self) -> None:
        """Bring the position to now."""
        now_s = self._clock()
        passed_s, self._at_s = max(0.0, now_s - self._at_s), now_s
        if self._target is not None:
            reach = FASTEST_S * passed_s
            target = self._target
            self._at = Position(
                _towards(self._at.pan, target.pan, reach),
                _towards(self._at.tilt, target.tilt, reach),
                _towards(self._at.zoom, target.zoom, reach),
            )
            if self._at == target:
                self._target = None
        elif self._speed != Speed():
            left_s = min(passed_s, max(0.0, self._until_s - (now_s - passed_s)))
            self._at = _moved(self._at, self._speed, FASTEST_S * left_s)
            if now_s >= self._until_s:
                self._speed = Speed()


def _towards(value: float, target: float, reach: float) -> float:
    return min(target, value + reach) if value < target else max(target, value - reach)


def _moved(at: Position, speed: Speed, reach: float) -> Position:
    return Position(
        min(1.0, max(-1.0, at.pan + speed.pan * reach)),
        min(1.0, max(-1.0, at.tilt + speed.tilt * reach)),
        min(1.0, max(0.0, at.zoom + speed.zoom * reach)),
    )
