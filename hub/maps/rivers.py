"""The rivers of Pontianak as lines for orientation, drawn by hand for this product; no survey.

They meet before the Kadriah palace: the Landak comes from the north-east, the Kapuas Kecil from the
south-east, and flows on past the equator to the sea.
"""

from dataclasses import dataclass

from hub.maps.projection import Place, smooth_path


@dataclass(frozen=True, slots=True)
class River:
    """A line from west to east, as its name is read; ``width`` in units of the drawing."""

    name: str
    places: tuple[Place, ...]
    width: int

    @property
    def path(self) -> str:
        """The path data of the line."""
        return smooth_path(self.places)


KAPUAS = River(
    name="Sungai Kapuas",
    places=(
        (0.0700, 109.1800), (0.0430, 109.2350), (0.0320, 109.2590), (0.0240, 109.2680),
        (0.0160, 109.2760), (0.0092, 109.2850),
        (0.0042, 109.2940), (0.0004, 109.3035), (-0.0034, 109.3130), (-0.0078, 109.3215),
        (-0.0122, 109.3290), (-0.0168, 109.3362), (-0.0232, 109.3432), (-0.0300, 109.3480),
        (-0.0385, 109.3535), (-0.0470, 109.3600), (-0.0560, 109.3672), (-0.0655, 109.3752),
        (-0.0760, 109.3835), (-0.0900, 109.3905), (-0.1080, 109.4010),
        (-0.1300, 109.4200),
    ),
    width=36,
)  # fmt: skip
LANDAK = River(
    name="Sungai Landak",
    places=(
        (-0.0240, 109.3440), (-0.0215, 109.3510), (-0.0212, 109.3590), (-0.0196, 109.3680),
        (-0.0215, 109.3765), (-0.0262, 109.3840), (-0.0262, 109.3930), (-0.0215, 109.4020),
        (-0.0200, 109.4200), (-0.0290, 109.4400), (-0.0250, 109.4700), (-0.0300, 109.5600),
    ),
    width=26,
)  # fmt: skip

RIVERS = (KAPUAS, LANDAK)
