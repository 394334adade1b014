"""Statements of the outbox that are neither accepting nor handing out: counting, deleting, setting aside.

Each runs under the caller's lock, the writing ones inside its transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from edge.outbox.disk import Connection
from edge.outbox.guard import GuardedConnection
from edge.outbox.row import MAX_SEQ, lane_of, place_of, places_of_lane
from edge.wire.records.bodies import Lane

_FORGET_ROWS = 5_000
_KEPT_DAMAGED_ROWS = 100

# Lane, rows more or less, payload bytes more or less.
Changes = list[tuple[Lane, int, int]]


@dataclass(frozen=True, slots=True)
class LaneStats:
    """How much of a lane waits for the hub; ``payload_bytes`` without bookkeeping."""

    rows: int
    payload_bytes: int


def count(guard: GuardedConnection) -> dict[Lane, LaneStats]:
    """Count what waits, by lane."""
    stats = {}
    for lane in Lane:
        ((rows, size),) = guard.read(
            "SELECT count(*), sum(length(payload)) FROM row WHERE place BETWEEN ? AND ?", places_of_lane(lane)
        )
        stats[lane] = LaneStats(rows, size or 0)
    return stats


def highest_seq(guard: GuardedConnection, generation: int) -> int:
    """Return the highest seq of a generation among the rows: a damaged list of epochs may lag behind."""
    spans = [(place_of(lane, generation, 0), place_of(lane, generation, MAX_SEQ)) for lane in Lane]
    found = [guard.read("SELECT max(place) FROM row WHERE place BETWEEN ? AND ?", span) for span in spans]
    return max((place & MAX_SEQ for ((place,),) in found if place is not None), default=0)


def keep_aside(connection: Connection, wrong: Sequence[tuple[Any, ...]]) -> None:
    """Move rows whose checksum is wrong to where a person may look at the newest of them."""
    for columns in wrong:
        connection.execute("INSERT INTO damaged_row (content) VALUES (?)", (repr(columns),))
        connection.execute("DELETE FROM row WHERE place = ?", (columns[0],))
    connection.execute(
        "DELETE FROM damaged_row WHERE number <= (SELECT max(number) FROM damaged_row) - ?",
        (_KEPT_DAMAGED_ROWS,),
    )


def forget_some(connection: Connection, spans: list[tuple[int, int]]) -> Changes:
    """Take spans off the list and delete their rows, up to what fits one commit."""
    changes: Changes = []
    room = _FORGET_ROWS
    while spans and room > 0:
        low, high = spans.pop()
        ((count, last, size),) = connection.execute(
            "SELECT count(*), max(place), sum(length(payload)) FROM "
            "(SELECT place, payload FROM row WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?)",
            (low, high, room),
        )
        if count == 0:
            continue
        connection.execute("DELETE FROM row WHERE place BETWEEN ? AND ?", (low, last))
        changes.append((lane_of(low), -count, -size))
        room -= count
        if room == 0:
            spans.append((last + 1, high))
    return changes
