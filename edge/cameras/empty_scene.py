"""The empty scene of a camera on the device's disk, as a PGM that any viewer opens.

A wrong or missing file costs the warm-up a little truth, so nothing here stops a worker.
"""

import logging
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]

logger = logging.getLogger(__name__)

_MAX_SIDE_PX = 4096


def save_scene(path: Path, luma: Luma) -> None:
    """Replace the file at ``path`` by ``luma`` (H, W) uint8.

    Raises:
        OSError: the disk refuses; the old file is untouched.
    """
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        file.write(b"P5\n%d %d\n255\n" % (luma.shape[1], luma.shape[0]))
        file.write(np.ascontiguousarray(luma).tobytes())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def load_scene(path: Path) -> Luma | None:
    """Return the scene kept at ``path``, (H, W) uint8; None without a usable one, which is logged."""
    try:
        return _parsed(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        logger.warning("%s: the kept empty scene is not used: %s", path, error)
        return None


def _parsed(content: bytes) -> Luma:
    head, size, depth, pixels = content.split(b"\n", 3)
    width, height = map(int, size.split())
    if (head, depth) != (b"P5", b"255") or not 0 < width <= _MAX_SIDE_PX or not 0 < height <= _MAX_SIDE_PX:
        raise ValueError("no PGM of a scene")
    return np.frombuffer(pixels, np.uint8).reshape(height, width)
