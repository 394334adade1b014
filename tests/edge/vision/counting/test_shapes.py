"""How long things of one width usually are."""

from edge.vision.counting.shapes import UsualShapes


def test_the_usual_length_is_known_only_after_several_of_that_width() -> None:
    shapes = UsualShapes()
    for length in (38.0, 40.0, 41.0, 12.0):
        shapes.add(40, length)
    assert shapes.most_across_px(40) == 0
    shapes.add(42, 40)
    assert 41 <= shapes.most_across_px(40) < 60


def test_motorcycles_say_nothing_of_lorries() -> None:
    shapes = UsualShapes()
    for _ in range(9):
        shapes.add(10, 25)
    assert shapes.most_across_px(50) == 0
    assert shapes.most_across_px(11) > 25


def test_parts_of_things_that_always_fall_apart_are_still_parts() -> None:
    shapes = UsualShapes()
    for _ in range(9):
        shapes.add(10, 8)
    assert shapes.most_across_px(10) < 10
    assert shapes.most_across_px(10, 30) == 28
    assert shapes.most_across_px(30, 30) == 1.15 * 30
    assert shapes.most_across_px(10, 30, is_line_upright=True) < 10
