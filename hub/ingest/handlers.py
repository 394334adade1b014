"""What a concern is given of the edge: arrivals, in the transaction that keeps them.

Imports no concern; the table from body type to handlers is put together by the composition
root and passed in. A handler must not commit, and must not acknowledge: that follows.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from edge.wire.messages import Record

# A record that comes later than this is history: it is kept, and raises no live alarm.
LATE_AFTER = timedelta(minutes=5)


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """One record as it reached the hub, for the first time.

    ``device`` is from the topic, hence from the certificate. ``body_crc32`` is that of the body's
    JSON bytes as they were sent. ``is_late``: received more than ``LATE_AFTER`` after ``record.at``.
    """

    device: str
    epoch: str
    record: Record
    received_at: datetime
    is_late: bool
    body_crc32: int = 0

    @property
    def at(self) -> datetime:
        """When it was so; what a clock that is ahead dates later than it came was so when it came."""
        return min(self.record.at, self.received_at)

    def is_older_than(self, kept_at: datetime) -> bool:
        """Return whether what is kept already is newer; a time that is still to come says nothing."""
        return self.at < kept_at <= self.received_at


Handler = Callable[[Session, Sequence[Arrival]], None]
"""Keeps arrivals of one body type in the session it is given; never commits.

Each (device, epoch, seq) comes exactly once. Raising means "this record cannot be kept": it goes to
the dead letters with the reason, its neighbours stay. Database errors other than a violated
constraint or an impossible value mean "not now": the whole batch is tried again.
"""

HandlerTable = Mapping[type, Sequence[Handler]]


def merge_handlers(
    *, base: Mapping[type, Sequence[Handler]], added: Mapping[type, Handler], fallback: Handler
) -> dict[type, tuple[Handler, ...]]:
    """Put the table together: those of ``base`` first, then the concern's own.

    Args:
        base: What ingest always does with a body type; may be empty for a type.
        added: One more handler for a body type, of a concern.
        fallback: Takes every type that nobody else takes, so that nothing is acknowledged unkept.
    """
    table: dict[type, tuple[Handler, ...]] = {}
    for body_type in {**base, **added}:
        handlers = tuple(base.get(body_type, ()))
        if body_type in added:
            handlers += (added[body_type],)
        table[body_type] = handlers or (fallback,)
    return table


def dispatch(session: Session, arrivals: Sequence[Arrival], table: HandlerTable) -> None:
    """Give arrivals to the handlers of their body types, in the order they came.

    Raises:
        KeyError: a body type has no handler; the table of the process is incomplete.
    """
    by_type: dict[type[Any], list[Arrival]] = {}
    for arrival in arrivals:
        by_type.setdefault(type(arrival.record.body), []).append(arrival)
    for body_type, group in by_type.items():
        for handler in table[body_type]:
            handler(session, group)
