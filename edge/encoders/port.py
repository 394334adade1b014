"""The port of a camera's coder: what it does, what it could, and doing otherwise."""

from dataclasses import dataclass
from typing import Protocol

from edge.errors import EdgeError


class EncoderError(EdgeError):
    """The camera does not say how it codes, or does not obey; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How a stream is coded; ``key_frame_every`` counts frames, ``codec`` is ``H264``, ``JPEG``, …"""

    codec: str
    width_px: int
    height_px: int
    fps: float
    key_frame_every: int

    @property
    def key_frame_s(self) -> float:
        """Seconds from one key frame to the next; 0 where it is not known."""
        return self.key_frame_every / self.fps if self.fps > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Choices:
    """What a camera can do in H.264: sizes, and the least and most of frames a second and between keys."""

    sizes: tuple[tuple[int, int], ...] = ()
    fps: tuple[int, int] = (1, 60)
    key_frame_every: tuple[int, int] = (1, 400)


class Encoder(Protocol):
    """One stream's coder; adapters pass ``tests/edge/encoders/contract.py`` and raise EncoderError."""

    def coding(self) -> Coding:
        """Return how it codes now."""
        ...

    def choices(self) -> Choices:
        """Return what it could do."""
        ...

    def code(self, wanted: Coding) -> None:
        """Code so from now on."""
        ...


@dataclass
class PlayedEncoder:
    """The twin: does what it is told, within its choices."""

    now: Coding
    can: Choices = Choices()

    def coding(self) -> Coding:
        """Return how it codes now."""
        return self.now

    def choices(self) -> Choices:
        """Return what it could do."""
        return self.can

    def code(self, wanted: Coding) -> None:
        """Code so from now on."""
        if self.can.sizes and (wanted.width_px, wanted.height_px) not in self.can.sizes:
            raise EncoderError(f"the camera knows no size {wanted.width_px}x{wanted.height_px}")
        self.now = wanted
