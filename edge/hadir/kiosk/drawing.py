"""A QR code as the outline of an SVG path, for a page that may not run pictures from elsewhere. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

# What a reader needs around a code (ISO/IEC 18004:2015, 6.3.8).
QUIET_MODULES = 4


@dataclass(frozen=True, slots=True)
class DrawnCode:
    """``size`` modules a side, quiet zone included; ``path`` covers the dark ones."""

    size: int
    path: str


def draw(text: str) -> DrawnCode:
    """Return the code of a text at ECC M, one unit a module."""
    # Loaded by the agents of doors with a screen only: it takes memory on every device else.
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(
        scale=1, add_quiet_zones=False
    )  # a buffer of rows, without a type that says so
    grid: Any = memoryview(image)
    rows: list[list[int]] = grid.tolist()
    strokes = [
        f"M{left + QUIET_MODULES} {row + QUIET_MODULES}h{width}v1H{left + QUIET_MODULES}z"
        for row, modules in enumerate(rows)
        for left, width in _dark_runs(modules)
    ]
    return DrawnCode(len(rows) + 2 * QUIET_MODULES, "".join(strokes))


def _dark_runs(modules: list[int]) -> Iterator[tuple[int, int]]:
    """Yield begin and width of each run of dark modules (0) in a row."""
    left = 0
    for is_light, run in groupby(modules, bool):
        width = len(list(run))
        if not is_light:
            yield left, width
        left += width
