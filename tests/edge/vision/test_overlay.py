"""What a technician sees drawn: zones with words, the ground, and the water across its gauge."""

import numpy as np

from edge.config import Gauge, Ground, Line, View, Zone
from edge.vision.analysis import SeenTrack
from edge.vision.overlay import GAUGE_COLOUR, GROUND_COLOUR, WATER_COLOUR, ZONE_COLOUR, draw_overlay

QUAD = ((0.2, 0.2), (0.4, 0.2), (0.4, 0.8), (0.2, 0.8))
VIEW = View(
    lines=(Line(id="a", points=((0.0, 0.9), (1.0, 0.9))),),
    masks=(((0.0, 0.0), (0.1, 0.0), (0.1, 0.1)),),
    zones=(Zone(id="z", polygon=((0.6, 0.2), (0.9, 0.2), (0.9, 0.7))),),
    gauges=(Gauge(id="g", corners=QUAD, top_m=3.0, bottom_m=1.0),),
    ground=Ground(
        points=((0.5, 0.3), (0.95, 0.3), (0.95, 0.85), (0.5, 0.85)),
        metres=((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)),
    ),
)
PICTURE = np.zeros((360, 640, 3), np.uint8)


def rows_of(drawn: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    # Lines are smooth: their pixels are nearly of their colour.
    is_near = (np.abs(drawn.astype(int) - colour) < 20).all(axis=2)
    return np.flatnonzero(is_near.any(axis=1))


def test_everything_that_is_drawn_shows() -> None:
    track = SeenTrack(7, 0.5, 0.5, 0.1, 0.1)
    drawn = draw_overlay(PICTURE, view=VIEW, tracks=(track,), counts={("a", True): 3}, levels={"z": "jam"})
    for colour in (ZONE_COLOUR, GAUGE_COLOUR, GROUND_COLOUR):
        assert rows_of(drawn, colour).size, colour
    assert not rows_of(drawn, WATER_COLOUR).size
    assert not PICTURE.any()


def test_the_water_lies_where_the_level_is_on_the_face() -> None:
    drawn = draw_overlay(PICTURE, view=VIEW, tracks=(), counts={}, waters_m={"g": 1.5})
    rows = rows_of(drawn, WATER_COLOUR)
    # Three quarters down a face from 0.2 to 0.8 of 360 rows.
    assert abs(rows.mean() - 360 * (0.2 + 0.75 * 0.6)) <= 2
