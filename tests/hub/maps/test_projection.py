"""From degrees to the drawing: the equator is a place, rivers bend, a cut-out stays on the paper."""

from hub.maps import projection
from hub.maps.projection import HEIGHT, WIDTH, cut_out, ring_path, smooth_path, unit_place
from hub.maps.rivers import KAPUAS, LANDAK, RIVERS


def test_the_equator_has_a_place_and_north_is_up() -> None:
    assert unit_place(0.0, 109.3222) == (582, 445)
    assert unit_place(0.01, 109.3222)[1] < unit_place(0.0, 109.3222)[1]
    assert unit_place(projection.NORTH, projection.WEST) == (0, 0)
    assert unit_place(projection.SOUTH, projection.EAST) == (WIDTH, HEIGHT)


def test_a_ring_is_closed_and_says_no_point_twice() -> None:
    ring = [(0.0, 109.3), (0.0, 109.300001), (0.0, 109.31), (0.01, 109.31), (0.0, 109.3)]
    assert ring_path(ring) == "M360 445L460 445L460 345L360 445Z"


def test_a_river_bends_through_the_middles_and_keeps_its_ends() -> None:
    path = smooth_path([(0.0, 109.30), (0.0, 109.31), (0.01, 109.32), (0.01, 109.33)])
    assert path == "M360 445Q460 445 510 395Q560 345 610 345L660 345"


def test_the_landak_flows_into_the_kapuas() -> None:
    mouth = LANDAK.places[0]
    away = min(abs(mouth[0] - place[0]) + abs(mouth[1] - place[1]) for place in KAPUAS.places)
    assert away < 0.003
    assert all(river.path.startswith("M") for river in RIVERS)


def test_a_cut_out_stays_on_the_drawing() -> None:
    assert cut_out(0.0, 109.3222, half_width=100, half_height=50) == (482, 395, 200, 100)
    assert cut_out(1.0, 100.0, half_width=100, half_height=50) == (0, 0, 200, 100)
    assert cut_out(-1.0, 120.0, half_width=100, half_height=50) == (WIDTH - 200, HEIGHT - 100, 200, 100)
