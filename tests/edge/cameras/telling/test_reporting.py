"""What a camera worker says, and when; no camera, no pipe, no clock."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from edge.cameras.telling.reporting import Moment, Reporter, Sight
from edge.config import CameraSettings, Line, Zone
from edge.supervision.messages import Beat, FromWorker, Said
from edge.vision.analysis import Seen
from edge.vision.counting.lines import Crossing
from edge.vision.measures.meter import CrossingSpeed, Measured
from edge.vision.measures.quality import QualityNow
from edge.vision.measures.zones import ZoneNow
from edge.wire.messages import RunSelftest, SetInterval, TakeStill
from edge.wire.records.bodies import (
    CameraCounts,
    CameraIntegrity,
    FlowLevel,
    GaugeReading,
    GaugeState,
    LineSpeed,
    MotionEvent,
    PictureState,
    Quality,
    SceneMeasures,
    SizeCounts,
    ZoneMeasure,
)

BEGAN_AT = datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC)
SETTINGS = CameraSettings(
    id="gate",
    source="scene:street",
    counts_every_s=10,
    still_every_s=5,
    lines=(Line(id="a", points=((0.0, 0.5), (1.0, 0.5))),),
)


def moment(after_s: float) -> Moment:
    return Moment(BEGAN_AT + timedelta(seconds=after_s), 1_000_000_000 + round(after_s * 1e9))


def seen(*crossings: Crossing, share: float = 0.0) -> Seen:
    return Seen(crossings, share, 1.0, ())


@pytest.fixture
def reporter() -> Reporter:
    return Reporter(settings=SETTINGS, began=moment(0))


def run(reporter: Reporter, seconds: float, sights: Iterable[Sight] | None = None) -> list[FromWorker]:
    """Show ten frames a second, analysed and good unless said otherwise."""
    every = sights or (
        Sight(seq=n, pts_s=n / 10, seen=seen(), picture=PictureState.GOOD) for n in range(round(seconds * 10))
    )
    return [message for sight in every for message in reporter.saw(sight, moment(sight.pts_s))]


def bodies(messages: Iterable[FromWorker], kind: type) -> list[Said]:
    return [each for each in messages if isinstance(each, Said) and isinstance(each.body, kind)]


def test_progress_is_told_at_once_and_then_twice_a_second(reporter: Reporter) -> None:
    beats = [each for each in run(reporter, 3) if isinstance(each, Beat)]
    assert [beat.frames for beat in beats] == [1, 6, 11, 16, 21, 26]
    assert [beat.pts_s for beat in beats] == pytest.approx([0, 0.5, 1, 1.5, 2, 2.5])


def test_frames_that_are_not_analysed_are_progress_too(reporter: Reporter) -> None:
    beats = [each for each in run(reporter, 0, [Sight(seq=0, pts_s=0.0)]) if isinstance(each, Beat)]
    assert [beat.frames for beat in beats] == [1]


def test_counts_are_told_each_period_with_its_true_length(reporter: Reporter) -> None:
    told = bodies(run(reporter, 25), CameraCounts)
    assert [said.mono_ns for said in told] == [moment(10).mono_ns, moment(20).mono_ns]
    assert [said.at for said in told] == [moment(10).at, moment(20).at]
    counts = told[1].body
    assert isinstance(counts, CameraCounts)
    assert counts.period_s == pytest.approx(10.0)
    assert counts.frames == 100


def test_crossings_are_in_the_period_in_which_they_became_certain(reporter: Reporter) -> None:
    sights = [
        Sight(seq=n, pts_s=n / 10, seen=seen(*([Crossing("a", True, 0.0, n)] if n in (5, 105, 106) else [])))
        for n in range(205)
    ]
    told = [said.body for said in bodies(run(reporter, 0, sights), CameraCounts)]
    lines = [body.lines[0] for body in told if isinstance(body, CameraCounts)]
    assert [(line.forward, line.forward_total) for line in lines] == [(1, 1), (2, 3)]


def test_frames_that_the_source_skipped_lower_the_confidence(reporter: Reporter) -> None:
    sights = [Sight(seq=4 * n, pts_s=n / 10, seen=seen()) for n in range(102)]
    (said,) = bodies(run(reporter, 0, sights), CameraCounts)
    assert isinstance(said.body, CameraCounts)
    assert said.body.confidence == pytest.approx(0.25, abs=0.01)


def test_the_picture_is_told_once_after_the_start_and_on_each_change(reporter: Reporter) -> None:
    states = [PictureState.GOOD] * 20 + [PictureState.BLACK] * 20 + [PictureState.GOOD] * 20
    sights = [Sight(seq=n, pts_s=n / 10, seen=seen(), picture=state) for n, state in enumerate(states)]
    told = [said.body for said in bodies(run(reporter, 0, sights), CameraIntegrity)]
    assert [body.picture for body in told if isinstance(body, CameraIntegrity)] == [
        PictureState.GOOD,
        PictureState.BLACK,
        PictureState.GOOD,
    ]


def test_frames_that_are_not_analysed_say_nothing_about_the_picture(reporter: Reporter) -> None:
    sights = [Sight(seq=n, pts_s=n / 10, picture=PictureState.GOOD if n % 2 else None) for n in range(10)]
    assert len(bodies(run(reporter, 0, sights), CameraIntegrity)) == 1


def test_an_episode_of_motion_is_told_when_it_is_over(reporter: Reporter) -> None:
    sights = [Sight(seq=n, pts_s=n / 10, seen=seen(share=0.2 if 10 <= n < 30 else 0.0)) for n in range(100)]
    (said,) = bodies(run(reporter, 0, sights), MotionEvent)
    assert isinstance(said.body, MotionEvent)
    assert said.body.duration_s == pytest.approx(1.9)
    assert said.at < moment(6).at


def test_last_words_tell_what_would_be_lost(reporter: Reporter) -> None:
    sights = [Sight(seq=n, pts_s=n / 10, seen=seen(share=0.2)) for n in range(30)]
    run(reporter, 0, sights)
    held_back = seen(Crossing("a", False, 1.0, 3))
    words = reporter.last_words(moment(3), held_back)
    (motion,) = bodies(words, MotionEvent)
    (counts,) = bodies(words, CameraCounts)
    assert isinstance(motion.body, MotionEvent)
    assert isinstance(counts.body, CameraCounts)
    assert counts.body.period_s == pytest.approx(3.0)
    assert counts.body.lines[0].backward == 1
    assert reporter.last_words(moment(3)) == []


def test_a_still_is_due_at_once_and_then_each_interval(reporter: Reporter) -> None:
    due = [n / 10 for n in range(160) if reporter.is_still_due(moment(n / 10))]
    assert due == [0.0, 5.0, 10.0, 15.0]


def test_a_still_can_be_ordered(reporter: Reporter) -> None:
    assert reporter.is_still_due(moment(0))
    assert not reporter.is_still_due(moment(1))
    reporter.ordered(TakeStill(camera="gate"))
    assert reporter.is_still_due(moment(1))
    assert not reporter.is_still_due(moment(2))


def test_a_still_goes_along_when_the_picture_changes(reporter: Reporter) -> None:
    run(reporter, 0, [Sight(seq=0, pts_s=0.0, picture=PictureState.GOOD)])
    assert reporter.is_still_due(moment(0))
    assert not reporter.is_still_due(moment(1))
    run(reporter, 0, [Sight(seq=1, pts_s=1.0, picture=PictureState.COVERED)])
    assert reporter.is_still_due(moment(1))
    run(reporter, 0, [Sight(seq=2, pts_s=2.0, picture=PictureState.COVERED)])
    assert not reporter.is_still_due(moment(2)), "only the change"


def test_the_interval_of_stills_can_be_ordered(reporter: Reporter) -> None:
    reporter.ordered(SetInterval(camera="gate", still_every_s=1))
    due = [n / 10 for n in range(35) if reporter.is_still_due(moment(n / 10))]
    assert due == [0.0, 1.0, 2.0, 3.0]


def test_orders_for_other_parts_change_nothing(reporter: Reporter) -> None:
    assert reporter.is_still_due(moment(0))
    reporter.ordered(RunSelftest())
    assert not reporter.is_still_due(moment(1))


def test_measures_come_with_the_counts_and_gauges_at_once() -> None:
    zone = Zone(id="z", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)))
    lines = (Line(id="a", points=((0.0, 0.5), (1.0, 0.5)), sizes=(0.1, 0.3)),)
    reporter = Reporter(settings=replace(SETTINGS, zones=(zone,), lines=lines), began=moment(0))
    read = GaugeReading(camera="gate", gauge="g", state=GaugeState.READ, samples=30, level_m=1.2)
    measured = Measured(
        speeds=(CrossingSpeed("a", True, 33.0),),
        zones=(ZoneNow("z", True, 0.5, flow=FlowLevel.SLOW),),
        quality=QualityNow(Quality(index=0.2, night=1.0), is_trusted=False),
        gauges=(read,),
    )
    sights = [
        Sight(
            seq=2 * n,
            pts_s=n / 10,
            seen=seen(*([Crossing("a", True, 5.0, 50, 1, 0.2)] if n == 50 else [])),
            measured=measured if n == 50 else None,
        )
        for n in range(102)
    ]
    told = run(reporter, 0, sights)
    (gauge,) = bodies(told, GaugeReading)
    assert gauge.body == read
    assert gauge.mono_ns == moment(5).mono_ns
    ((counts,), (scene,)) = bodies(told, CameraCounts), bodies(told, SceneMeasures)
    assert isinstance(counts.body, CameraCounts)
    assert counts.body.lines[0].forward_sizes == SizeCounts(car=1)
    assert counts.body.lines[0].forward_speed == LineSpeed(samples=1, median_kmh=33.0, p85_kmh=33.0)
    assert not counts.body.is_trusted
    assert counts.body.skipped == 100
    assert isinstance(scene.body, SceneMeasures)
    assert scene.body.zones == (ZoneMeasure(zone="z", occupancy=1.0, cover=0.5, flow=FlowLevel.SLOW),)
    assert scene.mono_ns == counts.mono_ns
