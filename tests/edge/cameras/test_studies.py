"""What a technician asks of a camera at work, with sights that are played."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from edge.cameras.empty_scene import load_scene, save_scene
from edge.cameras.port import Luma
from edge.cameras.studies import CERTAIN_AFTER_S, Studies
from edge.cameras.telling.reporting import Moment, Sight
from edge.config import CameraSettings, Line, View
from edge.supervision.messages import Answered, Order
from edge.vision.analysis import Crossing, Seen, SeenTrack
from edge.wire.messages import Command, CountWithMe, LearnScale, SaveBackground, ShowOverlay, TakeStill

LINE = Line(id="jalan", points=((0.0, 0.5), (1.0, 0.5)))
SETTINGS = CameraSettings(
    id="utara", source="scene:street", lines=(LINE,), masks=(((0, 0), (1, 0), (1, 0.2)),)
)
PLAIN = np.full((180, 320), 90, np.uint8)
RATE_HZ = 5.0


def moment(s: float = 0.0) -> Moment:
    return Moment(at=datetime(2026, 11, 21, tzinfo=UTC), mono_ns=round(s * 1e9))


def sight(pts_s: float, *crossings: Crossing, tracks: tuple[SeenTrack, ...] = ()) -> Sight:
    return Sight(seq=0, pts_s=pts_s, seen=Seen(crossings, 0.0, 1.0, tracks))


def crossing(pts_s: float, is_forward: bool = True, size: float = 0.06) -> Crossing:
    return Crossing(line="jalan", is_forward=is_forward, pts_s=pts_s, seq=0, size=size)


class Desk:
    """Studies whose scene and disk are at hand."""

    def __init__(self, scene: Luma | None = None, *, is_full: bool = False) -> None:
        self.scene, self.is_full = scene, is_full
        self.kept: list[Luma] = []
        self.accepted = 0
        self.studies = Studies(eyes=self, keep=self._keep)
        self.view_id: str | None = ""

    @property
    def view(self) -> View | None:
        return None if self.view_id is None else SETTINGS

    @property
    def background(self) -> Luma | None:
        return self.scene

    def accept_picture(self) -> None:
        self.accepted += 1

    def _keep(self, view: str, luma: Luma) -> None:
        if self.is_full:
            raise OSError(28, "No space left on device")
        self.kept.append(luma)

    def order(self, command: Command, ticket: int = 1, at_s: float = 0.0) -> Answered | None:
        return self.studies.order(Order(command, ticket), now=moment(at_s), rate_hz=RATE_HZ)


def test_counting_along_takes_what_crossed_in_its_time_and_waits_for_late_certainty() -> None:
    desk = Desk()
    desk.studies.saw(PLAIN, sight(10.0))
    assert desk.order(CountWithMe(camera="utara", duration_s=5), ticket=7) is None
    assert desk.studies.saw(PLAIN, sight(11.0, crossing(9.9), crossing(10.5, size=0.05))) == []
    assert (
        desk.studies.saw(PLAIN, sight(15.2, crossing(14.9, size=0.04), crossing(15.1), crossing(12.0, False)))
        == []
    )
    (answered,) = desk.studies.saw(PLAIN, sight(15.0 + CERTAIN_AFTER_S, crossing(14.99)))
    assert answered.ticket == 7
    values = answered.reply.values
    assert values == {"jalan.forward": 3.0, "jalan.backward": 1.0, "jalan.sizes": "0.040 0.050 0.060 0.060"}
    assert desk.studies.saw(PLAIN, sight(30.0)) == []


def test_two_technicians_may_count_at_once() -> None:
    desk = Desk()
    desk.order(CountWithMe(camera="utara", duration_s=5), ticket=1)
    desk.order(CountWithMe(camera="utara", duration_s=5), ticket=2)
    answers = desk.studies.saw(PLAIN, sight(5 + CERTAIN_AFTER_S, crossing(1.0)))
    assert [(a.ticket, a.reply.values["jalan.forward"]) for a in answers] == [(1, 1.0), (2, 1.0)]


def test_the_empty_scene_is_kept_when_it_is_known() -> None:
    desk = Desk(PLAIN)
    answered = desk.order(SaveBackground(camera="utara"))
    assert answered is not None
    assert answered.reply.is_done
    assert desk.accepted == 1
    assert answered.reply.values == {"width_px": 320.0, "height_px": 180.0}


@pytest.mark.parametrize(
    ("desk", "words"), [(Desk(None), "not known yet"), (Desk(PLAIN, is_full=True), "No space left")]
)
def test_a_scene_that_cannot_be_kept_says_why(desk: Desk, words: str) -> None:
    answered = desk.order(SaveBackground(camera="utara"))
    assert answered is not None
    assert not answered.reply.is_done
    assert desk.accepted == 0
    assert words in answered.reply.detail


def moving(frame: int) -> Luma:
    luma = PLAIN.copy()
    luma[5 + 6 * frame % 150 :][:24, 150:174] = 220
    return luma


def test_the_scale_is_learnt_from_what_moves_now() -> None:
    desk = Desk()
    assert desk.order(LearnScale(camera="utara"), ticket=3) is None
    busy = desk.order(LearnScale(camera="utara"), ticket=4)
    assert busy is not None
    assert "already" in busy.reply.detail
    answers: list[Answered] = []
    for frame in range(80):
        answers += desk.studies.saw(moving(frame), sight(frame / RATE_HZ))
    (answered,) = answers
    assert answered.ticket == 3
    assert answered.reply.is_done
    # The thing is 24 of 180 pixels; the smallest that counts is 0.28 of that.
    assert answered.reply.values["scale"] == pytest.approx(0.28 * 24 / 180, rel=0.35)


def test_a_scale_without_traffic_is_not_made_up() -> None:
    desk = Desk()
    desk.order(LearnScale(camera="utara"))
    answers = [a for frame in range(80) for a in desk.studies.saw(PLAIN, sight(frame / RATE_HZ))]
    assert [a.reply.is_done for a in answers] == [False]


def test_the_overlay_is_due_once_a_second_until_its_lease_ends() -> None:
    desk = Desk()
    assert not desk.studies.is_overlay_due(moment(0.0))
    desk.order(ShowOverlay(camera="utara", lease_s=3), at_s=10.0)
    due = [t for t in range(1000, 2000, 25) if desk.studies.is_overlay_due(moment(t / 100))]
    assert due == [1000, 1100, 1200]
    desk.order(ShowOverlay(camera="utara", lease_s=60), at_s=30.0)
    desk.order(ShowOverlay(camera="utara", lease_s=0), at_s=31.0)
    assert not desk.studies.is_overlay_due(moment(31.0))


def test_the_overlay_shows_line_track_mask_and_counts() -> None:
    desk = Desk()
    track = SeenTrack(number=4, x=0.5, y=0.8, width=0.1, height=0.1)
    desk.studies.saw(PLAIN, sight(1.0, crossing(1.0), tracks=(track,)))
    picture = np.zeros((180, 320, 3), np.uint8)
    drawn = desk.studies.drawing(picture)
    assert not picture.any()
    assert drawn[90, 10].tolist() == [80, 220, 255]
    assert drawn[135:155, 144:176, 1].any()
    assert drawn[0:40].any()


def test_while_the_camera_looks_elsewhere_nothing_is_asked_of_it() -> None:
    desk = Desk(PLAIN)
    desk.view_id = None
    commands = (LearnScale(camera="utara"), CountWithMe(camera="utara"), SaveBackground(camera="utara"))
    for command in commands:
        answered = desk.order(command)
        assert answered is not None
        assert not answered.reply.is_done


def test_learning_ends_when_the_camera_turns_away() -> None:
    desk = Desk(PLAIN)
    desk.order(LearnScale(camera="utara"), ticket=3)
    (answered,) = desk.studies.saw(PLAIN, Sight(seq=1, pts_s=1.0, view=None))
    assert (answered.ticket, answered.reply.is_done) == (3, False)
    assert "turns" in answered.reply.detail
    assert desk.studies.saw(PLAIN, Sight(seq=2, pts_s=2.0, view=None)) == []


def test_orders_of_others_are_left_to_others() -> None:
    assert Desk().order(TakeStill(camera="utara")) is None


def test_a_frame_that_was_not_analysed_tells_nothing() -> None:
    assert Desk().studies.saw(PLAIN, Sight(seq=1, pts_s=1.0)) == []


def test_a_scene_is_read_back_from_the_disk(tmp_path: Path) -> None:
    scene = np.arange(6, dtype=np.uint8).reshape(2, 3) + 10
    save_scene(tmp_path / "scene", scene)
    read = load_scene(tmp_path / "scene")
    assert read is not None
    assert read.tolist() == scene.tolist()
    assert load_scene(tmp_path / "none") is None


@pytest.mark.parametrize(
    "content", [b"", b"P5\n3 2\n255\nxx", b"P6\n3 2\n255\n" + bytes(6), b"P5\n0 0\n255\n"]
)
def test_a_garbled_scene_is_left_out_and_said(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "scene").write_bytes(content)
    assert load_scene(tmp_path / "scene") is None
    assert "is not used" in caplog.text
