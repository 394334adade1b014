"""From what a worker said to a row of the outbox, and back to the worker: "kept".

Only after the commit is a record accepted: then the door may beep and the acceptance log says
so. A full or failing outbox is no reason to stop: the device goes on and says so once.
"""

import logging
import os
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from edge.clock import Clock
from edge.errors import ConfigError, OutboxFullError, OutboxUnavailableError
from edge.faultpoints import FaultPoint, reach
from edge.outbox import Entry
from edge.supervision.link import Link
from edge.supervision.messages import Said, Stored
from edge.wire.messages import encode
from edge.wire.records.bodies import LANE_OF_BODY, Body, Lane

logger = logging.getLogger(__name__)

# ValueError: a body that the contract does not allow.
REFUSALS = (OutboxFullError, OutboxUnavailableError, ValueError)


class Store(Protocol):
    """What the intake needs of the outbox."""

    @property
    def epoch(self) -> str:
        """The epoch new rows belong to."""
        ...

    def append_many(self, entries: Sequence[Entry]) -> list[int]:
        """Keep all entries in one commit and return their seqs in order.

        Raises:
            OutboxFullError: no room for one of them; none was kept.
            OutboxUnavailableError: the disk refused; none was kept.
            ValueError: one of them is not what the contract allows; none was kept.
        """
        ...


@dataclass(frozen=True, slots=True)
class Statement:
    """Something to keep, and the worker that waits for the answer, if one does."""

    said: Said
    link: Link | None = None


class AcceptanceLog:
    """A line ``epoch seq crc32-of-body kind`` for each accepted record, outside the outbox.

    It is the oracle of the torture tests: what stands here has to arrive at the hub. The CRC is
    of the body's JSON as the wire carries it, in 8 hexadecimal digits.
    """

    def __init__(self, path: Path) -> None:
        """Append to ``path``.

        Raises:
            ConfigError: the file cannot be opened.
        """
        try:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise ConfigError(f"acceptance_log {path}: {error.strerror}; name a writable file") from error

    def write(self, epoch: str, accepted: Sequence[tuple[int, Body]]) -> None:
        """Write the lines of one commit, whole, so that a kill leaves no half line."""
        os.write(self._descriptor, "".join(_line(epoch, seq, body) for seq, body in accepted).encode())

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def _line(epoch: str, seq: int, body: Body) -> str:
    payload = encode(body)
    return f"{epoch} {seq} {zlib.crc32(payload):08x} {type(body).__struct_config__.tag}\n"


class Intake:
    """Keeps what was said, group by group."""

    def __init__(
        self,
        *,
        outbox: Store,
        clock: Clock,
        acceptance: AcceptanceLog | None,
        on_kept: Callable[[], None],
        tell: Callable[[Body], None] | None = None,
    ) -> None:
        """Prepare.

        Args:
            outbox: Where rows are kept.
            clock: Says how good the time of a record is.
            acceptance: Where accepted records are noted, if anywhere.
            on_kept: Called after each commit that kept something.
            tell: Called with each kept body; must not block.
        """
        self._outbox = outbox
        self._clock = clock
        self._acceptance = acceptance
        self._on_kept = on_kept
        self._tell = tell
        self._trouble = ""
        self.kept = 0
        self.refused = 0

    @property
    def trouble(self) -> str:
        """Why the outbox refused the last time; empty while it keeps everything."""
        return self._trouble

    def note(self, body: Body) -> None:
        """Keep something the agent itself has to say, now."""
        self.put(body)

    def put(self, body: Body) -> int | None:
        """Do as :meth:`note`, and return the seq; ``None`` when it was refused."""
        stamp = self._clock.now()
        seqs = self.keep([Statement(Said(body=body, at=stamp.at, mono_ns=stamp.mono_ns))])
        return seqs[0] if seqs else None

    def keep(self, statements: Sequence[Statement]) -> list[int]:
        """Keep what was said: attendance in one commit, then the rest in one; answer the workers.

        Attendance goes alone because in company it would get only the room of its company. Returns
        the seqs of what was kept.
        """
        attendance = [s for s in statements if LANE_OF_BODY[type(s.said.body)] is Lane.ATTENDANCE]
        others = [s for s in statements if LANE_OF_BODY[type(s.said.body)] is not Lane.ATTENDANCE]
        return [seq for group in (attendance, others) for seq in self._keep_together_or_each(group)]

    def _keep_together_or_each(self, group: Sequence[Statement]) -> list[int]:
        if len(group) > 1:
            try:
                return self._keep_group(group)
            except REFUSALS as error:
                # One that does not fit must not take the others with it.
                logger.debug("a group of %d was refused: %s", len(group), error)
        return [seq for statement in group for seq in self._keep_one(statement)]

    def _keep_one(self, statement: Statement) -> list[int]:
        try:
            return self._keep_group([statement])
        except REFUSALS as error:
            self.refused += 1
            _answer(statement, is_kept=False)
            if not self._trouble:
                logger.error("the outbox refuses records, the device goes on without: %s", error)
            self._trouble = str(error)
            return []

    def _keep_group(self, statements: Sequence[Statement]) -> list[int]:
        quality = self._clock.now().quality
        reach(FaultPoint.EDGE_BEFORE_APPEND, error=OutboxUnavailableError)
        seqs = self._outbox.append_many(
            [Entry(body=s.said.body, at=s.said.at, mono_ns=s.said.mono_ns, clock=quality) for s in statements]
        )
        reach(FaultPoint.EDGE_AFTER_COMMIT)
        if self._trouble:
            logger.info("the outbox keeps records again; %d were refused so far", self.refused)
            self._trouble = ""
        self.kept += len(seqs)
        if self._acceptance is not None:
            bodies = [statement.said.body for statement in statements]
            self._acceptance.write(self._outbox.epoch, list(zip(seqs, bodies, strict=True)))
        for statement in statements:
            _answer(statement, is_kept=True)
            if self._tell is not None:
                self._tell(statement.said.body)
        self._on_kept()
        return seqs


def _answer(statement: Statement, *, is_kept: bool) -> None:
    if statement.link is not None and statement.said.ticket != 0:
        statement.link.send(Stored(ticket=statement.said.ticket, is_kept=is_kept))


def tell_all(*listeners: Callable[[Body], None] | None) -> Callable[[Body], None]:
    """Return what tells each kept body to several listeners; ``None`` is nobody."""
    present = [listener for listener in listeners if listener is not None]

    def tell(body: Body) -> None:
        for listener in present:
            listener(body)

    return tell
