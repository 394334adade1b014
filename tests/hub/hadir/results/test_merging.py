"""Scans of several readers as one row of scans."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hub.hadir.results.merging import ReaderScan, merge
from hub.hadir.results.rules import Direction, Scan

SEVEN = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)


def seen(
    number: int,
    after_s: float,
    token: str = "",
    reader: str = "a/pintu",
    direction: Direction = Direction.EITHER,
) -> ReaderScan:
    scan = Scan(number, SEVEN + timedelta(seconds=after_s), direction)
    return ReaderScan(scan, reader, token or str(number))


def times_of(*scans: ReaderScan) -> list[tuple[int, float]]:
    return [(scan.number, (scan.at - SEVEN).total_seconds()) for scan in merge(scans).scans]


def test_two_devices_at_a_door_make_one_scan_with_its_earliest_and_latest_time() -> None:
    assert times_of(seen(1, 4), seen(2, 0, reader="b/pintu"), seen(3, 30)) == [(2, 0.0), (2, 30.0)]


def test_a_minute_later_it_is_another_scan() -> None:
    assert times_of(seen(1, 0), seen(2, 60), seen(3, 61)) == [(1, 0.0), (1, 60.0), (3, 61.0)]


def test_a_code_that_comes_back_later_never_counts_and_is_told() -> None:
    merged = merge([seen(1, 0, "x"), seen(2, 3600, "x"), seen(3, 7200)])
    assert [scan.number for scan in merged.scans] == [1, 3]
    assert merged.doubled_at == (SEVEN + timedelta(hours=1),)


def test_one_code_at_two_readers_within_a_minute_counts_once_and_is_told() -> None:
    merged = merge([seen(1, 0, "x"), seen(2, 2, "x", "b/pintu")])
    assert {scan.number for scan in merged.scans} == {1}
    assert len(merged.doubled_at) == 1


def test_the_same_reader_twice_within_a_minute_is_nothing_to_tell() -> None:
    assert merge([seen(1, 0, "x"), seen(2, 2, "x")]).doubled_at == ()


def test_the_order_of_arrival_changes_nothing() -> None:
    scans = [seen(1, 0, "x"), seen(2, 5, "x", "b/pintu"), seen(3, 20), seen(4, 200), seen(5, 400, "x")]
    assert len({str(merge(order)) for order in permutations(scans)}) == 1


def test_what_one_door_calls_out_is_not_lost_in_a_minute_of_both() -> None:
    merged = merge([seen(1, 0), seen(2, 10, direction=Direction.OUT), seen(3, 20, direction=Direction.OUT)])
    assert [(s.number, s.direction) for s in merged.scans] == [
        (1, Direction.EITHER),
        (1, Direction.OUT),
        (1, Direction.OUT),
    ]
