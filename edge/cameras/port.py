"""The camera port: what every source of frames looks like to the rest of the edge.

Analysis wants luma only; colour is decoded for a still and for nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edge.errors import EdgeError
from edge.wire.records.bodies import CameraFault

Luma = NDArray[np.uint8]
Bgr = NDArray[np.uint8]


class CameraError(EdgeError):
    """A source cannot be opened or gave up; ``fault`` says why in one word of the contract."""

    def __init__(self, fault: CameraFault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture.

    ``luma`` is (H, W) uint8 and read only; it may be a view into the decoder's buffer that is
    valid until the next frame is asked for. ``pts_s`` is the source's own time in seconds,
    rising by and large; ``seq`` counts frames since :meth:`Camera.open`. ``is_key`` is true
    for key frames and for sources without them; ``is_damaged`` when the decoder had to patch it up,
    or could not decode what came just before it.
    """

    luma: Luma
    pts_s: float
    seq: int
    is_key: bool
    is_damaged: bool = False


class Camera(Protocol):
    """A source of frames. Every adapter passes ``tests/edge/cameras/contract.py``."""

    def open(self) -> None:
        """Connect.

        Raises:
            CameraError: with the fault that a technician should look for.
        """

    def frames(self) -> Iterator[Frame]:
        """Yield frames at the source's own pace until it ends.

        Raises:
            CameraError: the source broke, fell silent or ended.
        """

    def picture(self) -> Bgr:
        """Return the newest frame in colour, (H, W, 3) uint8 BGR; valid after the first frame."""

    def close(self) -> None:
        """Let go of everything; allowed at any time, and twice."""
