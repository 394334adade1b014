"""The outbox itself: accept, hand out for sending, forget what the hub has.

One connection under one lock, so that the agent may append while the uplink reads and forgets.
A row is accepted when ``append`` returns: it is on the disk then. Must not know MQTT.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from edge.clock import Clock
from edge.outbox.disk import Disk, LocalDisk
from edge.outbox.entry import Entry, damage_of, gap_of, incident_of, payload_of
from edge.outbox.file import Opened, OutboxFile, Sizes
from edge.outbox.guard import GuardedConnection
from edge.outbox.room import Cut, Room
from edge.outbox.row import (
    COLUMNS,
    INSERT,
    MAX_SEQ,
    Row,
    from_columns,
    lane_of,
    place_of,
    places_of_lane,
    to_columns,
)
from edge.outbox.salvage import Salvaged
from edge.outbox.upkeep import Changes, LaneStats, count, forget_some, highest_seq, keep_aside
from edge.wire.messages import Ack, encode
from edge.wire.records.bodies import LANE_OF_BODY, Body, ClockQuality, Lane

logger = logging.getLogger(__name__)

# A disk that failed is tried again this often.
_MEND_EVERY_NS = 5_000_000_000
# The least important lane decides what a new row may push out.
_IMPORTANCE = (Lane.TELEMETRY, Lane.EVENT, Lane.ATTENDANCE)


class Outbox:
    """The durable queue of one device."""

    def __init__(
        self, opened: Opened, *, sizes: Sizes, clock: Clock, open_again: Callable[[], Opened]
    ) -> None:
        """Take over an open file; use :meth:`open`."""
        self._guard = GuardedConnection(opened.connection)
        self._sizes = sizes
        self._clock = clock
        self._open_again = open_again
        self._mend_from_ns: int | None = None
        self._is_said_full = False
        self._take_over()

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        max_bytes: int,
        clock: Clock,
        disk: Disk | None = None,
        new_epoch: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> "Outbox":
        """Open the outbox at ``path``; make it with all its room, or replace a damaged one.

        Args:
            path: The file. Beside it lie its log and, after damage, ``….bad-<time>``.
            max_bytes: What file and log may take together, at least 1 MiB.
            clock: For records the outbox makes itself, and for the boot id of all.
            disk: Where files are; the machine's own by default.
            new_epoch: Makes the 16 hexadecimal digits that name a new file.

        Raises:
            OutboxUnavailableError: the disk refuses.
        """
        sizes = Sizes.of(max_bytes)
        file = OutboxFile(
            path, sizes=sizes, disk=disk or LocalDisk(), new_epoch=new_epoch, now=lambda: clock.now().at
        )
        opened = file.open()
        outbox = cls(opened, sizes=sizes, clock=clock, open_again=file.open)
        if opened.salvaged is not None:
            outbox._report(opened.salvaged)
        return outbox

    @property
    def epoch(self) -> str:
        """The name of this file's life: 16 hexadecimal digits."""
        return self._epoch

    def append(self, body: Body, *, at: datetime, mono_ns: int, clock: ClockQuality) -> int:
        """Accept one record; on the disk when this returns.

        Args:
            body: What was seen.
            at: When, UTC.
            mono_ns: The same on the monotonic clock.
            clock: How good the wall clock was then.

        Returns:
            The seq of the record in :attr:`epoch`.

        Raises:
            OutboxFullError: no room for this lane; nothing was accepted.
            OutboxUnavailableError: the disk refused; nothing was accepted.
            ValueError: the body is not what the contract allows, or larger than MAX_BODY_BYTES.
        """
        return self.append_many([Entry(body, at, mono_ns, clock)])[0]

    def append_many(self, entries: Sequence[Entry]) -> list[int]:
        """Accept many records in one commit: all of them, or none.

        Attendance belongs in a call of its own: in company it gets only the room of its company.

        Returns:
            Their seqs, in order.

        Raises:
            OutboxFullError: as for :meth:`append`.
            OutboxUnavailableError: as for :meth:`append`.
            ValueError: as for :meth:`append`.
        """
        if not entries:
            return []
        payloads = [payload_of(entry.body) for entry in entries]
        self._mend()
        least = min((LANE_OF_BODY[type(entry.body)] for entry in entries), key=_IMPORTANCE.index)
        with self._guard.lock:
            with self._guard.transaction():
                rows_of = {lane: stats.rows for lane, stats in self._stats.items()}
                cuts = self._room.make(least, [len(payload) for payload in payloads], rows_of=rows_of)
                gaps = [self._own_entry(gap_of(cut)) for cut in cuts]
                rows = self._insert([*gaps, *entries])
            self._note([(cut.lane, -cut.rows, -cut.payload_bytes) for cut in cuts])
            self._note([(row.lane, 1, len(row.payload)) for row in rows], rows[-1].seq)
        self._say_full(cuts)
        return [row.seq for row in rows[len(gaps) :]]

    def forget(self, ack: Ack) -> int:
        """Delete the rows that the hub has committed.

        Returns:
            How many were deleted; rows of an unknown epoch, or gone already, count nothing.

        Raises:
            OutboxUnavailableError: the disk refused; some rows may stay, which costs only a re-send.
        """
        self._mend()
        generation = self._generations.get(ack.epoch)
        if generation is None:
            return 0
        spans = [
            (place_of(lane, generation, first), place_of(lane, generation, min(last, MAX_SEQ)))
            for first, last in ack.ranges
            if first <= MAX_SEQ
            for lane in Lane
        ]
        forgotten = 0
        while spans:
            with self._guard.lock:
                with self._guard.transaction() as connection:
                    changes = forget_some(connection, spans)
                self._note(changes)
            forgotten -= sum(rows for _, rows, _ in changes)
        return forgotten

    def rows(self, lane: Lane, *, after: int = -1, until: int | None = None, limit: int) -> list[Row]:
        """Return rows of a lane, oldest first; wrong ones are set aside and never returned.

        Args:
            lane: Which lane.
            after: Only rows with a higher place.
            until: Only rows up to this place.
            limit: At most so many rows, 1 or more.

        Raises:
            OutboxUnavailableError: the disk refused.
        """
        self._mend()
        low, high = places_of_lane(lane)
        span = (max(low, after + 1), high if until is None else min(high, until), limit)
        query = f"SELECT {COLUMNS} FROM row WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?"  # noqa: S608 - constants only
        with self._guard.lock:
            while True:
                found = [(columns, from_columns(columns)) for columns in self._guard.read(query, span)]
                wrong = [columns for columns, row in found if row is None]
                if not wrong:
                    return [row for _, row in found if row is not None]
                self._set_aside(wrong)

    def newest_place(self, lane: Lane) -> int:
        """Return the highest place in use in a lane, or the lowest possible one less 1.

        Raises:
            OutboxUnavailableError: the disk refused.
        """
        low, high = places_of_lane(lane)
        with self._guard.lock:
            ((place,),) = self._guard.read(
                "SELECT max(place) FROM row WHERE place BETWEEN ? AND ?", (low, high)
            )
        return low - 1 if place is None else int(place)

    def stats(self) -> dict[Lane, LaneStats]:
        """Return what waits, by lane."""
        with self._guard.lock:
            return dict(self._stats)

    def close(self) -> None:
        """Close the file; nothing is lost without it."""
        self._guard.close()

    def _take_over(self) -> None:
        """Read where the open file stands."""
        self._room = Room(self._guard.raw, self._sizes.database_pages)
        self._generations: dict[str, int] = {}
        for generation, name, last_seq in self._guard.read(
            "SELECT generation, name, last_seq FROM epoch ORDER BY generation"
        ):
            self._generations[name] = generation
            self._epoch, self._generation, self._last_seq = str(name), int(generation), int(last_seq)
        self._last_seq = max(self._last_seq, highest_seq(self._guard, self._generation))
        self._stats = count(self._guard)

    def _mend(self) -> None:
        """Open the file again some seconds after the disk refused it; does nothing while all is well."""
        if not self._guard.is_broken:
            return
        now_ns = self._clock.now().mono_ns
        with self._guard.lock:
            if self._mend_from_ns is None:
                self._mend_from_ns = now_ns + _MEND_EVERY_NS
            if now_ns < self._mend_from_ns or not self._guard.is_broken:
                return
            self._mend_from_ns = now_ns + _MEND_EVERY_NS
            self._guard.raw.close()
            opened = self._open_again()
            self._guard.replace(opened.connection)
            self._take_over()
            self._mend_from_ns = None
        logger.warning("the outbox was opened again and keeps records")
        if opened.salvaged is not None:
            self._report(opened.salvaged)

    def _insert(self, entries: Sequence[Entry]) -> list[Row]:
        rows = []
        for seq, entry in enumerate(entries, start=self._last_seq + 1):
            lane = LANE_OF_BODY[type(entry.body)]
            row = Row(
                place=place_of(lane, self._generation, seq),
                epoch=self._epoch,
                seq=seq,
                lane=lane,
                boot_id=self._clock.boot_id,
                mono_ns=entry.mono_ns,
                at=entry.at,
                clock=entry.clock,
                payload=encode(entry.body),
            )
            rows.append(row)
        self._guard.raw.executemany(INSERT, [to_columns(row) for row in rows])
        self._guard.raw.execute(
            "UPDATE epoch SET last_seq = ? WHERE generation = ?", (rows[-1].seq, self._generation)
        )
        return rows

    def _set_aside(self, wrong: list[tuple[Any, ...]]) -> None:
        """Move rows whose checksum is wrong out of the way, and record that they are lost."""
        logger.error("%d rows of the outbox are damaged; they are set aside and reported", len(wrong))
        with self._guard.transaction() as connection:
            keep_aside(connection, wrong)
            bodies = damage_of([lane_of(columns[0]) for columns in wrong])
            rows = self._insert([self._own_entry(body) for body in bodies])
        self._note([], rows[-1].seq)
        self._stats = count(self._guard)

    def _report(self, salvaged: Salvaged) -> None:
        self.append_many([self._own_entry(incident_of(salvaged))])

    def _say_full(self, cuts: Sequence[Cut]) -> None:
        """Log the first time that rows have to leave; how many, the gap records tell."""
        if cuts and not self._is_said_full:
            self._is_said_full = True
            logger.warning("the outbox is full: the oldest %s rows leave", cuts[0].lane)

    def _own_entry(self, body: Body) -> Entry:
        stamp = self._clock.now()
        return Entry(body, stamp.at, stamp.mono_ns, stamp.quality)

    def _note(self, changes: Changes, last_seq: int | None = None) -> None:
        """Take over what a transaction changed, once it is committed."""
        for lane, rows, size in changes:
            before = self._stats[lane]
            self._stats[lane] = LaneStats(before.rows + rows, before.payload_bytes + size)
        self._last_seq = self._last_seq if last_seq is None else last_seq
