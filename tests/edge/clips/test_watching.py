"""What is a reason for a clip, and what the worker says of clips."""

from datetime import UTC, datetime

from edge.clips.watching import ClipWatch, NoClips
from edge.supervision.messages import Answered, FromWorker, Order, Said
from edge.wire.messages import KeepClip, Reply, TakeStill
from edge.wire.records.bodies import CameraIntegrity, ClipKept, ClipReason, MotionEvent, PictureState

AT = datetime(2026, 11, 21, 0, 14, 9, tzinfo=UTC)
KEPT = ClipKept(
    camera="utara",
    clip="20261121t001359z-0badcafe",
    started_at=AT,
    duration_s=20.0,
    bytes=1000,
    reason=ClipReason.MOTION,
)


class Noted:
    """A recorder that only notes."""

    def __init__(self) -> None:
        self.reasons: list[ClipReason] = []
        self.ready: list[ClipKept] = []
        self.refusal = ""
        self.stopped: list[float] = []

    def want(self, reason: ClipReason) -> str:
        self.reasons.append(reason)
        return self.refusal

    def kept(self) -> list[ClipKept]:
        ready, self.ready = self.ready, []
        return ready

    def close(self, timeout_s: float) -> list[ClipKept]:
        return self.kept()


def said(picture: PictureState) -> list[FromWorker]:
    return [Said(body=CameraIntegrity(camera="utara", picture=picture), at=AT, mono_ns=1)]


def test_a_change_of_the_picture_is_a_reason_and_its_first_word_is_none() -> None:
    recorder = Noted()
    clips = ClipWatch(recorder)
    clips.saw(said(PictureState.GOOD), is_moving=False)
    assert recorder.reasons == []
    clips.saw(said(PictureState.COVERED), is_moving=False)
    clips.saw(said(PictureState.GOOD), is_moving=True)
    assert recorder.reasons == [ClipReason.INTEGRITY, ClipReason.INTEGRITY]


def test_the_beginning_of_motion_is_a_reason_when_it_is_set_so() -> None:
    for on_motion in (True, False):
        recorder = Noted()
        clips = ClipWatch(recorder, on_motion=on_motion)
        event: list[FromWorker] = [
            Said(body=MotionEvent(camera="utara", duration_s=1, peak_share=1), at=AT, mono_ns=1)
        ]
        for is_moving in (False, True, True, False, True):
            clips.saw(event, is_moving=is_moving)
        assert recorder.reasons == [ClipReason.MOTION] * 2 * on_motion


def test_a_command_is_answered_with_what_came_of_it() -> None:
    recorder = Noted()
    clips = ClipWatch(recorder)
    order = KeepClip(camera="utara")
    assert clips.order(Order(order, ticket=4)) == Answered(4, Reply(command="keep-clip", is_done=True))
    recorder.refusal = "no packets have come yet"
    refused = clips.order(Order(order, ticket=5))
    assert refused == Answered(5, Reply(command="keep-clip", is_done=False, detail=recorder.refusal))
    assert clips.order(Order(order)) is None
    assert clips.order(Order(TakeStill(camera="utara"), ticket=6)) is None
    assert recorder.reasons == [ClipReason.COMMAND] * 3


def test_what_was_kept_becomes_a_record_also_at_the_end() -> None:
    recorder = Noted()
    clips = ClipWatch(recorder, stop_source=recorder.stopped.append)
    assert clips.news(AT, 7) == []
    recorder.ready = [KEPT]
    assert clips.news(AT, 7) == [Said(body=KEPT, at=AT, mono_ns=7)]
    recorder.ready = [KEPT]
    assert clips.close(AT, 8) == [Said(body=KEPT, at=AT, mono_ns=8)]
    assert len(recorder.stopped) == 1, "the main stream is stopped too"


def test_a_camera_without_clips_says_why() -> None:
    clips = ClipWatch(NoClips("utara has privacy masks"))
    clips.saw(said(PictureState.GOOD), is_moving=True)
    answered = clips.order(Order(KeepClip(camera="utara"), ticket=1))
    assert answered is not None
    assert answered.reply.detail == "utara has privacy masks"
    assert clips.news(AT, 1) == clips.close(AT, 1) == []
