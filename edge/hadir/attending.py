"""The loop of one door: frames and the agent's answers in, scans and messages out.

Nothing is decided here; it only carries things between camera, decoder, door, feedback, agent.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from multiprocessing.connection import Connection, wait

from edge.cameras.port import CameraError
from edge.clock import Clock, Stamp
from edge.hadir.answers import Answer, Report, Store, Tell
from edge.hadir.door import Door
from edge.hadir.feedback import Feedback
from edge.hadir.judging.roster import RosterError, advance, decode_roster
from edge.hadir.reading.cameras import DoorCameras
from edge.hadir.reading.decode import Decoder, Reading
from edge.hadir.reading.effort import Effort, EffortKeeper
from edge.hadir.reading.grabbing import Grabbed
from edge.hadir.reading.tally import ReadingTally
from edge.supervision.messages import (
    Beat,
    DoorScreen,
    Faulted,
    LettersChanged,
    PinTyped,
    RosterChanged,
    Said,
    Stop,
    Stored,
    ToWorker,
    Witnessed,
)
from edge.wire.papers.seal import LetterError
from edge.wire.papers.trust import decode_trust

_LOG = logging.getLogger(__name__)

_BEAT_EVERY_NS = 500_000_000
_WAIT_S = 0.2
# Larger or smaller than this share of the frame's height, a code should come nearer or go away.
_SMALL_SHARE = 0.3


class Attending:
    """Runs a door until it is told to stop or a camera gives up."""

    def __init__(
        self,
        *,
        door: Door,
        cameras: DoorCameras,
        decoders: Sequence[Decoder],
        feedback: Feedback,
        clock: Clock,
        pipe: Connection,
        woken: Connection,
        tally: ReadingTally,
        effort: EffortKeeper,
        temperature_c: Callable[[], float | None],
    ) -> None:
        """Set up.

        Args:
            door: Decides.
            cameras: Of the door; begun and ended here.
            decoders: One a camera, in the same order.
            feedback: Tells people.
            clock: Stamps scans.
            pipe: To the agent.
            woken: Has a byte whenever a grabber has something.
            tally: Counts how well the door reads.
            effort: Decides how hard decoders try.
            temperature_c: Of the processor, if it can be told.
        """
        self._tally = tally
        self._effort = effort
        self._temperature_c = temperature_c
        self._door = door
        self._cameras = cameras
        self._decoders = decoders
        self._feedback = feedback
        self._clock = clock
        self._pipe = pipe
        self._woken = woken
        self._frames = 0
        self._beat_ns = 0
        self._screen: DoorScreen | None = None
        self._is_stopped = False

    def run(self) -> None:
        """Attend to the door.

        Raises:
            BrokenPipeError: the agent is gone.
            EOFError: likewise.
        """
        self._cameras.begin(self._mono_s())
        while not self._is_stopped:
            ready = wait([self._pipe, self._woken], timeout=_WAIT_S)
            if self._pipe in ready:
                self._hear(self._pipe.recv())
                continue  # an answer of the agent lets a waiting person go: it comes before frames
            if self._woken in ready:
                self._woken.recv_bytes()
            if not self._look():
                return
            now = self._clock.now()
            self._carry_out(self._door.tick(now))
            self._report_reading(now)
            self._show(now)

    def _report_reading(self, now: Stamp) -> None:
        """Once a minute, say how well the door reads, and take the temperature."""
        is_reduced = self._effort.effort is not Effort.FULL
        report = self._tally.due(now.mono_ns / 1e9, is_reduced=is_reduced)
        if report is not None:
            self._carry_out([Report(report)])
            self._effort.feel(self._temperature_c())

    def _show(self, now: Stamp) -> None:
        """Tell the agent what stands on the screen, when that changes."""
        screen = DoorScreen(
            challenge=self._door.challenge(now) or "",
            footers=tuple(footer.text for footer in self._door.footers(now)),
            is_asking_pin=self._door.is_asking_pin,
            is_clock_known=self._door.is_clock_known(now),
        )
        if screen != self._screen:
            self._screen = screen
            self._pipe.send(screen)

    def _hear(self, message: ToWorker) -> None:
        match message:
            case Stored(ticket=ticket, is_kept=is_kept):
                self._carry_out(self._door.stored(ticket, is_kept=is_kept, now=self._clock.now()))
            case RosterChanged(version=version, plain=plain):
                self._use_roster(version, plain)
            case LettersChanged(version=version, plain=plain):
                self._use_letters(version, plain)
            case PinTyped(digits=digits):
                self._carry_out(self._door.enter_pin(digits, self._clock.now()))
            case Witnessed():
                self._carry_out(self._door.witness(self._clock.now()))
            case Stop():
                self._is_stopped = True
            case _:
                _LOG.debug("a door has nothing to do with %s", type(message).__name__)

    def _use_roster(self, version: int, plain: bytes) -> None:
        try:
            self._door.roster = advance(self._door.roster, decode_roster(plain))
        except RosterError as error:
            _LOG.error("roster %d is not used: %s", version, error)
            return
        _LOG.info("roster %d is in force, %d phones", version, len(self._door.roster.entries))

    def _use_letters(self, version: int, plain: bytes) -> None:
        try:
            self._door.letters = decode_trust(plain)
        except LetterError as error:
            _LOG.error("list of letters %d is not used: %s", version, error)

    def _look(self) -> bool:
        """Read what waits; return whether to go on."""
        try:
            waiting = self._cameras.take(self._mono_s())
        except CameraError as error:
            self._pipe.send(Faulted(fault=error.fault, detail=str(error)))
            return False
        self._carry_out(Report(incident) for incident in self._cameras.news())
        for grabbed in waiting:
            self._read(grabbed)
        return True

    def _mono_s(self) -> float:
        return self._clock.now().mono_ns / 1e9

    def _read(self, grabbed: Grabbed) -> None:
        now = self._clock.now()
        decoder = self._decoders[grabbed.camera]
        decoder.effort = self._effort.effort
        reading = decoder.read(grabbed.luma, now.mono_ns / 1e9)
        after_s = self._mono_s()
        took_s = after_s - now.mono_ns / 1e9
        self._tally.note(reading, took_s)
        if not reading.is_skipped:
            self._effort.spent(took_s, after_s)
        self._present(reading)
        self._frames += 1
        if now.mono_ns - self._beat_ns >= _BEAT_EVERY_NS:
            self._beat_ns = now.mono_ns
            self._pipe.send(Beat(frames=self._frames, pts_s=grabbed.pts_s))

    def _present(self, reading: Reading) -> None:
        now = self._clock.now()
        for text in reading.texts:
            self._carry_out(self._door.present(text, now))
        if reading.has_oversized:
            self._carry_out(self._door.foreign(now))
        if reading.unreadable_share is not None:
            is_too_small = reading.unreadable_share < _SMALL_SHARE
            self._carry_out(self._door.unreadable(now, is_too_small=is_too_small))

    def _carry_out(self, answers: Iterable[Answer]) -> None:
        for answer in answers:
            match answer:
                case Tell(message=message):
                    self._feedback.tell(message)
                case Store(ticket=ticket, scan=scan, at=at, mono_ns=mono_ns):
                    self._pipe.send(Said(body=scan, at=at, mono_ns=mono_ns, ticket=ticket))
                case Report(body=body):
                    now = self._clock.now()
                    self._pipe.send(Said(body=body, at=now.at, mono_ns=now.mono_ns))
