"""How a person holds a phone up to the camera: where it is, how it trembles, in what light.

Numbers follow section 2.7 of the reference on attendance (2026): a model of people, not a
measurement of them. Pure; every person follows from the random generator passed in.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

CODE_MM = 60.0  # with its quiet zone
_FOCUS_MM, _APERTURE_MM = 250.0, 1.5
_LEAVE_S = 0.35


class Light(StrEnum):
    """What the light does to the picture."""

    NORMAL = "normal"
    BLOOM = "bloom"  # a bright phone in a dark hall
    MOIRE = "moire"
    GLARE = "glare"
    DIM = "dim"


_LIGHTS = (Light.NORMAL, Light.BLOOM, Light.MOIRE, Light.GLARE, Light.DIM)
_LIGHT_SHARES = (0.50, 0.15, 0.15, 0.10, 0.10)


@dataclass(frozen=True, slots=True)
class Presentation:
    """One person's visit. Lengths in mm, angles in rad, times in s from the start."""

    approach_s: float
    hold_s: float
    distance_mm: float
    side: float
    roll: float
    tilt: tuple[float, float]
    offset_mm: tuple[float, float]
    tremor_hz: tuple[float, float]
    tremor_mm: tuple[float, float]
    tremor_phase: tuple[float, float]
    exposure_s: float
    light: Light

    @property
    def ends_s(self) -> float:
        """When the phone is out of view."""
        return self.approach_s + self.hold_s + _LEAVE_S

    def is_held(self, at_s: float) -> bool:
        """Whether the person means to hold still."""
        return self.approach_s <= at_s < self.approach_s + self.hold_s

    def position_mm(self, at_s: float) -> tuple[float, float]:
        """Return right and down of the code's centre from the optical axis."""
        away = self._away(at_s)
        shakes = [
            size * np.sin(2 * np.pi * hertz * at_s + phase)
            for hertz, size, phase in zip(self.tremor_hz, self.tremor_mm, self.tremor_phase, strict=True)
        ]
        right = self.offset_mm[0] + shakes[0] + self.side * away * 0.9 * self.distance_mm
        down = self.offset_mm[1] + shakes[1] + away * 1.1 * self.distance_mm
        return float(right), float(down)

    def _away(self, at_s: float) -> float:
        """Return 0 while held, rising to 1 out of view: the hand slows down as it arrives."""
        before = max(0.0, 1 - at_s / self.approach_s)
        after = max(0.0, (at_s - self.approach_s - self.hold_s) / _LEAVE_S)
        return before**2 + after**2

    def homography(
        self, at_s: float, *, side_px: float, focal_px: float, centre_px: tuple[float, float]
    ) -> Matrix:
        """Return the 3x3 map from a code of ``side_px`` (0, 0 its top left) to the frame."""
        right, down = self.position_mm(at_s)
        rotation = _rotation(self.roll, *self.tilt)
        scale = CODE_MM / side_px
        to_plane = np.array([[scale, 0, -CODE_MM / 2], [0, scale, -CODE_MM / 2], [0, 0, 1]])
        pose = np.column_stack([rotation[:, 0], rotation[:, 1], [right, down, self.distance_mm]])
        camera = np.array([[focal_px, 0, centre_px[0]], [0, focal_px, centre_px[1]], [0, 0, 1]])
        matrix: Matrix = camera @ pose @ to_plane
        return matrix

    def streak_px(self, at_s: float, focal_px: float) -> tuple[float, float]:
        """Return how far the code moves in the frame while the shutter is open."""
        x0, y0 = self.position_mm(at_s - self.exposure_s / 2)
        x1, y1 = self.position_mm(at_s + self.exposure_s / 2)
        scale = focal_px / self.distance_mm
        return (x1 - x0) * scale, (y1 - y0) * scale

    def blur_radius_px(self, focal_px: float) -> float:
        """Return the radius of the defocus disk of a lens set to 25 cm."""
        return _APERTURE_MM * focal_px * abs(1 / self.distance_mm - 1 / _FOCUS_MM) / 2


def draw_presentation(rng: np.random.Generator) -> Presentation:
    """Return one person's way of holding a phone."""
    return Presentation(
        approach_s=rng.uniform(0.4, 0.9),
        hold_s=float(np.clip(np.exp(rng.normal(np.log(1.3), 0.4)), 0.5, 3.0)),
        distance_mm=float(np.clip(np.exp(rng.normal(np.log(200), 0.22)), 110, 380)),
        side=float(rng.choice((-1.0, 1.0))),
        roll=rng.normal(0, 0.15),
        tilt=(rng.normal(0, 0.22), rng.normal(0, 0.22)),
        offset_mm=(rng.normal(0, 8), rng.normal(0, 8)),
        tremor_hz=(rng.uniform(2.6, 8.1), rng.uniform(2.6, 8.1)),
        tremor_mm=(rng.uniform(0.3, 1.6), rng.uniform(0.3, 1.6)),
        tremor_phase=(rng.uniform(0, 6.28), rng.uniform(0, 6.28)),
        exposure_s=float(rng.choice((0.008, 0.016, 0.025), p=(0.35, 0.45, 0.20))),
        light=_LIGHTS[int(rng.choice(len(_LIGHTS), p=_LIGHT_SHARES))],
    )


def _rotation(roll: float, tilt_x: float, tilt_y: float) -> Matrix:
    cos, sin = np.cos, np.sin
    about_z = np.array([[cos(roll), -sin(roll), 0], [sin(roll), cos(roll), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, cos(tilt_x), -sin(tilt_x)], [0, sin(tilt_x), cos(tilt_x)]])
    about_y = np.array([[cos(tilt_y), 0, sin(tilt_y)], [0, 1, 0], [-sin(tilt_y), 0, cos(tilt_y)]])
    rotation: Matrix = about_x @ about_y @ about_z
    return rotation
