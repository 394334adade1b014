"""A camera that turns, from its drawn picture to its records: each view counts for itself."""

import socket
from collections import deque
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from edge.cameras.port import CameraError
from edge.cameras.privacy import StillGate, has_masks
from edge.cameras.sources.scene import SceneCamera, parse_scene
from edge.cameras.telling.reporting import Moment
from edge.cameras.watching import Watching
from edge.config import CameraSettings, Line, Polygon, Preset
from edge.ptz.gaze import gaze_of
from edge.ptz.lookout import Heard, Lookout
from edge.supervision.messages import FromWorker, Said, StillTaken, ToWorker
from edge.wire.records.bodies import CameraCounts

STREET = "street?seed=1&turning=1&pace=max&traffic=60&width=320&height=180"
LEFT_HALF: Polygon = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
VIEWS = (
    Preset(id="jalan", token="1", lines=(Line(id="a", points=((0.0, 0.6), (1.0, 0.6))),), scale=0.03),
    Preset(
        id="trotoar",
        token="2",
        lines=(Line(id="b", points=((0.05, 0.6), (0.95, 0.6))),),
        privacy_masks=(LEFT_HALF,),
        scale=0.04,
    ),
)
SETTINGS = CameraSettings(
    id="gate",
    source="scene:" + STREET,
    onvif="http://127.0.0.1:1/",
    presets=VIEWS,
    counts_every_s=600,
    still_every_s=4,
)


class Stage:
    """A drawn camera, its lookout asked once a drawn second, and everything it says."""

    def __init__(self, settings: CameraSettings = SETTINGS) -> None:
        self.camera = SceneCamera(parse_scene(STREET))
        self.camera.open()
        assert self.camera.mast is not None
        self.head = self.camera.mast.head
        self.lookout = Lookout(self.head, name="gate")
        self.sent: list[tuple[float, FromWorker]] = []
        self._now_s = 0.0
        self._watching = Watching(
            settings=settings,
            camera=self.camera,
            pipe=self,
            now=self._moment,
            tidy=lambda: None,
            gaze=gaze_of(settings, self),
        )
        self._frames = self.camera.frames()

    @property
    def heard(self) -> Heard | None:
        return self.lookout.heard

    def _moment(self) -> Moment:
        return Moment(datetime(2026, 11, 22, tzinfo=UTC), round(self._now_s * 1e9))

    def send(self, message: FromWorker, /) -> None:
        self.sent.append((self._now_s, message))

    def poll(self) -> bool:
        return False

    def recv(self) -> ToWorker:
        return deque[ToWorker]().popleft()

    def plays(self, seconds: float, *, is_answering: bool = True) -> None:
        for _ in range(round(seconds * 10)):
            frame = next(self._frames)
            self._now_s = frame.pts_s
            self._watching._take(frame)
            if is_answering and frame.seq % 10 == 9:
                self.lookout.ask()

    def ends(self) -> None:
        self._watching._say_last_words()
        self.camera.close()

    def counts(self) -> list[CameraCounts]:
        bodies = [each.body for _, each in self.sent if isinstance(each, Said)]
        return [body for body in bodies if isinstance(body, CameraCounts)]

    def stills(self, after_s: float = 0.0) -> list[StillTaken]:
        return [each for at_s, each in self.sent if isinstance(each, StillTaken) and at_s >= after_s]


def crossed(counts: CameraCounts) -> int:
    return sum(line.forward + line.backward for line in counts.lines)


def shades(still: StillTaken) -> tuple[float, float]:
    picture = cv2.imdecode(np.frombuffer(still.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    half = picture.shape[1] // 2
    return float(picture[:, : half - 8].std()), float(picture[:, half + 8 :].std())


def test_a_camera_that_turns_is_suspended_on_its_way_and_counts_on_the_lines_of_each_view() -> None:
    stage = Stage()
    stage.plays(30)
    stage.head.go_to("2")
    stage.plays(30)
    stage.head.go_to("1")
    stage.plays(15)
    stage.ends()
    first, second, third = stage.counts()
    assert [each.preset for each in (first, second, third)] == ["jalan", "trotoar", "jalan"]
    assert [[line.line for line in each.lines] for each in (first, second, third)] == [["a"], ["b"], ["a"]]
    # A second until it first says where it looks, then each way and the answers after it.
    assert 1.0 <= first.suspended_s <= 6.0
    assert 1.0 <= second.suspended_s <= 6.0
    assert third.suspended_s == 0.0
    truth = len(stage.camera.truth(VIEWS[0].lines, frames=300))
    assert crossed(first) == pytest.approx(truth, abs=0.15 * truth)
    assert crossed(second) > 0
    assert third.lines[0].forward_total == first.lines[0].forward + third.lines[0].forward


def test_turning_to_and_fro_counts_nothing_that_is_not_there() -> None:
    stage = Stage()
    stage.plays(3)
    for number in range(8):
        stage.head.go_to("21"[number % 2])
        stage.plays(2.5)
    stage.ends()
    # Twenty seconds of turning across a street of sixty things a minute: nobody was there long enough.
    assert sum(crossed(each) for each in stage.counts()) == 0
    assert sum(each.suspended_s for each in stage.counts()) > 10


def test_masks_are_those_of_the_view_and_nothing_is_shown_on_the_way() -> None:
    stage = Stage()
    stage.plays(14)
    assert len(stage.stills()) >= 2
    for still in stage.stills():
        assert min(shades(still)) > 15
    stage.head.go_to("2")
    turned_at_s = 14.0
    stage.plays(30)
    # One of before may still have waited for the camera's word.
    there = stage.stills(after_s=turned_at_s + 1)
    assert len(there) >= 4
    for still in there:
        left, right = shades(still)
        assert left < 3 < 15 < right
    stage.head.turn_to(stage.lookout.presets()[2].position or pytest.fail("it has a place"))
    stage.plays(1)
    known = len(stage.stills())
    stage.plays(20)
    assert len(stage.stills()) == known
    stage.ends()


def test_a_camera_whose_onvif_fell_silent_shows_nothing_that_is_masked_and_goes_on_counting() -> None:
    stage = Stage()
    stage.plays(15)
    known = len(stage.stills())
    stage.plays(15, is_answering=False)
    assert len(stage.stills()) == known
    stage.ends()
    (counts,) = stage.counts()[-1:]
    assert counts.suspended_s <= 3.0
    assert crossed(counts) > 5


def test_a_camera_without_masks_shows_what_it_sees_also_on_its_way() -> None:
    bare = tuple(Preset(id=each.id, token=each.token, lines=each.lines) for each in VIEWS)
    keys = {key: getattr(SETTINGS, key) for key in SETTINGS.__struct_fields__}
    settings = CameraSettings(**{**keys, "presets": bare})
    assert not has_masks(settings)
    stage = Stage(settings)
    stage.plays(9, is_answering=False)
    assert len(stage.stills()) == 3
    stage.ends()


def test_a_fixed_camera_with_masks_lets_its_stills_out_at_once() -> None:
    settings = CameraSettings(id="gate", source="scene:street", privacy_masks=(LEFT_HALF,))
    gate = StillGate(settings, gaze_of(settings, None))
    still = StillTaken("gate", b"x", datetime(2026, 11, 22, tzinfo=UTC))
    assert gate.take(still, "") == [still]
    assert gate.take(still, None) == []
    assert gate.waited("") == []


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        camera = SceneCamera(parse_scene(f"street?turning={port}"))
        with pytest.raises(CameraError, match="name a free port"):
            camera.open()


@pytest.mark.parametrize("port", ["2", "80", "70000", "x"])
def test_a_port_that_cannot_be_is_refused(port: str) -> None:
    with pytest.raises(CameraError):
        parse_scene(f"street?turning={port}")


def test_a_night_that_turns_has_its_lamps_where_the_cars_are() -> None:
    camera = SceneCamera(parse_scene("street?seed=1&turning=1&pace=max&weather=night&width=320&height=180"))
    camera.open()
    assert camera.mast is not None
    frames = camera.frames()
    first = next(frames).luma.copy()
    camera.mast.head.go_to("2")
    for _ in range(20):
        last = next(frames).luma
    assert np.abs(first.astype(int) - last).mean() > 3
    assert camera.mast.address.startswith("http://127.0.0.1:")
    camera.close()
    assert camera.mast is None
