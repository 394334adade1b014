"""Scans of several readers made into one row of scans a person. Pure.

Two readers of one door see the same phone, or the same person twice: what lies within a minute is
one scan, with its earliest time for coming and its latest for going. A code that comes back later
than that was copied: it never counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from hub.hadir.results.rules import Scan

ONE_SCAN = timedelta(seconds=60)


class ReaderScan(msgspec.Struct, frozen=True, gc=False):
    """A scan and the reader and code it came from."""

    scan: Scan
    reader: str
    token: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What counts of a person, and when one code was seen at two readers or again later."""

    scans: tuple[Scan, ...]
    doubled_at: tuple[datetime, ...] = ()


def merge(seen: Iterable[ReaderScan]) -> Merged:
    """Merge the scans of one person.

    Args:
        seen: In any order.

    Returns:
        Scans in order of time. First and last of one minute have the same number, so that the
        rules never take them for coming and going.
    """
    kept: list[Scan] = []
    doubled: list[datetime] = []
    first_use: dict[str, ReaderScan] = {}
    head: Scan | None = None
    for one in sorted(seen, key=lambda one: (one.scan.at, one.scan.number)):
        first = first_use.setdefault(one.token, one)
        if first is not one:
            if one.reader != first.reader or one.scan.at - first.scan.at > ONE_SCAN:
                doubled.append(one.scan.at)
            if one.scan.at - first.scan.at > ONE_SCAN:
                continue
        if head is None or one.scan.at - head.at > ONE_SCAN:
            head = one.scan
            kept.append(head)
        else:
            _add_to_cluster(kept, head, one.scan)
    return Merged(tuple(kept), tuple(doubled))


def _add_to_cluster(kept: list[Scan], head: Scan, scan: Scan) -> None:
    """Add a scan to the cluster of ``head``, whose scans are the last ones kept."""
    scan = replace(scan, number=head.number)
    same = [place for place in _cluster(kept, head.number) if kept[place].direction is scan.direction]
    # The middle ones of a cluster decide nothing.
    if len(same) > 1:
        kept[same[-1]] = scan
    else:
        kept.append(scan)


def _cluster(kept: Sequence[Scan], number: int) -> list[int]:
    places: list[int] = []
    for place in range(len(kept) - 1, -1, -1):
        if kept[place].number != number:
            break
        places.insert(0, place)
    return places
