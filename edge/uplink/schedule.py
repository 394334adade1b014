"""Which rows to publish next, and when to publish them again.

Live rows go first and the backlog drains beside them in small helpings, so that a value of now
is not queued behind three days of old ones. What was published stays in the outbox until the
hub acknowledges it; a hub that is silent is asked by one message at a time, not by a flood.
No I/O but reading rows; the present comes in as an argument, in monotonic seconds.
"""

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from edge.outbox import Row
from edge.uplink.batches import Batch, pack
from edge.uplink.sent import Limits, Sent
from edge.wire.messages import MAX_BATCH_RECORDS, MAX_RECORDS_BYTES, Ack
from edge.wire.records.bodies import Lane

_IMPORTANCE = (Lane.ATTENDANCE, Lane.EVENT, Lane.TELEMETRY)
# After so many live messages in a row the backlog gets one in.
_LIVE_RUN = 8
_SMALLEST_BACKLOG_BYTES = 4_096
_SLOW_PUBLISH_S = 1.0
_FAST_PUBLISH_S = 0.3


class RowSource(Protocol):
    """What the schedule needs of the outbox."""

    def rows(self, lane: Lane, *, after: int = -1, until: int | None = None, limit: int) -> list[Row]:
        """Return rows of a lane, oldest first."""
        ...

    def newest_place(self, lane: Lane) -> int:
        """Return the highest place in use in a lane."""
        ...


@dataclass(slots=True)
class _Cursor:
    """How far one lane was read: live up to ``live_after``, the backlog in ``segments``."""

    live_after: int
    segments: deque[list[int]] = field(default_factory=deque)


class Schedule:
    """The order of messages of one device. Used by one thread."""

    def __init__(self, source: RowSource, *, chance: random.Random, limits: Limits | None = None) -> None:
        """Begin without a connection.

        Args:
            source: Where the rows are.
            chance: For the jitter of re-sends.
            limits: How much may be under way.
        """
        self._source = source
        self._chance = chance
        self._limits = limits or Limits()
        self._cursors: dict[Lane, _Cursor] = {}
        self._sent: dict[int, Sent] = {}
        self._ticket = 0
        self._window = 0
        self._live_run = 0
        self._round_trip_s: float | None = None
        self._last_ack_at_s = 0.0
        self._probe_at_s: float | None = None
        self._probe_wait_s = 0.0
        self._backlog_bytes = MAX_RECORDS_BYTES

    @property
    def is_hub_silent(self) -> bool:
        """Whether the hub owes an acknowledgement and has said nothing since."""
        return self._probe_at_s is not None

    @property
    def unacknowledged(self) -> int:
        """How many messages are published and not yet acknowledged by the hub."""
        return len(self._sent)

    @property
    def has_room(self) -> bool:
        """Whether the window has room left by records, and the hub is there to hear more."""
        under_way = sum(not sent.is_released for sent in self._sent.values())
        return under_way < self._window and not self.is_hub_silent

    def connect(self, *, now_s: float, receive_maximum: int) -> None:
        """Begin with a fresh connection: whatever is in the outbox now is backlog.

        Args:
            now_s: The present.
            receive_maximum: How many QoS 1 messages the broker takes at a time.
        """
        self._sent.clear()
        self._window = min(self._limits.window, receive_maximum)
        self._last_ack_at_s = now_s
        self._probe_at_s = None
        self._cursors = {}
        for lane in _IMPORTANCE:
            newest = self._source.newest_place(lane)
            self._cursors[lane] = _Cursor(newest, deque([[-1, newest]]))

    def next(self, *, now_s: float) -> tuple[int, Batch] | None:
        """Choose what to publish now, and count it as published.

        Returns:
            A ticket for :meth:`release` and the batch; ``None`` when nothing is due or may go out.
        """
        if sum(not sent.is_released for sent in self._sent.values()) >= self._window:
            return None
        self._notice_silence(now_s)
        if self.is_hub_silent:
            return self._probe(now_s)
        for choose in (self._choose_resend, self._choose_new):
            found = choose(now_s)
            if found is not None:
                return found
        return None

    def release(self, ticket: int, *, now_s: float, is_heard: bool = True) -> None:
        """Note that the broker answered a publish; that frees the window only.

        Args:
            ticket: Of the publish.
            now_s: The present.
            is_heard: Whether the broker passed it on to anybody.
        """
        sent = self._sent.get(ticket)
        if sent is None:
            return
        sent.is_released, sent.is_unheard = True, not is_heard
        if self._probe_at_s is not None and not is_heard:
            self._probe_wait_s = min(self._probe_wait_s, self._limits.unheard_probe_s)
            self._probe_at_s = min(
                self._probe_at_s, now_s + self._probe_wait_s * self._chance.uniform(1.0, 1.5)
            )
        if sent.is_backlog:
            self._adapt(now_s - sent.sent_at_s)

    def acknowledge(self, ack: Ack, *, now_s: float) -> None:
        """Note what the hub has committed."""
        was_silent = self.is_hub_silent
        self._last_ack_at_s = now_s
        self._probe_at_s = None
        for ticket, sent in list(self._sent.items()):
            if sent.batch.epoch != ack.epoch:
                continue
            sent.note(ack)
            if not sent.remaining:
                del self._sent[ticket]
                self._measure(now_s - sent.first_sent_at_s)
            elif was_silent:
                sent.due_at_s = now_s + (0.0 if sent.is_unheard else self._timeout_s(0))
        if was_silent:
            self._turn_pile_into_backlog()

    def wait_s(self, *, now_s: float) -> float | None:
        """Return how long nothing can become due by itself; ``None`` is for ever."""
        if self._probe_at_s is not None:
            return max(self._probe_at_s - now_s, 0.0)
        if not self._sent:
            return None
        return max(min(sent.due_at_s for sent in self._sent.values()) - now_s, 0.0)

    # --- new rows ---------------------------------------------------------------------------

    def _choose_new(self, now_s: float) -> tuple[int, Batch] | None:
        for lane, is_backlog in self._order():
            batch = self._take_backlog(lane) if is_backlog else self._take_live(lane)
            if batch is not None:
                self._live_run = 0 if is_backlog else self._live_run + 1
                return self._send(batch, is_backlog=is_backlog, now_s=now_s)
        return None

    def _order(self) -> Iterator[tuple[Lane, bool]]:
        """Yield (lane, is_backlog) by importance, as far as there is room for it."""
        has_room = len(self._sent) < self._limits.unacknowledged
        may_drain = self._may_drain()
        yield from ((Lane.ATTENDANCE, False),) if has_room else ()
        yield from ((Lane.ATTENDANCE, True),) if may_drain else ()
        backlog = [(lane, True) for lane in _IMPORTANCE[1:]] if may_drain else []
        live = [(lane, False) for lane in _IMPORTANCE[1:]] if has_room else []
        yield from [*backlog, *live] if self._live_run >= _LIVE_RUN else [*live, *backlog]

    def _may_drain(self) -> bool:
        backlog = [sent for sent in self._sent.values() if sent.is_backlog]
        under_way = sum(not sent.is_released for sent in backlog)
        return under_way < self._limits.backlog_window and len(backlog) < self._limits.unacknowledged_backlog

    def _take_live(self, lane: Lane) -> Batch | None:
        cursor = self._cursors[lane]
        rows = self._source.rows(lane, after=cursor.live_after, limit=MAX_BATCH_RECORDS)
        if not rows:
            return None
        batch = pack(rows)
        cursor.live_after = batch.last_place
        return batch

    def _take_backlog(self, lane: Lane) -> Batch | None:
        segments = self._cursors[lane].segments
        while segments:
            after, until = segments[0]
            rows = self._source.rows(lane, after=after, until=until, limit=MAX_BATCH_RECORDS)
            if rows:
                batch = pack(rows, max_bytes=self._backlog_bytes)
                segments[0][0] = batch.last_place
                return batch
            segments.popleft()
        return None

    def _turn_pile_into_backlog(self) -> None:
        """What came while the hub was silent is no longer of now."""
        for lane, cursor in self._cursors.items():
            newest = self._source.newest_place(lane)
            if newest > cursor.live_after:
                cursor.segments.append([cursor.live_after, newest])
                cursor.live_after = newest

    def _adapt(self, publish_s: float) -> None:
        """Keep one helping of backlog short in time: on a thin link it delays the live rows."""
        if publish_s > _SLOW_PUBLISH_S:
            self._backlog_bytes = max(self._backlog_bytes // 2, _SMALLEST_BACKLOG_BYTES)
        elif publish_s < _FAST_PUBLISH_S:
            self._backlog_bytes = min(self._backlog_bytes * 3 // 2, MAX_RECORDS_BYTES)

    # --- again ------------------------------------------------------------------------------

    def _notice_silence(self, now_s: float) -> None:
        if self.is_hub_silent:
            return
        if any(s.due_at_s <= now_s and s.sent_at_s >= self._last_ack_at_s for s in self._sent.values()):
            self._probe_wait_s = self._timeout_s(0)
            self._probe_at_s = now_s

    def _probe(self, now_s: float) -> tuple[int, Batch] | None:
        if self._probe_at_s is None or now_s < self._probe_at_s:
            return None
        self._probe_at_s = now_s + self._probe_wait_s * self._chance.uniform(1.0, 1.5)
        self._probe_wait_s = min(self._probe_wait_s * 2, self._limits.longest_resend_s)
        # Any answer will do, so the smallest question.
        smallest_first = sorted(self._sent, key=lambda ticket: len(self._sent[ticket].batch.payload))
        found = self._resend_first_of(smallest_first, now_s)
        if found is None:
            self._probe_at_s = None
        return found

    def _choose_resend(self, now_s: float) -> tuple[int, Batch] | None:
        return self._resend_first_of(
            [ticket for ticket, sent in self._sent.items() if sent.due_at_s <= now_s], now_s
        )

    def _resend_first_of(self, tickets: list[int], now_s: float) -> tuple[int, Batch] | None:
        for ticket in tickets:
            sent = self._sent.pop(ticket)
            batch = self._repack(sent)
            if batch is not None:
                return self._send(batch, is_backlog=sent.is_backlog, now_s=now_s, before=sent)
        return None

    def _repack(self, sent: Sent) -> Batch | None:
        """Read again what the hub has not acknowledged; ``None`` when all of it is gone."""
        batch = sent.batch
        rows = self._source.rows(
            batch.lane, after=batch.first_place - 1, until=batch.last_place, limit=MAX_BATCH_RECORDS
        )
        rows = [row for row in rows if row.seq in sent.remaining]
        return pack(rows) if rows else None

    def _send(
        self, batch: Batch, *, is_backlog: bool, now_s: float, before: Sent | None = None
    ) -> tuple[int, Batch]:
        attempts = 0 if before is None else before.attempts + 1
        self._ticket += 1
        self._sent[self._ticket] = Sent(
            batch=batch,
            is_backlog=is_backlog,
            remaining=set(batch.seqs),
            first_sent_at_s=now_s if before is None else before.first_sent_at_s,
            sent_at_s=now_s,
            due_at_s=now_s + self._timeout_s(attempts),
            attempts=attempts,
        )
        return self._ticket, batch

    def _measure(self, round_trip_s: float) -> None:
        # From the first attempt: too long rather than too short, else a slow hub is asked for ever.
        before = self._round_trip_s
        self._round_trip_s = round_trip_s if before is None else 0.8 * before + 0.2 * round_trip_s

    def _timeout_s(self, attempts: int) -> float:
        first_s = max(self._limits.first_resend_s, 2 * (self._round_trip_s or 0.0))
        grown_s: float = min(first_s * 2.0**attempts, self._limits.longest_resend_s)
        return grown_s * self._chance.uniform(1.0, 1.5)
