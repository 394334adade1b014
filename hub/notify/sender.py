"""Sends what waits in the outbox: each message claimed, tried, tried again later, given up at last.

Runs in a thread of its own: a mail server that does not answer must not hold up records.
"""

import logging
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from hub.db import Database
from hub.notify.channels.port import Message, MessageChannel, SendError
from hub.notify.models import OutboxMessage
from hub.notify.rules import pause_before
from hub.notify.service import Channel, State, forget_old

log = logging.getLogger(__name__)

MOST_AT_ONCE = 20
# More than any try takes: a webhook is cut off, a mail server has 15 s to connect (apprise 1.9, 2025).
LONGEST_TRY = timedelta(seconds=30)
# Longer than all tries of a pass. Who died in the middle of one is followed by the next after this.
CLAIMED_FOR = MOST_AT_ONCE * LONGEST_TRY


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this process sends now."""

    channel: Channel
    tries: int
    message: Message


class Sender:
    """One pass over the outbox."""

    def __init__(
        self,
        *,
        database: Database,
        channels: Mapping[Channel, MessageChannel],
        address: str,
        most_tries: int,
        now: Callable[[], datetime],
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take collaborators.

        Args:
            database: With the outbox.
            channels: Those that are set up; messages of others are given up, with that reason.
            address: How people reach this hub, or empty.
            most_tries: After so many failures a message is given up.
            now: The clock.
            chance: Random numbers from 0 to 1.
        """
        self._database = database
        self._channels = channels
        self._address = address
        self._most_tries = most_tries
        self._now = now
        self._chance = chance

    def __call__(self) -> int:
        """Try everything that is due, and return how many messages were tried."""
        tried = 0
        for claim in self._claim():
            self._try(claim)
            tried += 1
        return tried

    def forget(self) -> None:
        """Delete what is old."""
        with self._database.writing() as db:
            forget_old(db, now=self._now())

    def _claim(self) -> list[Claim]:
        now = self._now()
        is_due = (OutboxMessage.state == State.WAITING, OutboxMessage.next_at <= now)
        with self._database.reading() as db:
            if db.scalars(select(OutboxMessage.id).where(*is_due).limit(1)).first() is None:
                return []
        with self._database.writing() as db:
            query = select(OutboxMessage).where(*is_due).order_by(OutboxMessage.next_at, OutboxMessage.id)
            rows = db.scalars(query.limit(MOST_AT_ONCE).with_for_update(skip_locked=True)).all()
            for row in rows:
                row.next_at = now + CLAIMED_FOR
                row.tries += 1
            return [Claim(Channel(row.channel), row.tries, self._message(row)) for row in rows]

    def _message(self, row: OutboxMessage) -> Message:
        link = f"{self._address}{row.link}" if self._address and row.link else ""
        return Message(row.id, row.address, row.subject, row.text, link)

    def _try(self, claim: Claim) -> None:
        channel = self._channels.get(claim.channel)
        try:
            if channel is None:
                raise SendError(f"saluran {claim.channel} belum diatur di [notify] hub.toml", is_final=True)
            channel.send(claim.message)
        except SendError as error:
            self._note_failure(claim, error)
            return
        with self._database.writing() as db:
            row = db.get_one(OutboxMessage, claim.message.number)
            row.state, row.sent_at, row.error = State.SENT, self._now(), ""

    def _note_failure(self, claim: Claim, error: SendError) -> None:
        now = self._now()
        is_dead = error.is_final or claim.tries >= self._most_tries
        if is_dead:
            log.error("message %d is given up: %s", claim.message.number, error)
        with self._database.writing() as db:
            row = db.get_one(OutboxMessage, claim.message.number)
            row.error = str(error)[:300]
            row.state = State.DEAD if is_dead else State.WAITING
            row.next_at = now if is_dead else now + pause_before(claim.tries, self._chance())


class Background:
    """Runs something in a thread whenever it is called, one run at a time; a failure is logged."""

    def __init__(self, name: str, act: Callable[[], object]) -> None:
        """Take what to run; nothing runs yet."""
        self._name = name
        self._act = act
        self._thread: threading.Thread | None = None

    def __call__(self) -> None:
        """Start a run unless one is under way."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Wait for the run that is under way."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._act()
        except Exception:  # the outermost call of this thread: the next run tries again
            log.exception("%s stumbled", self._name)
