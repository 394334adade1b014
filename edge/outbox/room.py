"""Who gets the last room of the outbox, and who has to leave.

Attendance is never thinned and has a reserve of its own; telemetry leaves first, oldest first,
then events. What leaves is counted. Runs inside the caller's transaction; must not commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from edge.errors import OutboxFullError
from edge.outbox.disk import Connection
from edge.outbox.file import PAGE_BYTES
from edge.outbox.row import places_of_lane
from edge.wire.records.bodies import Lane

# Columns other than the payload, and SQLite's own bookkeeping of a row.
_ROW_OVERHEAD_BYTES = 160
# Splits of the tree, the gap records themselves, the list of epochs.
_SLACK_PAGES = 12
_SMALLEST_CUT_ROWS = 64
_LARGEST_CUT_ROWS = 5_000
# The record of a loss is not itself lost: bodies are encoded with their kind first.
_KEPT_PREFIX = b'{"kind":"outbox-gap"'

_VICTIMS = {
    Lane.TELEMETRY: (Lane.TELEMETRY,),
    Lane.EVENT: (Lane.TELEMETRY, Lane.EVENT),
    Lane.ATTENDANCE: (Lane.TELEMETRY, Lane.EVENT),
}


@dataclass(slots=True)
class Cut:
    """Rows of one lane that had to leave."""

    lane: Lane
    rows: int = 0
    payload_bytes: int = 0
    from_at: datetime | None = None
    to_at: datetime | None = None


@dataclass(slots=True)
class Room:
    """The room of one open outbox of ``database_pages`` pages."""

    connection: Connection
    database_pages: int
    reserve_pages: int = field(init=False)

    def __post_init__(self) -> None:
        """Set a tenth aside for attendance."""
        self.reserve_pages = max(self.database_pages // 10, 2 * _SLACK_PAGES)

    def make(self, lane: Lane, payload_sizes: list[int], *, rows_of: Mapping[Lane, int]) -> list[Cut]:
        """Free what is needed for new rows.

        Args:
            lane: The least important lane among the new rows.
            payload_sizes: Bytes of each new payload.
            rows_of: How many rows each lane has.

        Returns:
            What had to leave, by lane; mostly nothing.

        Raises:
            OutboxFullError: nothing that may leave is left.
        """
        needed = _pages_for(payload_sizes) + _SLACK_PAGES
        if lane is not Lane.ATTENDANCE:
            needed += self.reserve_pages
        cuts: dict[Lane, Cut] = {}
        while self._free_pages() < needed:
            if not any(self._cut_oldest(cuts, victim, rows_of[victim]) for victim in _VICTIMS[lane]):
                raise OutboxFullError(
                    f"the outbox has no room for {lane} rows: it holds {self.database_pages} pages of "
                    f"{PAGE_BYTES} bytes and nothing less important; restore the link to the hub"
                )
        return list(cuts.values())

    def _free_pages(self) -> int:
        ((free,),) = self.connection.execute("PRAGMA freelist_count")
        ((used,),) = self.connection.execute("PRAGMA page_count")
        return int(free) + max(self.database_pages - int(used), 0)

    def _cut_oldest(self, cuts: dict[Lane, Cut], lane: Lane, lane_rows: int) -> bool:
        """Drop the oldest 64th of a lane; say whether there was anything to drop."""
        low, high = places_of_lane(lane)
        span = "place BETWEEN ? AND ? AND substr(payload, 1, ?) != ?"
        values = (low, high, len(_KEPT_PREFIX), _KEPT_PREFIX)
        limit = min(max(lane_rows // 64, _SMALLEST_CUT_ROWS), _LARGEST_CUT_ROWS)
        # Only constants are put into the texts.
        oldest = f"SELECT place, at_us, payload FROM row WHERE {span} ORDER BY place LIMIT {limit}"  # noqa: S608
        ((rows, last, size, first_us, last_us),) = self.connection.execute(
            f"SELECT count(*), max(place), sum(length(payload)), min(at_us), max(at_us) FROM ({oldest})",  # noqa: S608
            values,
        )
        if not rows:
            return False
        self.connection.execute(f"DELETE FROM row WHERE {span} AND place <= ?", (*values, last))  # noqa: S608
        cut = cuts.setdefault(lane, Cut(lane))
        cut.rows += rows
        cut.payload_bytes += size
        cut.from_at = min(filter(None, (cut.from_at, _at(first_us))))
        cut.to_at = max(filter(None, (cut.to_at, _at(last_us))))
        return True


def _pages_for(payload_sizes: list[int]) -> int:
    """Bound the pages that new rows can take: half-filled leaves, and one to begin with."""
    return sum(payload_sizes, len(payload_sizes) * _ROW_OVERHEAD_BYTES) * 2 // PAGE_BYTES + 1


def _at(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
