"""Lines, tracks and counts drawn into a still, for the person who sets a camera up.

Must not be the last that is done to a picture: the privacy masks are burnt in after it.
"""

from collections.abc import Mapping, Sequence

from edge import opencv
from edge.config import Line, Point, Polygon
from edge.vision.analysis import SeenTrack
from edge.vision.stills import polygon_px

LINE_COLOUR = (80, 220, 255)
TRACK_COLOUR = (120, 255, 120)
MASK_COLOUR = (255, 160, 80)
TEXT_HEIGHT_PX = 11


def draw_overlay(
    picture: opencv.Picture,
    *,
    lines: Sequence[Line],
    masks: Sequence[Polygon],
    tracks: Sequence[SeenTrack],
    counts: Mapping[tuple[str, bool], int],
) -> opencv.Picture:
    """Return a copy of ``picture`` (H, W, 3) uint8 BGR with everything drawn in.

    Args:
        picture: the still, already as small as it is sent.
        lines: with their id and counts written beside them.
        masks: outlined.
        tracks: as boxes with their number.
        counts: crossings by line id and "is forward".
    """
    drawn = picture.copy()
    for mask in masks:
        _outline(drawn, mask)
    for track in tracks:
        _box(drawn, track)
    for line in lines:
        first, second = (_pixel(drawn, point) for point in line.points)
        opencv.line(drawn, first, second, LINE_COLOUR, 2)
        words = f"{line.id} {counts.get((line.id, True), 0)}/{counts.get((line.id, False), 0)}"
        _write(drawn, words, ((first[0] + second[0]) // 2, (first[1] + second[1]) // 2 - 4), LINE_COLOUR)
    return drawn


def _outline(picture: opencv.Picture, polygon: Polygon) -> None:
    corners = [(int(x), int(y)) for x, y in polygon_px(polygon, picture.shape[1], picture.shape[0])]
    for first, second in zip(corners, corners[1:] + corners[:1], strict=True):
        opencv.line(picture, first, second, MASK_COLOUR, 1)


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
