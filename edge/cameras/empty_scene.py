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


class EmptyScenes:
    """The empty scenes of one camera's views.

    Args:
        path: of the scene of the camera's own view; those of presets lie beside it. None keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def keep(self, view: str, luma: Luma) -> None:
        """Keep the scene of a view over restarts.

        Raises:
            OSError: the disk refuses, or no file is named.
        """
        if self._path is None:
            raise OSError(f"no file is named for a scene of {luma.shape[1]} x {luma.shape[0]}")
        save_scene(self._file(self._path, view), luma)

    def recall(self, view: str) -> Luma | None:
        """Return the scene of a view as it was kept, if it was."""
        return None if self._path is None else load_scene(self._file(self._path, view))

    def _file(self, path: Path, view: str) -> Path:
        return path.with_name(f"{path.name}.{view}") if view else path


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
