"""Draws the icons of the portal: ``python -m hub.portal.draw_icons``, by a developer who changed the mark.

The mark is that of ``static/pontive.svg``: the equator and a meridian in a circle. Must not be imported
by the hub.
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parents[1] / "web" / "static" / "portal"
SIZES_PX = (192, 512)
GROUND, LINE, DOT = "#0e1719", "#4fc3b0", "#f0b74a"
_FINER = 4
# The mark is drawn on 24 units, as its SVG is.
_UNITS = 24.0
# What a phone may cut off a maskable icon: it keeps a circle of 80 % (W3C Web Application Manifest, 2024).
_SAFE = 0.72


def draw(size_px: int, *, is_maskable: bool) -> Image.Image:
    """Return one icon; a maskable one fills its square and keeps the mark away from the rim."""
    side = size_px * _FINER
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    corner = 0 if is_maskable else round(side * 5 / _UNITS)
    pen.rounded_rectangle((0, 0, side - 1, side - 1), corner, fill=GROUND)
    unit = side / _UNITS * (_SAFE * 1.25 if is_maskable else 1.0)
    width = round(1.6 * unit)

    def at(x: float, y: float) -> tuple[float, float]:
        return side / 2 + (x - 12) * unit, side / 2 + (y - 12) * unit

    reach = 8 + 0.8
    pen.ellipse((*at(12 - reach, 12 - reach), *at(12 + reach, 12 + reach)), outline=LINE, width=width)
    pen.line((*at(4, 12), *at(20, 12)), fill=LINE, width=width)
    pen.line((*at(12, 6), *at(12, 18)), fill=LINE, width=width)
    pen.ellipse((*at(9.4, 9.4), *at(14.6, 14.6)), fill=DOT)
    return picture.resize((size_px, size_px), Image.Resampling.LANCZOS)


def main() -> None:
    """Write all icons."""
    FOLDER.mkdir(exist_ok=True)
    for size_px in SIZES_PX:
        for purpose in ("any", "maskable"):
            icon = draw(size_px, is_maskable=purpose == "maskable")
            icon.quantize(64).save(FOLDER / f"{purpose}-{size_px}.png", optimize=True)


if __name__ == "__main__":
    main()
