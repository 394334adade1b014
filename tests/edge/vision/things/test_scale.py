from edge.vision.things.scale import SMALLEST_SHARE, ScaleLearner, SceneScale


def test_many_fragments_do_not_hide_the_size_of_the_things() -> None:
    learner = ScaleLearner()
    for _ in range(30):
        learner.add(6, 30)
    for size in (48, 50, 52, 50):
        learner.add(size, 2200)
    assert learner.samples == 34
    assert 48 <= learner.typical_px() <= 52


def test_nothing_seen_is_no_size() -> None:
    assert ScaleLearner().typical_px() == 0


def test_everything_grows_with_the_scale() -> None:
    near, far = SceneScale(20), SceneScale(4)
    assert near.least_area_px > far.least_area_px
    assert near.gap_px > far.gap_px
    assert near.speck_px >= far.speck_px
    assert near.gap_px % 2 == far.gap_px % 2 == 1
    assert near.typical_px == 20 / SMALLEST_SHARE


def test_what_was_learnt_holds_for_a_smaller_picture() -> None:
    learner = ScaleLearner()
    learner.add(40, 1600)
    assert learner.shrunk(2).typical_px() == 20


def test_on_a_street_of_lorries_a_walker_is_large_enough() -> None:
    lorries, street = SceneScale(20), SceneScale(20, enough_px=9)
    assert street.least_area_px == 81 < lorries.least_area_px
    assert street.typical_px == lorries.typical_px
    assert SceneScale(8, enough_px=9).least_area_px == SceneScale(8).least_area_px
