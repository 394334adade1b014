"""Crossings to the record of a period."""

import pytest

from edge.cameras.telling.counts import Counting
from edge.vision.counting.lines import Crossing
from edge.wire.messages import decode_body, encode


def crossing(line: str = "a", *, is_forward: bool = True) -> Crossing:
    return Crossing(line, is_forward, 1.0, 7)


def counting(*lines: str) -> Counting:
    return Counting(camera="gate", lines=lines or ("a",))


def test_nothing_looked_at_is_nothing_to_say() -> None:
    assert counting().close(60) is None


def test_each_line_is_counted_by_direction() -> None:
    count = counting("a", "b")
    count.analysed(motion_share=0.1, confidence=1.0)
    count.crossed([crossing("a"), crossing("a"), crossing("a", is_forward=False), crossing("b")])
    record = count.close(60)
    assert record is not None
    told = [(line.line, line.forward, line.backward) for line in record.lines]
    assert told == [("a", 2, 1), ("b", 1, 0)]


def test_totals_grow_by_exactly_the_period_so_that_a_gap_shows() -> None:
    count = counting()
    before = 0
    for crossings in (2, 0, 3):
        count.analysed(motion_share=0.0, confidence=1.0)
        count.crossed([crossing()] * crossings)
        record = count.close(60)
        assert record is not None
        assert record.lines[0].forward_total == before + record.lines[0].forward
        before = record.lines[0].forward_total
    assert before == 5


def test_the_first_record_after_a_restart_shows_that_it_is_one() -> None:
    count = counting()
    count.analysed(motion_share=0.0, confidence=1.0)
    count.crossed([crossing()] * 4)
    record = count.close(60)
    assert record is not None
    assert record.lines[0].forward_total == record.lines[0].forward == 4


def test_motion_and_confidence_are_means_of_the_period() -> None:
    count = counting()
    for share, confidence in ((0.1, 1.0), (0.3, 0.5)):
        count.received(missing=0)
        count.analysed(motion_share=share, confidence=confidence)
    record = count.close(60)
    assert record is not None
    assert record.frames == 2
    assert record.motion_share == pytest.approx(0.2)
    assert record.confidence == pytest.approx(0.75)


def test_skipped_frames_lower_the_confidence() -> None:
    count = counting()
    for _ in range(10):
        count.received(missing=3)
        count.analysed(motion_share=0.0, confidence=1.0)
    record = count.close(60)
    assert record is not None
    assert record.confidence == pytest.approx(0.25)


def test_a_period_begins_anew() -> None:
    count = counting()
    count.analysed(motion_share=1.0, confidence=0.0)
    count.close(60)
    count.received(missing=0)
    count.analysed(motion_share=0.0, confidence=1.0)
    record = count.close(60)
    assert record is not None
    assert (record.frames, record.motion_share, record.confidence) == (1, 0.0, 1.0)


@pytest.mark.parametrize("period_s", [0.0, 60.0, 9_999.0])
def test_the_hub_takes_every_record(period_s: float) -> None:
    count = counting()
    count.analysed(motion_share=1.2, confidence=-0.1)
    record = count.close(period_s)
    assert record is not None
    assert decode_body(encode(record)) == record
