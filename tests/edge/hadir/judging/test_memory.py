"""What a door remembers, also after its worker died."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.hadir.judging.memory import MAX_CODES, FileUses, MemoryUses, Use, UsedCodes, UseStore
from edge.wire.hadir.codes import PhoneCode, read_code
from edge.wire.hadir.phones import new_phone

PHONE = new_phone(7)
NOW_S = 1_795_216_449


def phone_code(issued_at_s: int = NOW_S, nonce: int = 1) -> PhoneCode:
    code = read_code(PHONE.code(issued_at_s, nonce))
    assert isinstance(code, PhoneCode)
    return code


def use(person: int = 7, issued_at_s: int = NOW_S, nonce: int = 1, *, is_clock_trusted: bool = True) -> Use:
    return Use(person, issued_at_s, nonce, NOW_S + 1, is_clock_trusted)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> UseStore:
    return MemoryUses() if request.param == "memory" else FileUses(tmp_path / "door.used")


def test_uses_come_back_in_order(store: UseStore) -> None:
    uses = [use(nonce=nonce) for nonce in range(5)]
    for one in uses:
        store.append(one)
    assert store.load() == uses


def test_nothing_is_remembered_at_first(store: UseStore) -> None:
    memory = UsedCodes(store)
    assert not memory.is_used(phone_code())
    assert memory.newest_of(7) is None
    assert memory.trusted_floor_s == 0


def test_a_used_code_stays_used_after_a_restart(store: UseStore) -> None:
    UsedCodes(store).remember(use(), mono_s=5)
    again = UsedCodes(store)
    assert again.is_used(phone_code())
    assert not again.is_used(phone_code(nonce=2))
    assert again.trusted_floor_s == NOW_S


def test_a_scan_under_an_unknown_clock_does_not_move_the_floor(store: UseStore) -> None:
    UsedCodes(store).remember(use(is_clock_trusted=False), mono_s=5)
    assert UsedCodes(store).trusted_floor_s == 0


def test_the_duplicate_window_goes_by_monotonic_time_and_after_a_restart_by_the_clock(
    store: UseStore,
) -> None:
    memory = UsedCodes(store)
    memory.remember(use(), mono_s=100)
    jumped = datetime(2001, 1, 1, tzinfo=UTC)
    taken_at = datetime.fromtimestamp(NOW_S + 1, UTC)
    assert memory.recorded_within(7, 60, now=jumped, mono_s=159) == taken_at
    assert memory.recorded_within(7, 60, now=jumped, mono_s=160) is None
    again = UsedCodes(store)
    assert again.recorded_within(7, 60, now=datetime.fromtimestamp(NOW_S + 60, UTC), mono_s=3) == taken_at
    assert again.recorded_within(7, 60, now=jumped, mono_s=3) is None


def test_the_memory_is_bounded(store: UseStore) -> None:
    memory = UsedCodes(MemoryUses())
    for nonce in range(MAX_CODES + 1):
        memory.remember(use(nonce=nonce), mono_s=nonce)
    assert not memory.is_used(phone_code(nonce=0))
    assert memory.is_used(phone_code(nonce=1))


def test_a_torn_last_row_is_left_out_and_the_file_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "door.used"
    uses = [use(nonce=nonce) for nonce in range(3)]
    for one in uses:
        FileUses(path).append(one)
    path.write_bytes(path.read_bytes()[:-7])
    store = FileUses(path)
    assert store.load() == uses[:2]
    store.append(uses[2])
    assert store.load() == uses


def test_a_damaged_row_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "door.used"
    uses = [use(nonce=nonce) for nonce in range(3)]
    for one in uses:
        FileUses(path).append(one)
    rows = bytearray(path.read_bytes())
    rows[25] ^= 1
    path.write_bytes(rows)
    assert FileUses(path).load() == [uses[0], uses[2]]


def test_a_file_that_grew_is_cut_down(tmp_path: Path) -> None:
    path = tmp_path / "door.used"
    store = FileUses(path)
    store.append(use())
    path.write_bytes(path.read_bytes() * (4 * MAX_CODES))
    store.load()
    assert len(store.load()) == MAX_CODES


def test_a_disk_that_refuses_is_complained_of_once_and_the_door_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "is-a-folder"
    folder.mkdir()
    with caplog.at_level(logging.ERROR):
        store = FileUses(folder)
        memory = UsedCodes(store)
        for nonce in range(3):
            memory.remember(use(nonce=nonce), mono_s=nonce)
    assert memory.is_used(phone_code(nonce=2))
    assert [record.message.partition("(")[0] for record in caplog.records] == [
        f"{folder}: cannot be read ",
        f"{folder}: cannot be written ",
    ]


def test_a_rewrite_that_fails_keeps_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "door.used"
    FileUses(path).append(use())
    path.write_bytes(path.read_bytes() + b"torn")
    (tmp_path / "door.new").mkdir()
    assert FileUses(path).load() == [use()]
