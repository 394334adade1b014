"""A QR code as the outline of an SVG path, for a page that may not run pictures from elsewhere. Pure."""

from dataclasses import dataclass

import numpy as np
import zxingcpp

# What a reader needs around a code (ISO/IEC 18004:2015, 6.3.8).
QUIET_MODULES = 4


@dataclass(frozen=True, slots=True)
class DrawnCode:
    """``size`` modules a side, quiet zone included; ``path`` covers the dark ones."""

    size: int
    path: str


def draw(text: str) -> DrawnCode:
    """Return the code of a text at ECC M, one unit a module."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    dark = np.array(code.to_image(scale=1, add_quiet_zones=False)) == 0
    # Where rows turn dark (1) and light again (-1); a light column on both sides ends every run.
    turns = np.diff(np.pad(dark.astype(np.int8), ((0, 0), (1, 1))))
    runs = zip(np.argwhere(turns == 1).tolist(), np.argwhere(turns == -1).tolist(), strict=True)
    strokes = [
        f"M{left + QUIET_MODULES} {row + QUIET_MODULES}h{right - left}v1H{left + QUIET_MODULES}z"
        for (row, left), (_, right) in runs
    ]
    return DrawnCode(dark.shape[0] + 2 * QUIET_MODULES, "".join(strokes))
