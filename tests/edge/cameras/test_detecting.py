"""When the detector looks, and what becomes of one that cannot."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from edge.cameras.detecting import Detecting, Finder, detecting_of
from edge.cameras.port import Bgr
from edge.cameras.telling.reporting import Moment, Reporter, Sight
from edge.config import CameraSettings, DetectorSettings, View
from edge.supervision.messages import FromWorker, Said
from edge.vision.analysis import Seen
from edge.vision.objects.detector import DetectorError, Found
from edge.wire.records.camera_bodies import ObjectCount, SceneMeasures
from tests.edge.vision.objects.onnx_writing import model

SETTINGS = DetectorSettings(model="m.onnx", labels=("mobil",), every_s=5)
CAR = Found("mobil", 0.9, 0.5, 0.5, 0.1, 0.1)
MASKED = View(masks=(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),))


class Desk:
    """A detector whose work is done when the test says so."""

    def __init__(self, *, took_s: float = 0.5, trouble: str = "") -> None:
        self.now_s, self.took_s, self.trouble = 0.0, took_s, trouble
        self.pictures: list[Bgr] = []
        self.loads = 0
        self.detecting = Detecting(SETTINGS, name="utara", load=self._load, monotonic=lambda: self.now_s)

    def _load(self, settings: DetectorSettings) -> Finder:
        self.loads += 1
        if self.trouble:
            raise DetectorError(self.trouble)
        return self

    def find(self, picture: Bgr) -> Sequence[Found]:
        self.pictures.append(picture)
        self.now_s += self.took_s
        return [CAR]

    def saw(self, at_s: float, view: View | None = None) -> None:
        self.now_s = max(self.now_s, at_s)
        self.detecting.saw(lambda: np.full((8, 8, 3), 200, np.uint8), View() if view is None else view)
        self.settle()

    def settle(self) -> None:
        work = self.detecting._work
        if work is not None:
            work.exception(timeout=240)


def test_it_looks_as_often_as_it_was_told_and_tells_mean_and_most() -> None:
    desk = Desk()
    for second in range(21):
        desk.saw(float(second))
    assert len(desk.pictures) in (4, 5)
    assert desk.loads == 1
    assert desk.detecting.close_period() == (ObjectCount(label="mobil", mean=1.0, most=1),)
    assert desk.detecting.close_period() == ()
    assert desk.detecting.found == [CAR]
    desk.detecting.close()


def test_what_lies_under_a_mask_is_not_looked_at() -> None:
    desk = Desk()
    desk.saw(0.0, MASKED)
    (picture,) = desk.pictures
    assert picture[:, :4].max() < 60
    assert picture[:, 5:].min() == 200


def test_where_no_view_is_it_does_not_look() -> None:
    desk = Desk()
    desk.detecting.saw(lambda: pytest.fail("asked for"), None)
    assert desk.loads == 0


def test_a_slow_model_looks_more_seldom_and_that_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(took_s=2.0)
    for second in range(60):
        desk.saw(float(second))
    # A quarter of the time is 8 s for each 2 s.
    assert 6 <= len(desk.pictures) <= 8
    assert caplog.text.count("take a smaller model") == 1


def test_a_model_that_cannot_be_used_is_told_once_and_not_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk(trouble="detector model m.onnx cannot be read; copy it there")
    for second in range(60):
        desk.saw(float(second))
    assert desk.loads == 1
    assert desk.detecting.trouble == desk.trouble
    assert caplog.text.count("the camera goes on without it") == 1
    assert desk.detecting.close_period() == ()


def test_a_look_that_lasts_is_not_waited_for() -> None:
    gate = threading.Event()

    class Slow:
        def find(self, picture: Bgr) -> Sequence[Found]:
            gate.wait(240)
            return ()

    detecting = Detecting(SETTINGS, name="utara", load=lambda settings: Slow(), monotonic=lambda: 0.0)
    for _ in range(3):
        detecting.saw(lambda: np.zeros((8, 8, 3), np.uint8), View())
    assert detecting.close_period() == ()
    gate.set()
    detecting.close()


def test_what_was_found_is_in_the_record_of_the_scene() -> None:
    began = Moment(datetime(2026, 11, 22, tzinfo=UTC), 0)
    settings = CameraSettings(id="utara", source="scene:street", counts_every_s=10)
    objects = (ObjectCount(label="mobil", mean=1.5, most=3),)
    reporter = Reporter(settings=settings, began=began, objects=lambda: objects)
    said: list[FromWorker] = []
    for second in range(11):
        seen = Seen((), 0.0, 1.0, ())
        sight = Sight(seq=second, pts_s=float(second), seen=seen)
        said += reporter.saw(sight, Moment(began.at, second * 10**9))
    (scene,) = [each.body for each in said if isinstance(each, Said) and isinstance(each.body, SceneMeasures)]
    assert (scene.objects, scene.zones) == (objects, ())


def test_a_real_model_is_read_from_its_path(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(model())
    settings = DetectorSettings(model=str(tmp_path / "m.onnx"), labels=("merah", "biru"))
    detecting = detecting_of(settings, name="utara")
    assert detecting is not None
    detecting.saw(lambda: np.full((32, 32, 3), (0, 0, 250), np.uint8), View())
    assert detecting._work is not None
    detecting._work.result(timeout=240)
    assert [each.label for each in detecting.close_period()] == ["merah"]
    assert detecting_of(None, name="utara") is None
