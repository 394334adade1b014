"""The loop of a camera worker, with a camera and a pipe of memory."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.cameras import watching
from edge.cameras.empty_scene import EmptyScenes
from edge.cameras.port import Bgr, CameraError, Frame, Luma
from edge.cameras.telling.reporting import Moment
from edge.cameras.watching import Watching
from edge.config import CameraSettings, Line
from edge.supervision.messages import (
    Answered,
    Beat,
    Faulted,
    FromWorker,
    Order,
    Said,
    StillTaken,
    Stop,
    Stored,
    ToWorker,
)
from edge.supervision.pipe_codec import is_acceptable
from edge.wire.messages import SaveBackground, SetInterval, ShowOverlay, TakeStill
from edge.wire.records.bodies import CameraCounts, CameraFault, CameraIntegrity

FPS = 10


class MemoryCamera:
    """Grey noise, as long as it is told to last."""

    def __init__(self, frames: int, *, fault: CameraFault | None = None, opens: bool = True) -> None:
        self._frames = frames
        self._fault = fault
        self._opens = opens
        self.is_closed = False
        self.now_s = 0.0

    def open(self) -> None:
        if not self._opens:
            raise CameraError(CameraFault.REFUSED, "gate refuses connections")

    def frames(self) -> Iterator[Frame]:
        for number in range(self._frames):
            self.now_s = number / FPS
            noise = np.random.default_rng(number).integers(100, 110, (90, 160), np.uint8)
            yield Frame(noise, self.now_s, number, True)
        if self._fault is not None:
            raise CameraError(self._fault, "gate says nothing")

    def picture(self) -> Bgr:
        return np.full((90, 160, 3), (10, 200, 240), np.uint8)

    def close(self) -> None:
        self.is_closed = True


class MemoryPipe:
    def __init__(self, orders: dict[int, ToWorker] | None = None) -> None:
        self.sent: list[FromWorker] = []
        self._orders = orders or {}
        self._polls = 0
        self._due: deque[ToWorker] = deque()
        self.tidied = 0

    def tidy(self) -> None:
        self.tidied += 1

    def send(self, message: FromWorker, /) -> None:
        self.sent.append(message)

    def poll(self) -> bool:
        if not self._due:
            order = self._orders.get(self._polls)
            self._polls += 1
            if order is not None:
                self._due.append(order)
        return bool(self._due)

    def recv(self) -> ToWorker:
        return self._due.popleft()

    def of(self, kind: type) -> list[FromWorker]:
        return [each for each in self.sent if isinstance(each, kind)]


SETTINGS = CameraSettings(
    id="gate",
    source="scene:street",
    counts_every_s=10,
    still_every_s=5,
    privacy_masks=(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),),
    lines=(Line(id="a", points=((0.0, 0.5), (1.0, 0.5))),),
)
Watch = Callable[..., MemoryPipe]


def watch(camera: MemoryCamera, orders: dict[int, ToWorker] | None = None) -> MemoryPipe:
    pipe = MemoryPipe(orders)

    def now() -> Moment:
        return Moment(datetime(2026, 11, 21, tzinfo=UTC), round(camera.now_s * 1e9))

    Watching(settings=SETTINGS, camera=camera, pipe=pipe, now=now, tidy=pipe.tidy).run()
    assert camera.is_closed
    return pipe


def test_a_watched_camera_tells_beats_counts_state_and_stills() -> None:
    pipe = watch(MemoryCamera(frames=250))
    assert len(pipe.of(Beat)) == 50
    assert len(pipe.of(StillTaken)) == 5
    assert pipe.tidied == 2
    said = [each for each in pipe.sent if isinstance(each, Said)]
    assert [type(each.body) for each in said] == [CameraIntegrity, CameraCounts, CameraCounts, CameraCounts]
    assert all(is_acceptable(each.body) for each in said)


def test_the_end_of_a_recording_is_told_after_the_last_counts() -> None:
    pipe = watch(MemoryCamera(frames=30))
    *_, counts, fault = pipe.sent
    assert isinstance(counts, Said)
    assert isinstance(counts.body, CameraCounts)
    assert counts.body.frames == 24
    assert fault == Faulted(fault=CameraFault.ENDED, detail="gate: the recording is over")


def test_a_camera_that_gives_up_is_told_by_its_fault_after_the_last_counts() -> None:
    pipe = watch(MemoryCamera(frames=30, fault=CameraFault.SILENT))
    assert isinstance(pipe.sent[-2], Said)
    assert pipe.sent[-1] == Faulted(fault=CameraFault.SILENT, detail="gate says nothing")


def test_a_camera_that_cannot_be_opened_is_a_fault_and_nothing_else() -> None:
    pipe = watch(MemoryCamera(frames=0, opens=False))
    assert pipe.sent == [Faulted(fault=CameraFault.REFUSED, detail="gate refuses connections")]


def test_stop_ends_with_the_last_counts_and_no_fault() -> None:
    pipe = watch(MemoryCamera(frames=500), {20: Stop()})
    assert isinstance(pipe.sent[-1], Said)
    assert isinstance(pipe.sent[-1].body, CameraCounts)
    assert pipe.of(Faulted) == []
    assert len(pipe.of(StillTaken)) == 1


def test_an_ordered_still_comes_with_the_next_frame() -> None:
    pipe = watch(MemoryCamera(frames=40), {10: Order(TakeStill(camera="gate"))})
    assert len(pipe.of(StillTaken)) == 2


def test_an_ordered_interval_is_kept() -> None:
    pipe = watch(MemoryCamera(frames=100), {0: Order(SetInterval(camera="gate", still_every_s=1))})
    assert len(pipe.of(StillTaken)) == 11


def test_answers_meant_for_doors_are_passed_over() -> None:
    pipe = watch(MemoryCamera(frames=5), {1: Stored(ticket=1, is_kept=True)})
    assert pipe.of(Faulted)


def test_privacy_masks_are_burnt_into_each_still() -> None:
    (still,) = watch(MemoryCamera(frames=5)).of(StillTaken)
    assert isinstance(still, StillTaken)
    picture = cv2.imdecode(np.frombuffer(still.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture[:, :70].max() < 60
    assert picture[:, 90:].max() > 200


def test_a_still_that_does_not_fit_is_left_out_and_watching_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "MAX_STILL_BYTES", 10)
    pipe = watch(MemoryCamera(frames=100))
    assert pipe.of(StillTaken) == []
    assert len(pipe.of(Beat)) == 20
    assert "gate: no still" in caplog.text


def test_the_overlay_is_drawn_into_the_stills_but_never_over_a_privacy_mask() -> None:
    order = Order(ShowOverlay(camera="gate", lease_s=3), 8)
    pipe = watch(MemoryCamera(frames=60), orders={20: order})
    (answered,) = pipe.of(Answered)
    assert isinstance(answered, Answered)
    assert (answered.ticket, answered.reply.is_done) == (8, True)
    stills = [each for each in pipe.sent if isinstance(each, StillTaken)]
    assert len(stills) == 5
    pictures = [cv2.imdecode(np.frombuffer(s.jpeg, np.uint8), cv2.IMREAD_COLOR) for s in stills]
    plain, drawn = pictures[0].astype(int), pictures[1].astype(int)
    assert np.abs(plain - drawn)[:, 88:].max() > 60
    assert np.abs(plain - drawn)[:, :72].max() < 12


def test_the_empty_scene_is_kept_through_the_worker() -> None:
    kept: list[Luma] = []
    camera, pipe = MemoryCamera(frames=200), MemoryPipe({190: Order(SaveBackground(camera="gate"), 2)})
    Watching(
        settings=SETTINGS,
        camera=camera,
        pipe=pipe,
        now=lambda: Moment(datetime(2026, 11, 21, tzinfo=UTC), round(camera.now_s * 1e9)),
        tidy=pipe.tidy,
        scenes=Scenes(kept),
    ).run()
    (answered,) = pipe.of(Answered)
    assert isinstance(answered, Answered)
    assert answered.reply.is_done
    assert kept[0].mean() == pytest.approx(104.5, abs=2)


class Scenes(EmptyScenes):
    """Keeps them in memory."""

    def __init__(self, kept: list[Luma]) -> None:
        super().__init__(None)
        self._kept = kept

    def keep(self, view: str, luma: Luma) -> None:
        self._kept.append(luma)


def test_a_camera_without_a_place_on_the_disk_refuses_to_keep_a_scene() -> None:
    with pytest.raises(OSError, match="no file is named"):
        EmptyScenes(None).keep("", np.zeros((9, 16), np.uint8))
    assert EmptyScenes(None).recall("") is None


def test_each_view_has_an_empty_scene_of_its_own(tmp_path: Path) -> None:
    scenes = EmptyScenes(tmp_path / "camera-gate.empty")
    for shade, view in enumerate(("", "simpang")):
        scenes.keep(view, np.full((9, 16), 50 + shade, np.uint8))
    kept = [scenes.recall(view) for view in ("", "simpang", "lain")]
    assert [None if scene is None else int(scene[0, 0]) for scene in kept] == [50, 51, None]
