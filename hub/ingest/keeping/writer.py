"""The one writer: takes messages, commits a batch, and only then acknowledges it.

Whatever arrived during the last commit is the next batch. Nothing here knows what a record means.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from edge.faultpoints import FaultPoint, reach
from edge.wire.clips import PieceError
from edge.wire.messages import Online, encode
from edge.wire.topics import UpChannel, up
from hub.db import Database
from hub.ingest.handlers import Arrival, HandlerTable
from hub.ingest.health import Heartbeat
from hub.ingest.keeping import deadletter, receipts
from hub.ingest.keeping.deadletter import Letter
from hub.ingest.keeping.isolation import is_held_up, is_meeting, is_transient, keep_isolated
from hub.ingest.keeping.seen import Stream, claim
from hub.ingest.pictures import clips, stills
from hub.ingest.pictures.recent import keep_recent
from hub.ingest.presence import PresenceBook
from hub.ingest.saying import commands
from hub.ingest.saying.acks import Acknowledger
from hub.ingest.saying.desired import DesiredSender
from hub.ingest.taking.link import Link, Message
from hub.ingest.taking.sorting import Batch, Sorter, letter_for, piece_letter, still_letter

log = logging.getLogger(__name__)

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 5.0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a commit did."""

    kept: int
    duplicates: int
    buried: int


class Writer:
    """Commits batches; see the module."""

    def __init__(
        self,
        *,
        database: Database,
        link: Link,
        sorter: Sorter,
        handlers: HandlerTable,
        acknowledger: Acknowledger,
        desired: DesiredSender,
        presence: PresenceBook,
        heartbeat: Heartbeat,
        folder: Path,
        now: Callable[[], datetime],
        stop: threading.Event,
    ) -> None:
        """Take collaborators; ``folder`` holds the stills, ``stop`` ends a wait for the database."""
        self._database = database
        self._link = link
        self._sorter = sorter
        self._handlers = handlers
        self._acknowledger = acknowledger
        self._desired = desired
        self._presence = presence
        self._heartbeat = heartbeat
        self._folder = folder
        self._now = now
        self._stop = stop
        self._is_stuck = False

    def keep(self, messages: Sequence[Message]) -> None:
        """Commit messages, then acknowledge them.

        Waits for a database that is locked or full; gives up only when told to stop, and then
        nothing is acknowledged.
        """
        admitted, refused = self._sorter.admit(messages)
        self._heartbeat.refused += len(refused)
        # PUBACK frees the broker's window only; what is refused the edge sends again.
        self._link.settle(refused)
        wait_s = FIRST_WAIT_S
        while not self._stop.is_set():
            try:
                self._keep_or_split(admitted)
                self._note_unstuck()
                return
            except Exception as error:
                if not is_transient(error):
                    raise
                if is_held_up(error):
                    self._free()
                elif not is_meeting(error):
                    self._note_stuck(error)
            self._stop.wait(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def _free(self) -> None:
        try:
            ended = self._database.end_silent_transactions()
        except DBAPIError as error:
            self._note_stuck(error)
        else:
            log.warning("rows were held for too long; transactions that were ended: %d", ended)

    def _keep_or_split(self, messages: Sequence[Message]) -> None:
        batch = self._sorter.sort(messages)
        try:
            self._commit(batch)
        # An error outside the handlers is ours; which message brings it out is found by halves.
        except Exception as error:
            self._presence.forget()
            if is_transient(error) or not messages:
                raise
            if len(messages) == 1:
                self._bury_whole(messages[0], error)
            else:
                middle = len(messages) // 2
                self._keep_or_split(messages[:middle])
                self._keep_or_split(messages[middle:])
            return
        reach(FaultPoint.HUB_AFTER_COMMIT)
        self._after_commit(batch)
        self._link.settle(messages)

    def _commit(self, batch: Batch) -> None:
        with self._database.writing() as session:
            outcome = self._write(session, batch)
            reach(FaultPoint.HUB_BEFORE_COMMIT)
        self._heartbeat.records += outcome.kept
        self._heartbeat.duplicates += outcome.duplicates
        self._heartbeat.dead_letters += outcome.buried
        if outcome.kept:
            self._heartbeat.last_record_at = self._now()

    def _write(self, session: Session, batch: Batch) -> Outcome:
        now = self._now()
        letters = list(batch.letters)
        fresh = claim(session, batch.seqs())
        news = _first_of_each(batch.arrivals, fresh)
        letters += [bad.letter for bad in batch.bad if _take(fresh, bad.stream, bad.seq)]
        poisoned = keep_isolated(session, news, self._handlers)
        letters += [_letter_of(arrival, error) for arrival, error in poisoned]
        lost = {id(arrival) for arrival, _ in poisoned}
        kept = [arrival for arrival in news if id(arrival) not in lost] if lost else news
        receipts.keep_receipts(session, kept, received_at=now)
        letters += self._write_asides(session, batch, now)
        deadletter.bury(session, letters)
        return Outcome(kept=len(kept), duplicates=len(batch.arrivals) - len(news), buried=len(letters))

    def _write_asides(self, session: Session, batch: Batch, now: datetime) -> list[Letter]:
        letters = []
        self._presence.touch(session, batch.heard)
        # In one order, as the rows above: two workers wait for each other in turn and not in a ring.
        for said in sorted(batch.states, key=lambda one: one.device):
            self._presence.say(session, said.device, said.state, at=said.at)
        for answer in batch.replies:
            if not commands.note_reply(
                session,
                device=answer.device,
                correlation=answer.correlation,
                reply=answer.reply,
                now=now,
            ):
                letters.append(answer.letter)
        for picture in batch.pictures.values():
            letters += self._keep_still(session, picture)
        for piece in batch.pieces:
            letters += self._keep_piece(session, piece)
        return letters

    def _keep_piece(self, session: Session, piece: clips.ClipPiece) -> list[Letter]:
        try:
            clips.take_piece(session, self._folder, piece, worker=self._heartbeat.worker)
        except PieceError as error:
            return [piece_letter(piece, up(piece.device, UpChannel.CLIP, piece.camera), str(error))]
        except OSError as error:
            # It is asked for again; records must not wait for a video.
            log.error("a clip cannot be written below %s: %s", self._folder, error)
        return []

    def _keep_still(self, session: Session, picture: stills.Picture) -> list[Letter]:
        try:
            stills.check_still(self._folder, picture)
            stills.write_still(self._folder, picture, worker=self._heartbeat.worker)
            keep_recent(self._folder, picture, worker=self._heartbeat.worker)
        except stills.StillError as error:
            return [still_letter(picture, up(picture.device, UpChannel.STILL, picture.camera), str(error))]
        except OSError as error:
            # The next still comes in seconds; records must not wait for a picture.
            log.error("a still cannot be written below %s: %s", self._folder, error)
        else:
            stills.note_still(session, picture)
        return []

    def _after_commit(self, batch: Batch) -> None:
        for stream, seqs in batch.seqs().items():
            self._acknowledger.add(stream, seqs)
        for said in batch.states:
            if isinstance(said.state, Online):
                self._desired.born(said.device)
        for device in batch.heard:
            self._desired.heard(device)

    def _bury_whole(self, message: Message, error: Exception) -> None:
        log.exception("a message on %s brings out an error of the hub", message.topic)
        with self._database.writing() as session:
            deadletter.bury(session, [letter_for(message, "", f"{type(error).__name__}: {error}")])
        self._heartbeat.dead_letters += 1
        self._link.settle([message])

    def _note_stuck(self, error: Exception) -> None:
        # Said once: a database that is away for an hour is one event.
        if not self._is_stuck:
            log.error("nothing can be committed, nothing is acknowledged, edges keep: %s", error)
        self._is_stuck = True

    def _note_unstuck(self) -> None:
        if self._is_stuck:
            log.warning("commits succeed again")
        self._is_stuck = False


def _take(fresh: dict[Stream, set[int]], stream: Stream, seq: int) -> bool:
    is_first = seq in fresh[stream]
    fresh[stream].discard(seq)
    return is_first


def _first_of_each(arrivals: Sequence[Arrival], fresh: dict[Stream, set[int]]) -> list[Arrival]:
    return [
        arrival for arrival in arrivals if _take(fresh, (arrival.device, arrival.epoch), arrival.record.seq)
    ]


def _letter_of(arrival: Arrival, error: Exception) -> Letter:
    return Letter(
        device=arrival.device,
        topic=up(arrival.device, UpChannel.RECORDS),
        reason=f"epoch {arrival.epoch} seq {arrival.record.seq}: {type(error).__name__}: {error}",
        raw=encode(arrival.record),
        received_at=arrival.received_at,
    )
