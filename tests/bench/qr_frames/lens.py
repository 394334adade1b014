"""The blur of motion and defocus together, as one kernel."""

import numpy as np
from numpy.typing import NDArray

from qr_frames.conditions import Conditions


def kernel_of(conditions: Conditions, module_px: float) -> NDArray[np.float32] | None:
    """Return the kernel, or ``None`` where there is hardly any blur."""
    length, radius = conditions.streak * module_px, conditions.defocus * module_px
    if length < 0.3 and radius < 0.3:
        return None
    reach = int(np.ceil(length / 2 + radius + 0.5))
    fine = 4  # subpixels, so that a radius of 1.3 differs from one of 1.0
    grid = (np.arange((2 * reach + 1) * fine) + 0.5) / fine - reach - 0.5
    across, down = np.meshgrid(grid, grid)
    cos, sin = np.cos(conditions.streak_direction), np.sin(conditions.streak_direction)
    along, beside = across * cos + down * sin, down * cos - across * sin
    beyond = np.maximum(np.abs(along) - length / 2, 0)
    inside = np.hypot(beyond, beside) <= max(radius, 0.5)
    coarse = inside.reshape(2 * reach + 1, fine, 2 * reach + 1, fine).sum(axis=(1, 3))
    return (coarse / coarse.sum()).astype(np.float32)
