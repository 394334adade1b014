"""What is counted of a door's reading, minute by minute."""

from edge.hadir.reading.decode import Reading
from edge.hadir.reading.tally import ReadingTally
from edge.supervision.pipe_codec import is_acceptable
from edge.wire.records.bodies import DoorReading, PassCount


def test_a_minute_is_counted_and_the_next_begins_at_zero() -> None:
    tally = ReadingTally("pintu")
    assert tally.due(10.0, is_reduced=False) is None
    tally.note(Reading(("H1:A",), "first"), 0.010)
    tally.note(Reading(("H1:B", "H1:C"), "larger"), 0.050)
    tally.note(Reading((), unreadable_share=0.4), 0.020)
    tally.note(Reading((), is_moving=False), 0.030)
    tally.note(Reading((), is_moving=False, is_skipped=True), 0.0)
    assert tally.due(69.9, is_reduced=False) is None
    report = tally.due(71.0, is_reduced=True)
    assert report == DoorReading(
        door="pintu",
        period_s=61.0,
        frames=5,
        looked_at=4,
        read=2,
        misses=1,
        unreadable=1,
        decode_p50_ms=25.0,
        decode_p95_ms=47.0,
        by_pass=(PassCount(name="first", count=1), PassCount(name="larger", count=1)),
        is_reduced=True,
    )
    assert is_acceptable(report)
    empty = tally.due(131.0, is_reduced=False)
    assert empty is not None
    assert (empty.frames, empty.decode_p95_ms, empty.by_pass) == (0, 0.0, ())


def test_a_worker_that_slept_for_a_day_says_no_impossible_period() -> None:
    tally = ReadingTally("pintu")
    tally.due(0.0, is_reduced=False)
    report = tally.due(86_400.0, is_reduced=False)
    assert report is not None
    assert is_acceptable(report)
