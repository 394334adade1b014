"""Makes the pictures of the doors' screens from what doors, hub and clock say.

Called by the agent's loop only. Must not log what a picture holds: it may be a name.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from edge.clock import Clock, Stamp
from edge.config import DoorSettings
from edge.documents.keeping import KeptDocument
from edge.hadir import messages
from edge.hadir.kiosk.drawing import draw
from edge.hadir.kiosk.picture import Notice, Picture, QrCode, notice_of
from edge.hadir.kiosk.screens import Screens
from edge.supervision.happenings import WorkerState
from edge.supervision.messages import DoorScreen, Told
from edge.wire.desired import DesiredError
from edge.wire.hadir.workplace import STEP_S, WorkplaceCodeError, WorkplaceDocument
from edge.wire.messages import Desired
from edge.wire.records.bodies import ClockQuality

logger = logging.getLogger(__name__)

_NOTICE_FOR_S = 6.0


@dataclass(slots=True)
class _Shown:
    """What is known of one door."""

    settings: DoorSettings
    screen: DoorScreen = DoorScreen()  # noqa: RUF009 (frozen)
    notice: Notice | None = None
    told_at_ns: int = 0


class KioskDesk:
    """The pictures of all doors of a device."""

    def __init__(
        self,
        *,
        doors: tuple[DoorSettings, ...],
        screens: Screens,
        shelf: KeptDocument[WorkplaceDocument],
        clock: Clock,
        waiting: Callable[[], int | None],
        workers: Callable[[], tuple[WorkerState, ...]],
    ) -> None:
        """Take collaborators.

        Args:
            doors: Those with a screen.
            screens: Where pictures go.
            shelf: The key of workplace codes.
            clock: The device's.
            waiting: Records that wait while the hub is out of reach, else ``None``.
            workers: How each worker is.
        """
        self._shown = {door.id: _Shown(door) for door in doors}
        self._screens = screens
        self._shelf = shelf
        self._clock = clock
        self._waiting = waiting
        self._workers = workers
        self._numbers = 0
        self._step = -1
        self._code: QrCode | None = None

    def hear(self, door: str, message: Told | DoorScreen) -> None:
        """Show what a door says."""
        shown = self._shown.get(door)
        if shown is None:
            return
        if isinstance(message, DoorScreen):
            shown.screen = message
        else:
            self._numbers += 1
            shown.notice = notice_of(message, self._numbers)
            shown.told_at_ns = self._clock.now().mono_ns
        self._draw(shown, self._clock.now(), self._at_work())

    def desire(self, desired: Desired) -> None:
        """Take the key of workplace codes from the hub."""
        try:
            self._shelf.accept(desired)
        except (DesiredError, WorkplaceCodeError) as error:
            logger.warning("a document of the hub is not used: %s", error)
            return
        self._step = -1

    def turn(self) -> None:
        """Draw what changed by itself: the code, the footers, a message that had its time."""
        now, at_work = self._clock.now(), self._at_work()
        self._renew_code(now)
        for shown in self._shown.values():
            if shown.notice and now.mono_ns - shown.told_at_ns > _NOTICE_FOR_S * 1e9:
                shown.notice = None
            self._draw(shown, now, at_work)

    def _draw(self, shown: _Shown, now: Stamp, at_work: frozenset[str]) -> None:
        door, screen = shown.settings, shown.screen
        is_attended = door.id in at_work
        self._screens.put(
            Picture(
                door=door.id,
                is_attended=is_attended,
                is_clock_known=screen.is_clock_known and now.quality is not ClockQuality.UNKNOWN,
                notice=shown.notice,
                challenge=screen.challenge if is_attended else "",
                is_asking_pin=screen.is_asking_pin and is_attended,
                has_witness=door.witness,
                footers=self._footers(screen),
                code=self._code,
            )
        )

    def _footers(self, screen: DoorScreen) -> tuple[str, ...]:
        waiting = self._waiting()
        offline = () if waiting is None else (messages.offline(waiting).text,)
        return (*offline, *screen.footers)

    def _renew_code(self, now: Stamp) -> None:
        """Draw the code of this step; with a clock nobody believes it would only be refused."""
        document = self._shelf.document
        if document is None or now.quality is ClockQuality.UNKNOWN:
            self._code = None
            return
        now_s = int(now.at.timestamp())
        if now_s // STEP_S != self._step or self._code is None:
            self._step = now_s // STEP_S
            drawn = draw(document.code(now_s))
            self._code = QrCode(drawn.size, drawn.path)

    def _at_work(self) -> frozenset[str]:
        return frozenset(state.name for state in self._workers() if state.beat_age_s is not None)
