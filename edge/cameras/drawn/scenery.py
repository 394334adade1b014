"""The empty drawn street: sky, grass, road, markings, kerbs, trees, lamp light. Drawn once a scene."""

import numpy as np

from edge import opencv
from edge.cameras.drawn.settings import Weather
from edge.cameras.drawn.street import LANE_M, PAVEMENT_M, Street
from edge.cameras.drawn.view import View

Bgr = opencv.Picture
Colour = tuple[int, int, int]

_SKY: Colour = (222, 190, 150)
_GRASS: Colour = (70, 120, 88)
_ASPHALT: Colour = (92, 90, 88)
_PAVING: Colour = (150, 158, 162)
_KERB: Colour = (196, 198, 200)
_PAINT: Colour = (226, 228, 230)
# Far enough to meet the horizon in a picture of this size.
_FAR_M = 400.0
_TILE_M = 12.0


def empty_street(street: Street) -> Bgr:
    """Return the street with nobody on it, (H, W, 3) uint8 BGR."""
    view, half = street.view, street.half_width_m
    picture = np.full((view.height_px, view.width_px, 3), _SKY, np.uint8)
    random = np.random.default_rng(street.settings.seed)
    picture[max(0, view.horizon_px) :] = _GRASS
    _mottle(picture, random)
    _strip(picture, view, -half - PAVEMENT_M, half + PAVEMENT_M, _PAVING)
    if street.settings.weather is not Weather.STANDING:
        _carriageway(picture, street)
    _trees(picture, street, random)
    _grain(picture, random)
    return picture


def _carriageway(picture: Bgr, street: Street) -> None:
    view, half = street.view, street.half_width_m
    _strip(picture, view, -half - 0.25, half + 0.25, _KERB)
    _strip(picture, view, -half, half, _ASPHALT)
    _strip(picture, view, -0.22, -0.08, _PAINT)
    _strip(picture, view, 0.08, 0.22, _PAINT)
    for place in range(1, round((half - 0.4) / LANE_M)):
        for side in (-1, 1):
            for start in range(-70, 120, 6):
                edge = side * place * LANE_M
                _strip(picture, view, edge - 0.07, edge + 0.07, _PAINT, float(start), start + 2.5)


def _strip(
    picture: Bgr,
    view: View,
    left: float,
    right: float,
    colour: Colour,
    first: float = -_FAR_M,
    last: float = _FAR_M,
) -> None:
    """Paint the ground between two distances beside the middle of the street, tile by tile."""
    edges = np.linspace(first, last, max(2, int((last - first) / _TILE_M) + 1))
    for near, far in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        ground = [(near, left), (far, left), (far, right), (near, right)]
        if min(view.depth_m(along, beside) for along, beside in ground) < 1.5:
            continue
        corners = view.project(np.array([(along, beside, 0.0) for along, beside in ground]))
        pixels = np.rint(np.clip(corners, -20_000, 20_000)).astype(np.int32)
        opencv.fill(picture, pixels, colour, is_smooth=False)


def _mottle(picture: Bgr, random: np.random.Generator) -> None:
    """Make the grass look less like paint: low, wide blotches."""
    height, width = picture.shape[:2]
    coarse = random.integers(0, 36, (height // 8 + 1, width // 8 + 1, 3)).astype(np.uint8)
    is_grass = np.all(picture == _GRASS, axis=2)
    blotches = opencv.resize(coarse, width, height)
    picture[is_grass] = opencv.subtract(picture, blotches)[is_grass]


def _trees(picture: Bgr, street: Street, random: np.random.Generator) -> None:
    """Plant a row on each side behind the pavement, the far ones first."""
    if street.view.turn_deg > 45:
        return
    verge = street.half_width_m + PAVEMENT_M + 2.5
    for along in range(110, 12, -11):
        for side in (-1, 1):
            _tree(picture, street.view, along + float(random.uniform(-2, 2)), side * verge, random)


def _tree(picture: Bgr, view: View, along: float, beside: float, random: np.random.Generator) -> None:
    if view.depth_m(along, beside) < 6:
        return
    foot, crown = view.project(np.array([[along, beside, 0.0], [along, beside, 4.2]]))
    size = view.focal_px / view.depth_m(along, beside)
    opencv.line(picture, _pixel(foot), _pixel(crown), (50, 66, 84), max(1, round(0.3 * size)))
    for _ in range(14):
        spot = crown + random.normal(0, 0.75, 2) * size
        radius = max(1, round(float(random.uniform(0.5, 1.0)) * size))
        shade = float(random.uniform(0.6, 1.1))
        opencv.disc(picture, _pixel(spot), (radius, radius), (48 * shade, 98 * shade, 58 * shade))


def _pixel(point: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> opencv.Pixel:
    x, y = np.clip(np.rint(point), -20_000, 20_000).astype(int).tolist()
    return x, y


def _grain(picture: Bgr, random: np.random.Generator) -> None:
    """Give every surface the fine texture that real asphalt and leaves have."""
    grain = random.normal(0, 5, picture.shape[:2])[..., None]
    picture[:] = np.clip(picture + grain, 0, 255).astype(np.uint8)
