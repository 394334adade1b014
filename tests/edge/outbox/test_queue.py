"""Accept, hand out, forget: on a real disk."""

import random
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from edge.clock import BUILT_AT
from edge.errors import OutboxFullError, OutboxUnavailableError
from edge.outbox import Entry, LaneStats
from edge.outbox.disk import LocalConnection, LocalDisk
from edge.wire.messages import Ack, decode_body
from edge.wire.records.bodies import ClockQuality, DeviceIncident, Lane, OutboxGap


def test_seqs_run_from_one_without_holes_over_all_lanes(bench) -> None:
    outbox = bench.open()
    assert bench.put(outbox, bench.reading(), bench.event(), bench.scan()) == [1, 2, 3]
    assert bench.put(outbox, bench.reading()) == [4]
    assert bench.put(outbox) == []


def test_a_row_comes_back_as_it_was_accepted(bench) -> None:
    outbox = bench.open()
    at = BUILT_AT + timedelta(microseconds=123_457)
    outbox.append(bench.scan(9), at=at, mono_ns=42, clock=ClockQuality.UNKNOWN)
    (row,) = outbox.rows(Lane.ATTENDANCE, limit=10)
    assert decode_body(row.payload) == bench.scan(9)
    assert (row.epoch, row.seq, row.lane) == (outbox.epoch, 1, Lane.ATTENDANCE)
    assert (row.at, row.mono_ns, row.clock, row.boot_id) == (at, 42, ClockQuality.UNKNOWN, "0" * 32)


def test_accepted_rows_and_the_next_seq_survive_reopening(bench) -> None:
    outbox = bench.open()
    bench.put(outbox, bench.reading(), bench.reading())
    epoch = outbox.epoch
    outbox.forget(Ack(epoch=epoch, ranges=((1, 2),)))
    outbox.close()
    again = bench.open()
    assert again.epoch == epoch
    assert bench.put(again, bench.reading()) == [3]


def test_an_acknowledgement_deletes_exactly_its_ranges(bench) -> None:
    outbox = bench.open()
    bench.put(outbox, *[bench.reading() for _ in range(20)], bench.scan(), bench.event())
    assert outbox.forget(Ack(epoch=outbox.epoch, ranges=((3, 5), (10, 10), (21, 500)))) == 6
    left = [row.seq for lane in Lane for row in outbox.rows(lane, limit=100)]
    assert left == [1, 2, 6, 7, 8, 9, *range(11, 21)]
    assert outbox.forget(Ack(epoch=outbox.epoch, ranges=((3, 5),))) == 0


def test_an_acknowledgement_of_another_epoch_deletes_nothing(bench) -> None:
    outbox = bench.open()
    bench.put(outbox, bench.reading())
    assert outbox.forget(Ack(epoch="f" * 16, ranges=((1, 2**63 - 1),))) == 0
    assert outbox.forget(Ack(epoch=outbox.epoch, ranges=((2**41, 2**63 - 1),))) == 0
    assert outbox.forget(Ack(epoch=outbox.epoch, ranges=((1, 2**63 - 1),))) == 1


def test_forgetting_more_rows_than_one_commit_takes_deletes_all(bench) -> None:
    outbox = bench.open(max_bytes=8 * 1024 * 1024)
    for _ in range(12):
        bench.put(outbox, *[bench.reading() for _ in range(1000)])
    assert outbox.forget(Ack(epoch=outbox.epoch, ranges=((1, 12_000),))) == 12_000
    assert outbox.stats()[Lane.TELEMETRY] == LaneStats(0, 0)


def test_stats_follow_every_change_and_reopening(bench) -> None:
    outbox = bench.open()
    chance = random.Random(4)
    for _ in range(50):
        seqs = bench.put(outbox, *chance.choices([bench.reading(), bench.event(200), bench.scan()], k=5))
        outbox.forget(Ack(epoch=outbox.epoch, ranges=((seqs[0] - 3, seqs[0]),) if seqs[0] > 3 else ()))
    stats = outbox.stats()
    for lane in Lane:
        rows = outbox.rows(lane, limit=1000)
        assert stats[lane] == LaneStats(len(rows), sum(len(row.payload) for row in rows))
    outbox.close()
    assert bench.open().stats() == stats


def test_rows_are_handed_out_oldest_first_between_two_places(bench) -> None:
    outbox = bench.open()
    bench.put(outbox, *[bench.reading() for _ in range(10)])
    rows = outbox.rows(Lane.TELEMETRY, limit=100)
    assert [row.seq for row in rows] == list(range(1, 11))
    some = outbox.rows(Lane.TELEMETRY, after=rows[2].place, until=rows[6].place, limit=3)
    assert [row.seq for row in some] == [4, 5, 6]
    assert outbox.newest_place(Lane.TELEMETRY) == rows[-1].place
    assert outbox.rows(Lane.EVENT, after=outbox.newest_place(Lane.EVENT), limit=5) == []


def test_what_the_hub_could_not_read_is_not_accepted(bench) -> None:
    outbox = bench.open()
    with pytest.raises(ValueError, match="count"):
        bench.put(outbox, bench.reading(), OutboxGap(lane=Lane.EVENT, reason="r", count=-1))
    with pytest.raises(ValueError, match="value"):
        bench.put(outbox, bench.reading(float("nan")))
    with pytest.raises(ValueError, match="more than 16384"):
        bench.put(outbox, DeviceIncident(what="w", detail="x" * 20_000))
    assert bench.put(outbox, bench.reading()) == [1]


def test_a_row_with_one_wrong_bit_is_set_aside_and_reported(bench) -> None:
    outbox = bench.open()
    bench.put(outbox, *[bench.reading() for _ in range(5)])
    with sqlite3.connect(bench.path) as other:
        other.execute("UPDATE row SET mono_ns = mono_ns + 1 WHERE seq = 3")
        other.execute("UPDATE row SET boot_id = CAST(x'ff00' AS TEXT) WHERE seq = 4")
    other.close()
    assert [row.seq for row in outbox.rows(Lane.TELEMETRY, limit=10)] == [1, 2, 5]
    (gap,) = [decode_body(row.payload) for row in outbox.rows(Lane.EVENT, limit=10)]
    assert gap == OutboxGap(lane=Lane.TELEMETRY, reason="damaged", count=2)
    assert outbox.stats()[Lane.TELEMETRY].rows == 3
    with sqlite3.connect(bench.path) as other:
        assert other.execute("SELECT count(*) FROM damaged_row").fetchone() == (2,)
    other.close()


def test_a_closed_outbox_refuses_and_says_so(bench) -> None:
    outbox = bench.open()
    outbox.close()
    outbox.close()
    with pytest.raises(OutboxUnavailableError, match="closed"):
        bench.put(outbox, bench.reading())
    with pytest.raises(OutboxUnavailableError, match="closed"):
        outbox.rows(Lane.EVENT, limit=1)


def test_two_threads_lose_nothing(bench) -> None:
    outbox = bench.open(max_bytes=4 * 1024 * 1024)
    forgotten = []

    def forget_all() -> None:
        while sum(forgotten) < 300:
            rows = outbox.rows(Lane.TELEMETRY, limit=50)
            ranges = tuple((row.seq, row.seq) for row in rows)
            forgotten.append(outbox.forget(Ack(epoch=outbox.epoch, ranges=ranges)))

    thread = threading.Thread(target=forget_all)
    thread.start()
    seqs = [bench.put(outbox, bench.reading())[0] for _ in range(300)]
    thread.join()
    assert seqs == list(range(1, 301))
    assert sum(forgotten) == 300


class FailingConnection(LocalConnection):
    """A connection whose next COMMIT fails."""

    code = sqlite3.SQLITE_IOERR_FSYNC
    is_failing = False

    def execute(self, sql, values=(), /):
        if sql == "COMMIT" and FailingConnection.is_failing:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = FailingConnection.code
            raise error
        return super().execute(sql, values)


class FailingDisk(LocalDisk):
    def connect(self, path: Path) -> FailingConnection:
        return FailingConnection(path)


@pytest.fixture
def failing_disk():
    yield FailingDisk()
    FailingConnection.is_failing = False


def test_after_a_failed_fsync_nothing_is_accepted_until_it_is_opened_again(bench, failing_disk) -> None:
    outbox = bench.open(disk=failing_disk)
    assert bench.put(outbox, bench.reading()) == [1]
    FailingConnection.code, FailingConnection.is_failing = sqlite3.SQLITE_IOERR_FSYNC, True
    with pytest.raises(OutboxUnavailableError, match="I/O error"):
        bench.put(outbox, bench.reading())
    with pytest.raises(OutboxUnavailableError, match="open it again"):
        bench.put(outbox, bench.reading())
    FailingConnection.is_failing = False
    bench.clock.advance(4.9)
    with pytest.raises(OutboxUnavailableError, match="open it again"):
        outbox.rows(Lane.TELEMETRY, limit=1)
    bench.clock.advance(0.2)
    assert [row.seq for row in outbox.rows(Lane.TELEMETRY, limit=10)] == [1]
    assert bench.put(outbox, bench.reading()) == [2]


def test_a_file_damaged_while_it_is_open_is_replaced_without_a_restart(bench, failing_disk) -> None:
    outbox = bench.open(disk=failing_disk)
    bench.put(outbox, *[bench.reading() for _ in range(3)])
    epoch = outbox.epoch
    FailingConnection.code, FailingConnection.is_failing = sqlite3.SQLITE_CORRUPT, True
    with pytest.raises(OutboxUnavailableError):
        bench.put(outbox, bench.reading())
    FailingConnection.is_failing = False
    with sqlite3.connect(bench.path) as other:
        other.execute("DELETE FROM epoch")
    other.close()
    with pytest.raises(OutboxUnavailableError):
        bench.put(outbox, bench.reading())
    bench.clock.advance(6)
    assert bench.put(outbox, bench.reading()) == [2]
    assert outbox.epoch != epoch
    assert [row.seq for row in outbox.rows(Lane.TELEMETRY, limit=10)] == [1, 2, 3, 2]
    assert outbox.forget(Ack(epoch=epoch, ranges=((1, 3),))) == 3


def test_a_disk_that_stays_broken_is_tried_every_five_seconds(bench, failing_disk, monkeypatch) -> None:
    outbox = bench.open(disk=failing_disk)
    FailingConnection.code, FailingConnection.is_failing = sqlite3.SQLITE_IOERR_FSYNC, True
    with pytest.raises(OutboxUnavailableError):
        bench.put(outbox, bench.reading())
    FailingConnection.is_failing = False
    tries = []

    def no_disk(path: Path) -> None:
        tries.append(path)
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(failing_disk, "connect", no_disk)
    for _ in range(40):
        bench.clock.advance(0.5)
        with pytest.raises(OutboxUnavailableError):
            bench.put(outbox, bench.reading())
    assert 3 <= len(tries) <= 4
    monkeypatch.undo()
    bench.clock.advance(5)
    assert bench.put(outbox, bench.reading()) == [1]


@pytest.mark.parametrize(
    ("code", "error"),
    [(sqlite3.SQLITE_FULL, OutboxFullError), (sqlite3.SQLITE_BUSY, OutboxUnavailableError)],
)
def test_a_passing_trouble_refuses_one_row_and_not_the_next(bench, failing_disk, code, error) -> None:
    outbox = bench.open(disk=failing_disk)
    FailingConnection.code, FailingConnection.is_failing = code, True
    with pytest.raises(error):
        bench.put(outbox, bench.reading())
    FailingConnection.is_failing = False
    assert bench.put(outbox, bench.reading()) == [1]


def test_an_entry_says_when_it_happened(bench) -> None:
    outbox = bench.open()
    outbox.append_many([Entry(bench.reading(), BUILT_AT, 5, ClockQuality.SYNCED)])
    assert outbox.rows(Lane.TELEMETRY, limit=1)[0].at == BUILT_AT
