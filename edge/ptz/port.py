"""The port of cameras that turn: position, presets, movement. Must not know lines, masks or HTTP."""

from dataclasses import dataclass
from typing import Protocol

from edge.errors import EdgeError


class TurningError(EdgeError):
    """A camera does not say where it looks, or does not obey; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a camera looks, in the generic ONVIF spaces.

    ``pan`` -1 (left end) to 1 (right end), ``tilt`` -1 (down) to 1 (up), ``zoom`` 0 (wide) to 1.
    """

    pan: float
    tilt: float
    zoom: float = 0.0


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a camera looks now, and whether it moves; None where it does not say."""

    position: Position | None
    is_moving: bool | None = None


@dataclass(frozen=True, slots=True)
class CameraPreset:
    """A place the camera remembers: ``token`` is its own name for it, ``name`` that for people."""

    token: str
    name: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast to move, each -1 to 1 of the fastest; positive is right, up and nearer."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0


class Turning(Protocol):
    """A camera that turns. Every adapter passes ``tests/edge/ptz/contract.py``; all raise TurningError."""

    def pose(self) -> Pose:
        """Return where it looks now."""
        ...

    def presets(self) -> tuple[CameraPreset, ...]:
        """Return the places it remembers."""
        ...

    def go_to(self, token: str) -> None:
        """Turn to a preset; it is there when :meth:`pose` says so."""
        ...

    def move(self, speed: Speed, *, timeout_s: float) -> None:
        """Move on at ``speed``, and stop by itself after ``timeout_s`` unless told again."""
        ...

    def stop(self) -> None:
        """Stop every movement at once."""
        ...
