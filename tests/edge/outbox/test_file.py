"""Making, checking and replacing the file; damage of every sort."""

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from edge.errors import OutboxUnavailableError
from edge.outbox.disk import LocalDisk
from edge.wire.messages import Ack, decode_body
from edge.wire.records.bodies import DeviceIncident, Lane

MIB = 1024 * 1024


def test_all_the_room_is_taken_at_the_first_start(bench) -> None:
    bench.open(max_bytes=4 * MIB)
    size = bench.path.stat().st_size + Path(f"{bench.path}-wal").stat().st_size
    assert 4 * MIB * 0.97 < size <= 4 * MIB * 1.01


def test_closing_keeps_the_room_of_the_log(bench) -> None:
    outbox = bench.open()
    bench.put(outbox, bench.reading())
    log = Path(f"{bench.path}-wal")
    size = log.stat().st_size
    outbox.close()
    assert log.stat().st_size == size
    assert bench.open().stats()[Lane.TELEMETRY].rows == 1


def test_a_log_that_somebody_removed_is_made_again(bench) -> None:
    bench.open().close()
    with sqlite3.connect(bench.path) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    Path(f"{bench.path}-wal").unlink(missing_ok=True)
    bench.open()
    assert Path(f"{bench.path}-wal").stat().st_size > 64 * 4096


def test_a_folder_that_is_missing_is_named(bench, tmp_path: Path) -> None:
    bench.path = tmp_path / "missing" / "outbox.db"
    with pytest.raises(OutboxUnavailableError, match=r"missing/outbox\.db.*folder"):
        bench.open()


def fill_and_close(bench) -> tuple[str, dict[int, bytes]]:
    outbox = bench.open()
    for number in range(30):
        bench.put(outbox, *[bench.reading(number) for _ in range(40)], bench.event(300), bench.scan())
    outbox.forget(Ack(epoch=outbox.epoch, ranges=((1, 100),)))
    rows = {row.seq: row.payload for lane in Lane for row in outbox.rows(lane, limit=10_000)}
    outbox.close()
    return outbox.epoch, rows


def checkpoint(path: Path) -> None:
    """Bring everything into the main file, so that damage to it is damage to rows."""
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()


def bad_files(bench) -> list[Path]:
    return [path for path in bench.path.parent.glob("outbox.db.bad-*") if not path.name.endswith("-wal")]


def test_a_damaged_page_costs_its_rows_and_no_others(bench) -> None:
    epoch, rows = fill_and_close(bench)
    checkpoint(bench.path)
    content = bytearray(bench.path.read_bytes())
    place = content.find(rows[1000])
    assert place > 0
    page = place // 4096 * 4096
    content[page : page + 4096] = random.Random(5).randbytes(4096)
    bench.path.write_bytes(content)

    outbox = bench.open()
    assert outbox.epoch != epoch
    found = {
        row.seq: row.payload for lane in Lane for row in outbox.rows(lane, limit=10_000) if row.epoch == epoch
    }
    assert found.items() <= rows.items()
    assert len(found) >= len(rows) - 60
    assert len(bad_files(bench)) == 1
    incidents = [
        decode_body(row.payload) for row in outbox.rows(Lane.EVENT, limit=10_000) if row.epoch != epoch
    ]
    assert [body.what for body in incidents if isinstance(body, DeviceIncident)] == ["outbox-replaced"]
    # The hub may still acknowledge the old epoch, and new rows have a life of their own.
    assert outbox.forget(Ack(epoch=epoch, ranges=((1, 10_000),))) == len(found)
    assert bench.put(outbox, bench.reading()) == [2]


@pytest.mark.parametrize("seed", range(24))
def test_whatever_happens_to_the_file_the_outbox_opens_with_nothing_wrong(bench, seed: int) -> None:
    epoch, rows = fill_and_close(bench)
    chance = random.Random(seed)
    if seed % 3:
        checkpoint(bench.path)
    content = bytearray(bench.path.read_bytes())
    start = chance.randrange(len(content))
    length = chance.choice((1, 100, 4096, 200_000))
    match seed % 4:
        case 0:
            content[start : start + length] = chance.randbytes(length)
        case 1:
            content[start : start + length] = bytes(min(length, len(content) - start))
        case 2:
            del content[start:]
        case 3:
            content[:length] = chance.randbytes(length)
    bench.path.write_bytes(content)

    outbox = bench.open()
    found = {
        row.seq: row.payload for lane in Lane for row in outbox.rows(lane, limit=10_000) if row.epoch == epoch
    }
    own = {seq for seq in found if seq not in rows}
    assert {seq: payload for seq, payload in found.items() if seq not in own}.items() <= rows.items()
    (seq,) = bench.put(outbox, bench.scan())
    assert outbox.epoch != epoch or seq > max(rows)


@pytest.mark.parametrize("content", [b"", b"not a database", bytes(8192)])
def test_a_file_that_is_no_outbox_is_set_aside(bench, content: bytes) -> None:
    bench.path.write_bytes(content)
    outbox = bench.open()
    assert len(bad_files(bench)) == 1
    assert not content or bad_files(bench)[0].read_bytes() == content
    assert bench.put(outbox, bench.reading()) == [2]


def test_a_database_of_somebody_else_is_set_aside(bench) -> None:
    with sqlite3.connect(bench.path) as other:
        other.execute("CREATE TABLE row (a)")
        other.execute("PRAGMA user_version=1")
    other.close()
    bench.open()
    assert len(bad_files(bench)) == 1


def test_an_outbox_without_its_epoch_is_replaced_and_its_rows_are_kept(bench) -> None:
    epoch, rows = fill_and_close(bench)
    with sqlite3.connect(bench.path) as other:
        other.execute("DELETE FROM epoch")
    other.close()
    outbox = bench.open()
    found = {row.seq for lane in Lane for row in outbox.rows(lane, limit=10_000) if row.epoch == epoch}
    assert found == set(rows)
    assert outbox.epoch != epoch


def test_two_damages_in_one_second_keep_both_files(bench) -> None:
    for _ in range(2):
        bench.path.write_bytes(b"garbage")
        bench.open().close()
    assert len(bad_files(bench)) == 2


class CutDisk(LocalDisk):
    """A disk whose power goes before the n-th change of names."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def _step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise OSError("the power is gone")

    def rename(self, old: Path, new: Path) -> None:
        self._step()
        super().rename(old, new)

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)


@pytest.mark.parametrize("steps", range(12))
def test_a_replacement_that_is_interrupted_anywhere_is_finished_later(bench, steps: int) -> None:
    epoch, rows = fill_and_close(bench)
    with sqlite3.connect(bench.path) as other:
        other.execute("DELETE FROM epoch")
    other.close()
    try:
        bench.open(disk=CutDisk(steps)).close()
    except OutboxUnavailableError as error:
        assert "power is gone" in str(error)  # noqa: PT017 - the later steps succeed
    outbox = bench.open()
    found = {row.seq for lane in Lane for row in outbox.rows(lane, limit=10_000) if row.epoch == epoch}
    assert found == set(rows)
    assert len(bad_files(bench)) == 1


def test_a_copy_of_the_file_opens_elsewhere(bench, tmp_path: Path) -> None:
    _, rows = fill_and_close(bench)
    folder = tmp_path / "other"
    folder.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{bench.path}{suffix}", folder / f"outbox.db{suffix}")
    bench.path = folder / "outbox.db"
    outbox = bench.open()
    assert {row.seq for lane in Lane for row in outbox.rows(lane, limit=10_000)} == set(rows)
