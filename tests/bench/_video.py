"""Luma of a file, as fast as it decodes: the same frames the replay camera gives."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray


def frame_rate_hz(path: Path) -> float:
    """Return the nominal frame rate of a file."""
    with av.open(str(path)) as container:
        return float(container.streams.video[0].average_rate or Fraction(25))


def luma_frames(path: Path) -> Iterator[tuple[NDArray[np.uint8], float]]:
    """Yield (luma, pts in seconds) of every frame; the luma is valid until the next one."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_count = 1
        # As the agent decodes: see edge/cameras/sources/decoding.py.
        stream.codec_context.options = {"skip_loop_filter": "nokey"}
        for frame in container.decode(stream):
            plane = frame.planes[0]
            rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
            yield rows[: frame.height, : frame.width], float(frame.time or 0.0)
