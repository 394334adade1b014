"""Which clips have to go. Pure: facts in, a decision out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# A clip of before was written by a clock that was not set yet: its age says nothing.
_BELIEVABLE = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """One clip on the disk; ``at`` is when it was written."""

    camera: str
    clip: str
    size_bytes: int
    at: datetime


def to_forget(
    entries: Sequence[ShelfEntry], *, now: datetime, max_bytes: int, keep: timedelta
) -> list[ShelfEntry]:
    """Return what is too old, and then the oldest of the rest until ``max_bytes`` hold it.

    Args:
        entries: everything on the disk, in any order.
        now: the present, aware.
        max_bytes: of all clips together.
        keep: the age a clip may reach.
    """
    oldest_first = sorted(entries, key=lambda entry: (entry.at, entry.clip, entry.camera))
    size_bytes = sum(entry.size_bytes for entry in entries)
    gone = []
    for entry in oldest_first:
        is_too_old = _BELIEVABLE <= entry.at < now - keep
        if is_too_old or size_bytes > max_bytes:
            gone.append(entry)
            size_bytes -= entry.size_bytes
    return gone
