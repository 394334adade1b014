"""Which view is before a camera, from played answers and drawn pictures."""

from pathlib import Path

import numpy as np
import pytest

from edge import opencv
from edge.cameras.opening import camera_for
from edge.config import CameraSettings, Preset
from edge.ptz import shift
from edge.ptz.gaze import FixedGaze, Gaze, TurningGaze, gaze_of
from edge.ptz.port import Position
from edge.ptz.shift import ShiftWatch
from edge.ptz.simulated.head import HOME, PRESETS
from tests.edge.ptz.played import PlayedSayings

VIEWS = (Preset(id="jalan", token="1"), Preset(id="trotoar", token="2"))
_random = np.random.default_rng(4)
SCENE = opencv.resize(_random.integers(30, 220, (40, 80), np.uint8), 640, 320)


def picture(right_px: int = 0, down_px: int = 0, *, noise: int = 0) -> opencv.Plane:
    """A part of a large scene, 320 x 180, looked at from another direction."""
    cut = SCENE[70 + down_px : 250 + down_px, 160 + right_px : 480 + right_px]
    grain = np.random.default_rng(noise).integers(0, 4, cut.shape, np.uint8)
    return opencv.add(np.ascontiguousarray(cut), grain)


def see(gaze: Gaze, luma: opencv.Plane, pts_s: float, share: float = 0.0) -> str | None:
    return gaze.see(luma, pts_s, motion_share=share)


def test_until_the_camera_says_where_it_looks_there_is_no_view() -> None:
    gaze = TurningGaze(VIEWS, PlayedSayings())
    assert see(gaze, picture(), 0.0) is None
    assert gaze.answers == 0


def test_a_preset_that_is_reached_has_its_view_and_a_stranger_has_none() -> None:
    sayings = PlayedSayings()
    gaze = TurningGaze(VIEWS, sayings)
    sayings.says(HOME)
    assert see(gaze, picture(), 0.0) == "jalan"
    sayings.says(Position(0.3, 0, 0), is_moving=True)
    assert see(gaze, picture(30), 1.0) is None
    sayings.says(Position(0.3, 0, 0))
    assert see(gaze, picture(60), 2.0) is None
    sayings.says(Position(0.7, -0.2, 0.3))
    assert see(gaze, picture(90), 3.0) == "trotoar"
    assert gaze.answers == 4


def test_a_preset_is_reached_within_a_tolerance_also_of_its_zoom() -> None:
    sayings = PlayedSayings()
    gaze = TurningGaze(VIEWS, sayings)
    expected = [(0.004, 0.0, "jalan"), (0.02, 0.0, None), (0.0, 0.005, "jalan"), (0.0, 0.1, None)]
    for number, (pan, zoom, view) in enumerate(expected):
        sayings.says(Position(pan, 0, zoom))
        assert see(gaze, picture(), float(number)) == view


def test_without_presets_the_own_view_holds_wherever_the_camera_stands() -> None:
    sayings = PlayedSayings()
    gaze = TurningGaze((), sayings)
    sayings.says(Position(0.1, 0, 0), is_moving=True)
    assert see(gaze, picture(), 0.0) is None
    sayings.says(None)
    assert see(gaze, picture(), 1.0) == ""


def test_a_camera_that_does_not_say_whether_it_moves_stands_when_its_position_repeats() -> None:
    sayings = PlayedSayings()
    gaze = TurningGaze(VIEWS, sayings)
    views = []
    for number, pan in enumerate((0.2, 0.1, 0.0, 0.0, 0.0)):
        sayings.says(Position(pan, 0, 0), is_moving=None)
        views.append(see(gaze, picture(), float(number)))
    assert views == [None, None, None, "jalan", "jalan"]
    sayings.says(None, is_moving=None)
    assert see(gaze, picture(), 9.0) is None


@pytest.mark.parametrize(("right", "down"), [(4, 0), (0, 4), (-6, 3), (60, 0), (-40, -30)])
def test_a_picture_that_moves_ends_the_view_before_the_camera_says_so(right: int, down: int) -> None:
    sayings = PlayedSayings()
    gaze = TurningGaze(VIEWS, sayings)
    sayings.says(HOME)
    assert [see(gaze, picture(noise=n), n / 5) for n in range(5)] == ["jalan"] * 5
    assert see(gaze, picture(right, down, noise=9), 1.0) is None
    # Said before it moved, or asked before.
    assert see(gaze, picture(noise=10), 1.2) is None
    sayings.says(HOME)
    assert see(gaze, picture(noise=11), 1.4) is None
    sayings.says(HOME)
    assert see(gaze, picture(noise=12), 1.6) == "jalan"


def test_what_drives_through_and_clouds_are_no_movement_of_the_camera() -> None:
    sayings = PlayedSayings()
    gaze = TurningGaze(VIEWS, sayings)
    sayings.says(HOME)
    for number in range(40):
        luma = opencv.scale_values(picture(noise=number), 1 - 0.01 * number)
        luma[60:160, 7 * number : 7 * number + 90] = 235
        luma[90:150, 300 - 6 * number : 380 - 6 * number] = 20
        assert see(gaze, luma, number / 5) == "jalan", number


def test_two_pixels_of_shaking_are_no_movement() -> None:
    sayings = PlayedSayings()
    gaze = TurningGaze(VIEWS, sayings)
    sayings.says(HOME)
    for number in range(20):
        assert see(gaze, picture(2 * (number % 2), -(number % 3), noise=number), number / 5) == "jalan"


def test_the_nearer_of_two_presets_is_meant() -> None:
    near = (PRESETS[0], PRESETS[1].__class__("2", "dekat", Position(0.005, 0, 0)))
    sayings = PlayedSayings(presets=near)
    gaze = TurningGaze(VIEWS, sayings)
    sayings.says(Position(0.004, 0, 0))
    assert see(gaze, picture(), 0.0) == "trotoar"


def test_a_camera_without_onvif_has_one_view_and_is_not_looked_at_in_quiet_times() -> None:
    gaze = FixedGaze()
    assert [see(gaze, picture(30 * n), n / 5, share=0.1) for n in range(5)] == [""] * 5
    assert gaze.answers is None


def test_a_camera_without_onvif_is_suspended_while_it_turns_and_goes_on_when_it_stands() -> None:
    gaze = FixedGaze()
    views = [see(gaze, picture(8 * min(n, 15)), n / 5, share=0.6) for n in range(60)]
    first, last = views.index(None), 59 - views[::-1].index(None)
    assert first <= 2
    assert 15 <= last <= 15 + 3 * 5 + 1
    assert set(views[last + 1 :]) == {""}


def test_a_settled_camera_is_compared_afresh_after_quiet_times() -> None:
    gaze = FixedGaze()
    assert see(gaze, picture(), 0.0, share=0.5) == ""
    assert see(gaze, picture(), 0.2, share=0.0) == ""
    assert see(gaze, picture(40), 0.4, share=0.5) == ""
    assert see(gaze, picture(40), 0.6, share=0.5) == ""


def test_a_camera_that_shows_another_scene_all_at_once_has_moved() -> None:
    sayings = PlayedSayings()
    gaze = TurningGaze(VIEWS, sayings)
    sayings.says(HOME)
    see(gaze, picture(), 0.0)
    assert see(gaze, opencv.inverse(picture()), 0.5) is None


def test_the_kind_of_gaze_follows_from_the_settings() -> None:
    settings = CameraSettings(id="utara", source="scene:street")
    assert isinstance(gaze_of(settings, None), FixedGaze)
    assert isinstance(gaze_of(settings, PlayedSayings()), TurningGaze)


def test_another_size_of_picture_is_another_view() -> None:
    watch = ShiftWatch()
    assert not watch.is_shifted(picture(), 0.0)
    watch.begin(picture(), 0.0)
    assert watch.is_shifted(np.ascontiguousarray(picture()[:, :200]), 1.0)


def test_light_that_wanders_for_minutes_is_followed() -> None:
    watch = ShiftWatch()
    watch.begin(picture(), 0.0)
    for minute in range(8):
        shade = opencv.scale_values(picture(noise=minute), 1 - 0.08 * minute)
        assert not watch.is_shifted(shade, 61.0 * minute + 1)


def test_a_mast_that_bends_slowly_is_no_turning() -> None:
    watch = ShiftWatch()
    watch.begin(picture(), 0.0)
    assert not any(watch.is_shifted(picture(n // 20, noise=n), n / 5) for n in range(200))


def test_a_shift_by_half_the_picture_explains_nothing() -> None:
    assert not shift._explains(picture()[::2, ::2], picture()[::2, ::2], 90, 0)


@pytest.mark.parametrize("clip", ["car-detection.mp4", "one-by-one-person-detection.mp4"])
def test_no_real_clip_of_a_camera_that_stands_looks_like_turning(clip: str) -> None:
    path = Path(__file__).parents[3] / "../shared/video" / clip
    if not path.exists():
        pytest.skip(f"{path} is not there")
    camera = camera_for(f"replay:{path.resolve()}?pace=max&loop=0", fps=15)
    camera.open()
    watch, frames = ShiftWatch(), 0
    for frame in camera.frames():
        if frame.seq == 0:
            watch.begin(frame.luma, frame.pts_s)
        assert not watch.is_shifted(frame.luma, frame.pts_s), frame.pts_s
        frames += 1
    camera.close()
    assert frames > 300
