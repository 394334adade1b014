"""Lines, zones, gauges, tracks and counts drawn into a still, for the person who sets a camera up.

Must not be the last that is done to a picture: the privacy masks are burnt in after it.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from edge import opencv
from edge.config import Gauge, Point, View
from edge.vision.analysis import SeenTrack
from edge.vision.measures.homography import homography, projected
from edge.vision.stills import polygon_px

LINE_COLOUR = (80, 220, 255)
ZONE_COLOUR = (255, 200, 90)
GAUGE_COLOUR = (180, 120, 255)
GROUND_COLOUR = (150, 150, 150)
WATER_COLOUR = (255, 120, 60)
TRACK_COLOUR = (120, 255, 120)
MASK_COLOUR = (255, 160, 80)
TEXT_HEIGHT_PX = 11


def draw_overlay(
    picture: opencv.Picture,
    *,
    view: View,
    tracks: Sequence[SeenTrack],
    counts: Mapping[tuple[str, bool], int],
    levels: Mapping[str, str] = MappingProxyType({}),
    waters_m: Mapping[str, float] = MappingProxyType({}),
) -> opencv.Picture:
    """Return a copy of ``picture`` (H, W, 3) uint8 BGR with everything drawn in.

    Args:
        picture: the still, already as small as it is sent.
        view: masks outlined, lines with their id and counts, zones and gauges with id and level.
        tracks: as boxes with their number.
        counts: crossings by line id and "is forward".
        levels: what is measured now, by id of zone or gauge; ASCII.
        waters_m: where the water stands, by id of gauge; drawn across its face.
    """
    drawn = picture.copy()
    for mask in view.masks:
        _outline(drawn, mask, MASK_COLOUR)
    if view.ground is not None:
        _outline(drawn, view.ground.points, GROUND_COLOUR)
    for zone in view.zones:
        _outline(drawn, zone.polygon, ZONE_COLOUR)
        _name(drawn, zone.polygon, f"{zone.id} {levels.get(zone.id, '')}", ZONE_COLOUR)
    for gauge in view.gauges:
        _outline(drawn, gauge.corners, GAUGE_COLOUR)
        words = f"{gauge.id} {levels.get(gauge.id, '')}".strip()
        _write(drawn, words, _beside(drawn, gauge), GAUGE_COLOUR)
        if gauge.id in waters_m:
            _waterline(drawn, gauge, waters_m[gauge.id])
    for track in tracks:
        _box(drawn, track)
    for line in view.lines:
        first, second = (_pixel(drawn, point) for point in line.points)
        opencv.line(drawn, first, second, LINE_COLOUR, 2)
        words = f"{line.id} {counts.get((line.id, True), 0)}/{counts.get((line.id, False), 0)}"
        _write(drawn, words, ((first[0] + second[0]) // 2, (first[1] + second[1]) // 2 - 4), LINE_COLOUR)
    return drawn


def _outline(picture: opencv.Picture, polygon: Sequence[Point], colour: tuple[int, int, int]) -> None:
    corners = [(int(x), int(y)) for x, y in polygon_px(polygon, picture.shape[1], picture.shape[0])]
    for first, second in zip(corners, corners[1:] + corners[:1], strict=True):
        opencv.line(picture, first, second, colour, 1)


def _beside(picture: opencv.Picture, gauge: Gauge) -> tuple[int, int]:
    """Return where words stand right of the face, which they must not cover."""
    right, top = max(x for x, _ in gauge.corners), min(y for _, y in gauge.corners)
    at = _pixel(picture, (right, top))
    return at[0] + 4, at[1] + TEXT_HEIGHT_PX


def _waterline(picture: opencv.Picture, gauge: Gauge, level_m: float) -> None:
    """Draw the level across the face, and a little beyond so that it is seen."""
    face = homography([(0, 0), (1, 0), (1, 1), (0, 1)], gauge.corners)
    down = (gauge.top_m - level_m) / (gauge.top_m - gauge.bottom_m)
    ends = projected(face, np.array([(-0.6, down), (1.6, down)])).tolist()
    first, second = (_pixel(picture, (x, y)) for x, y in ends)
    opencv.line(picture, first, second, WATER_COLOUR, 2)


def _name(
    picture: opencv.Picture, polygon: Sequence[Point], words: str, colour: tuple[int, int, int]
) -> None:
    left, top = min(x for x, _ in polygon), min(y for _, y in polygon)
    corner = _pixel(picture, (left, top))
    _write(picture, words.strip(), (corner[0] + 3, corner[1] + TEXT_HEIGHT_PX + 3), colour)


def _box(picture: opencv.Picture, track: SeenTrack) -> None:
    left, right = track.x - track.width / 2, track.x + track.width / 2
    top, bottom = track.y - track.height / 2, track.y + track.height / 2
    corners = [_pixel(picture, p) for p in ((left, top), (right, top), (right, bottom), (left, bottom))]
    for first, second in zip(corners, corners[1:] + corners[:1], strict=True):
        opencv.line(picture, first, second, TRACK_COLOUR, 1)
    _write(picture, str(track.number), (corners[0][0], corners[0][1] - 2), TRACK_COLOUR)


def _write(picture: opencv.Picture, words: str, at: tuple[int, int], colour: tuple[int, int, int]) -> None:
    at = (max(at[0], 1), max(at[1], TEXT_HEIGHT_PX + 1))
    opencv.text(picture, words, at, colour, TEXT_HEIGHT_PX)


def _pixel(picture: opencv.Picture, point: Point) -> tuple[int, int]:
    return round(point[0] * picture.shape[1]), round(point[1] * picture.shape[0])
