"""What every camera must do: one suite, run over all adapters by subclassing.

A subclass gives the fixture ``camera``: not yet open, at least eight frames long.
"""

from itertools import islice

import numpy as np
import pytest

from edge.cameras.port import Camera, CameraError, Frame


def take(camera: Camera, count: int) -> list[Frame]:
    """Return the first frames, with copies of their luma, which is valid for one step only."""
    return [
        Frame(frame.luma.copy(), frame.pts_s, frame.seq, frame.is_key, frame.is_damaged)
        for frame in islice(camera.frames(), count)
    ]


class CameraContract:
    def test_frames_are_luma_planes_of_one_size(self, camera: Camera) -> None:
        camera.open()
        frames = take(camera, 4)
        assert len(frames) == 4
        assert {frame.luma.dtype for frame in frames} == {np.dtype(np.uint8)}
        assert len({frame.luma.shape for frame in frames}) == 1
        assert frames[0].luma.ndim == 2
        assert min(frames[0].luma.shape) >= 32

    def test_luma_cannot_be_written_by_the_analysis(self, camera: Camera) -> None:
        camera.open()
        frame = next(iter(camera.frames()))
        with pytest.raises(ValueError, match="read-only"):
            frame.luma[0, 0] = 1

    def test_time_rises_and_numbers_begin_at_zero(self, camera: Camera) -> None:
        camera.open()
        frames = take(camera, 6)
        assert [frame.seq for frame in frames] == list(range(6))
        times = [frame.pts_s for frame in frames]
        assert times == sorted(set(times))

    def test_the_first_frame_is_a_key_frame(self, camera: Camera) -> None:
        camera.open()
        assert take(camera, 1)[0].is_key

    def test_a_clean_source_has_no_damage(self, camera: Camera) -> None:
        camera.open()
        assert not any(frame.is_damaged for frame in take(camera, 6))

    def test_the_newest_frame_can_be_had_in_colour(self, camera: Camera) -> None:
        camera.open()
        take(camera, 2)
        picture = camera.picture()
        assert picture.ndim == 3
        assert picture.shape[2] == 3
        assert picture.dtype == np.uint8
        assert picture.std() > 1

    def test_there_is_no_picture_before_the_first_frame(self, camera: Camera) -> None:
        camera.open()
        with pytest.raises(CameraError):
            camera.picture()

    def test_a_camera_that_was_never_opened_says_so(self, camera: Camera) -> None:
        with pytest.raises(CameraError, match="not open"):
            next(iter(camera.frames()))

    def test_closing_is_allowed_at_any_time_and_twice(self, camera: Camera) -> None:
        camera.close()
        camera.open()
        take(camera, 2)
        camera.close()
        camera.close()

    def test_a_closed_camera_ends_an_iteration_that_is_under_way(self, camera: Camera) -> None:
        camera.open()
        frames = iter(camera.frames())
        next(frames)
        camera.close()
        try:
            left = len(list(islice(frames, 50)))
        except CameraError:
            left = 0
        # What was decoded already may still come out; nothing new does.
        assert left < 50

    def test_it_can_be_opened_again_and_begins_anew(self, camera: Camera) -> None:
        camera.open()
        take(camera, 3)
        camera.open()
        frames = take(camera, 2)
        assert [frame.seq for frame in frames] == [0, 1]
