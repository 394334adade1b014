"""A full outbox, and a full disk below it."""

import errno
import os
import subprocess
from pathlib import Path

import pytest

from edge.errors import OutboxFullError
from edge.wire.messages import Ack, decode_body
from edge.wire.records.bodies import Lane, OutboxGap

MIB = 1024 * 1024


def gaps_in(outbox) -> list[OutboxGap]:
    bodies = [decode_body(row.payload) for row in outbox.rows(Lane.EVENT, limit=5000)]
    return [body for body in bodies if isinstance(body, OutboxGap)]


def test_telemetry_leaves_oldest_first_and_the_gap_is_counted(bench) -> None:
    outbox = bench.open(max_bytes=1 * MIB)
    accepted = 0
    for _ in range(60):
        bench.clock.advance(1)
        accepted += len(bench.put(outbox, *[bench.reading() for _ in range(100)]))
    rows = outbox.rows(Lane.TELEMETRY, limit=100_000)
    gaps = gaps_in(outbox)
    assert len(rows) < accepted
    assert len(rows) + sum(gap.count for gap in gaps) == accepted
    assert {gap.lane for gap in gaps} == {Lane.TELEMETRY}
    assert max(gap.to_at for gap in gaps) <= rows[0].at
    assert [row.seq for row in rows] == sorted(row.seq for row in rows)
    assert outbox.stats()[Lane.TELEMETRY].rows == len(rows)
    assert bench.path.stat().st_size + Path(f"{bench.path}-wal").stat().st_size <= 1 * MIB


def test_events_push_telemetry_out_and_then_older_events_but_no_gap_record(bench) -> None:
    outbox = bench.open(max_bytes=1 * MIB)
    for _ in range(20):
        bench.put(outbox, *[bench.reading() for _ in range(100)])
    for _ in range(60):
        bench.put(outbox, *[bench.event(400) for _ in range(20)])
    assert outbox.stats()[Lane.TELEMETRY].rows == 0
    gaps = gaps_in(outbox)
    assert sum(gap.count for gap in gaps if gap.lane is Lane.TELEMETRY) == 2000
    events = outbox.stats()[Lane.EVENT].rows - len(gaps)
    assert sum(gap.count for gap in gaps if gap.lane is Lane.EVENT) + events == 1200


def test_attendance_is_never_thinned_and_has_the_last_room(bench) -> None:
    outbox = bench.open(max_bytes=1 * MIB)
    scans = 0

    def scan_for_ever() -> None:
        nonlocal scans
        while True:
            bench.put(outbox, *[bench.scan() for _ in range(20)])
            scans += 20

    with pytest.raises(OutboxFullError, match="no room for attendance"):
        scan_for_ever()
    assert outbox.stats()[Lane.ATTENDANCE].rows == scans
    with pytest.raises(OutboxFullError, match="no room for telemetry"):
        bench.put(outbox, bench.reading())
    outbox.forget(Ack(epoch=outbox.epoch, ranges=((1, scans),)))
    assert bench.put(outbox, bench.reading()) == [scans + 1]


def test_attendance_pushes_out_everything_else(bench) -> None:
    outbox = bench.open(max_bytes=1 * MIB)
    for _ in range(40):
        bench.put(outbox, *[bench.reading() for _ in range(100)])
    before = outbox.stats()[Lane.TELEMETRY].rows
    for _ in range(40):
        bench.put(outbox, *[bench.scan() for _ in range(20)])
    stats = outbox.stats()
    assert stats[Lane.ATTENDANCE].rows == 800
    assert stats[Lane.TELEMETRY].rows < before


def test_scans_are_accepted_when_telemetry_fills_the_rest(bench) -> None:
    outbox = bench.open(max_bytes=1 * MIB)
    for _ in range(60):
        bench.put(outbox, *[bench.reading() for _ in range(100)])
    telemetry = outbox.stats()[Lane.TELEMETRY].rows
    bench.put(outbox, bench.scan())
    assert outbox.stats()[Lane.TELEMETRY].rows == telemetry


@pytest.fixture
def small_disk(tmp_path: Path):
    """A file system of 6 MiB; needs root."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> None:
    with (folder / "filler").open("ab") as filler:
        try:
            while True:
                os.write(filler.fileno(), bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017 - it ends no other way


def test_the_outbox_works_on_and_starts_again_with_no_byte_free(bench, small_disk: Path) -> None:
    bench.path = small_disk / "outbox.db"
    outbox = bench.open(max_bytes=3 * MIB)
    fill(small_disk)
    assert os.statvfs(small_disk).f_bavail == 0
    for turn in range(3):
        for _ in range(100):
            seqs = bench.put(outbox, bench.scan(), bench.reading(), bench.event(300))
            outbox.forget(Ack(epoch=outbox.epoch, ranges=((1, seqs[0]),)))
        assert outbox.stats()[Lane.ATTENDANCE].rows == 0
        outbox.close()
        if turn == 0:
            fill(small_disk)
        outbox = bench.open(max_bytes=3 * MIB)
    assert os.statvfs(small_disk).f_bavail == 0
    for _ in range(40):
        bench.put(outbox, *[bench.reading() for _ in range(400)])
    assert gaps_in(outbox)
    bench.put(outbox, bench.scan())
