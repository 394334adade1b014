"""What a frame is like: every number a picture depends on, and how each bucket draws them.

Ranges are those of section 3 of the reference on attendance; 1.0 is full scale in linear
light, lengths of blur are in modules of the code.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

Rng = np.random.Generator


@dataclass(frozen=True)
class Conditions:
    """One frame's numbers."""

    module_px: float = 3.5
    roll: float = 0.0
    tilt: float = 0.0
    tilt_direction: float = 0.0
    is_phone: bool = True
    is_inverted: bool = False
    white: float = 0.7
    black: float = 0.04
    ambient: float = 0.4
    gain: float = 1.0
    read_noise: float = 0.004
    shot_noise: float = 0.001
    streak: float = 0.0
    streak_direction: float = 0.0
    defocus: float = 0.0
    # (x, y as a share of the code, strength, size as a share, aspect, direction)
    glare: tuple[tuple[float, ...], ...] = ()
    haze: float = 0.0
    # (period px, amplitude, direction, phase)
    gratings: tuple[tuple[float, ...], ...] = ()
    # (period px, depth, share of the period, phase)
    bands: tuple[float, float, float, float] | None = None
    veil: float = 0.0
    over_edge: float | None = None
    thumb: float = 0.0
    clutter: int = 0
    codes: int = 1
    quiet_modules: int = 4
    payload_bytes: tuple[int, ...] = (60, 120, 200, 300)


def usual(rng: Rng) -> Conditions:
    """Draw the conditions of an easy frame."""
    return Conditions(
        module_px=rng.uniform(2.8, 5),
        roll=rng.uniform(-0.17, 0.17),
        tilt=rng.uniform(0, 0.2),
        tilt_direction=rng.uniform(0, 2 * np.pi),
        is_phone=bool(rng.random() < 0.7),
        white=rng.uniform(0.55, 0.9),
        black=rng.uniform(0.02, 0.06),
        ambient=rng.uniform(0.25, 0.6),
        read_noise=rng.uniform(0.002, 0.006),
        shot_noise=rng.uniform(0.0005, 0.0015),
        quiet_modules=4 if rng.random() < 0.8 else 2,
    )


def _between(rng: Rng, level: int, *ranges: tuple[float, float]) -> float:
    return float(rng.uniform(*ranges[level]))


def _clean(c: Conditions, rng: Rng, level: int) -> Conditions:
    return c


def _small(c: Conditions, rng: Rng, level: int) -> Conditions:
    return replace(c, module_px=_between(rng, level, (2.2, 2.8), (1.8, 2.2), (1.5, 1.8)))


def _rotation(c: Conditions, rng: Rng, level: int) -> Conditions:
    return replace(c, roll=rng.uniform(0, 2 * np.pi), module_px=rng.uniform(2.5, 8))


def _perspective(c: Conditions, rng: Rng, level: int) -> Conditions:
    tilt = _between(rng, level, (0.35, 0.55), (0.55, 0.75), (0.75, 1.0))
    return replace(c, tilt=tilt, module_px=rng.uniform(3, 6))


def _motion(c: Conditions, rng: Rng, level: int) -> Conditions:
    streak = _between(rng, level, (0.5, 0.9), (0.9, 1.4), (1.4, 2.2))
    return replace(c, streak=streak, streak_direction=rng.uniform(0, np.pi), module_px=rng.uniform(2.5, 6))


def _defocus(c: Conditions, rng: Rng, level: int) -> Conditions:
    defocus = _between(rng, level, (0.3, 0.5), (0.5, 0.75), (0.75, 1.1))
    return replace(c, defocus=defocus, module_px=rng.uniform(2.5, 6))


def _low_light(c: Conditions, rng: Rng, level: int) -> Conditions:
    return replace(
        c,
        is_phone=bool(rng.random() < 0.3),
        gain=_between(rng, level, (0.25, 0.4), (0.12, 0.25), (0.06, 0.12)),
        read_noise=rng.uniform(0.006, 0.014),
        shot_noise=rng.uniform(0.002, 0.006),
        white=rng.uniform(0.2, 0.5),
    )


def _spot(rng: Rng, size: float) -> tuple[float, ...]:
    x, y = rng.uniform(0.15, 0.85, 2)
    aspect, direction = rng.uniform(0.3, 1), rng.uniform(0, np.pi)
    return float(x), float(y), rng.uniform(0.6, 1.6), size * rng.uniform(0.6, 1.1), aspect, direction


def _glare(c: Conditions, rng: Rng, level: int) -> Conditions:
    size = _between(rng, level, (0.05, 0.08), (0.08, 0.13), (0.13, 0.2))
    spots = tuple(_spot(rng, size) for _ in range(int(rng.integers(1, 3))))
    return replace(c, glare=spots, haze=rng.uniform(0, 0.12))


def _grating(rng: Rng, amplitude: float) -> tuple[float, ...]:
    return rng.uniform(2.2, 14), amplitude, rng.uniform(0, np.pi), rng.uniform(0, 2 * np.pi)


def _moire(c: Conditions, rng: Rng, level: int) -> Conditions:
    strength = [_between(rng, level, (0.08, 0.2), (0.2, 0.32), (0.32, 0.45)) for _ in range(2)]
    depth = _between(rng, level, (0, 0.3), (0.2, 0.6), (0.5, 0.85))
    bands = rng.uniform(18, 140), depth, rng.uniform(0.2, 0.8), rng.uniform(0, 1)
    return replace(c, is_phone=True, gratings=tuple(_grating(rng, a) for a in strength), bands=bands)


def _low_contrast(c: Conditions, rng: Rng, level: int) -> Conditions:
    white = rng.uniform(0.12, 0.3)
    black = white * _between(rng, level, (0.3, 0.45), (0.45, 0.62), (0.62, 0.78))
    return replace(c, is_phone=True, white=white, black=black)


def _bloom(c: Conditions, rng: Rng, level: int) -> Conditions:
    white = _between(rng, level, (1, 1.4), (1.4, 2), (2, 3.2))
    return replace(
        c,
        is_phone=True,
        ambient=rng.uniform(0.03, 0.12),
        white=white,
        black=white * rng.uniform(0.01, 0.04),
        veil=(0.08, 0.14, 0.22)[level],
        defocus=rng.uniform(0.1, 0.35),
    )


def _crop(c: Conditions, rng: Rng, level: int) -> Conditions:
    if rng.random() < 0.5:
        return replace(c, over_edge=_between(rng, level, (-0.02, 0.03), (0.03, 0.07), (0.07, 0.12)))
    return replace(c, thumb=_between(rng, level, (0.04, 0.08), (0.08, 0.13), (0.13, 0.2)))


def _inverted(c: Conditions, rng: Rng, level: int) -> Conditions:
    module_px = _between(rng, level, (3.5, 6), (2.6, 3.5), (2, 2.6))
    return replace(c, is_phone=True, is_inverted=True, module_px=module_px)


def _busy(c: Conditions, rng: Rng, level: int) -> Conditions:
    return replace(c, clutter=(40, 80, 140)[level], module_px=rng.uniform(2.2, 5))


def _multi(c: Conditions, rng: Rng, level: int) -> Conditions:
    return replace(
        c,
        codes=int(rng.integers(2, 5)),
        is_phone=bool(rng.random() < 0.5),
        module_px=rng.uniform(2, 3.2),
        payload_bytes=(60, 120),
    )


def _mixed(c: Conditions, rng: Rng, level: int) -> Conditions:
    strength = (0.5, 0.8, 1.15)[level]
    white = rng.uniform(0.25, 1.6)
    size = rng.uniform(0.03, 0.1)
    return replace(
        c,
        module_px=rng.uniform(1.9, 5.5),
        roll=rng.normal(0, 0.35 * strength),
        tilt=min(1.0, abs(rng.normal(0, 0.3 * strength))),
        streak=abs(rng.normal(0, 0.8 * strength)),
        streak_direction=rng.uniform(0, np.pi),
        defocus=abs(rng.normal(0, 0.4 * strength)),
        gratings=(_grating(rng, abs(rng.normal(0, 0.12 * strength))),),
        bands=(rng.uniform(18, 140), min(0.85, abs(rng.normal(0, 0.25 * strength))), 0.5, rng.uniform(0, 1)),
        glare=(_spot(rng, size),) if rng.random() < 0.35 else (),
        gain=float(np.exp(rng.normal(-0.3 * strength, 0.5 * strength))),
        read_noise=rng.uniform(0.003, 0.012),
        shot_noise=rng.uniform(0.001, 0.005),
        clutter=int(rng.integers(0, 61)),
        white=white,
        black=white * rng.uniform(0.03, 0.35),
    )


def _none(c: Conditions, rng: Rng, level: int) -> Conditions:
    return replace(
        c,
        codes=0,
        clutter=int(rng.integers(0, 121)) if rng.random() < 0.5 else 0,
        gain=float(np.exp(rng.normal(-0.3, 0.5))),
        read_noise=rng.uniform(0.002, 0.012),
    )


BUCKETS: dict[str, Callable[[Conditions, Rng, int], Conditions]] = {
    "clean": _clean,
    "small": _small,
    "rotation": _rotation,
    "perspective": _perspective,
    "motion": _motion,
    "defocus": _defocus,
    "low_light": _low_light,
    "glare": _glare,
    "moire": _moire,
    "low_contrast": _low_contrast,
    "bloom": _bloom,
    "crop": _crop,
    "inverted": _inverted,
    "busy": _busy,
    "multi": _multi,
    "mixed": _mixed,
    "none": _none,
}
