"""One set-up by phone, from the access point's opening to its end: enrolled, or time is over.

The access point is closed while a network is tried (one radio does one thing), and comes back with
the reason when it did not work. Must not outlive the enrolment.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from edge.setup_by_phone.desk import SetUpDesk
from edge.setup_by_phone.radio import HeardNetwork, Radio, RadioError
from edge.setup_by_phone.trying import Outcome, Trying
from edge.setup_by_phone.wishes import Wish
from edge.wire.joining.phone import AccessPoint

logger = logging.getLogger(__name__)

# Time for the phone to fetch the page that says what happens next.
LEAVE_S = 4.0
READ_S = 30.0
_LOOK_S = 1.0


@dataclass(frozen=True, slots=True)
class Session:
    """The device's side.

    ``is_over`` says whether somebody else enrolled the device meanwhile; ``sleep`` waits seconds.
    """

    radio: Radio
    point: AccessPoint
    desk: SetUpDesk
    trying: Trying
    is_over: Callable[[], bool]
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def run(self, for_s: float) -> Outcome | None:
        """Serve for so many seconds after the last try; return the good outcome, ``None`` without one.

        Raises:
            RadioError: there is no access point to be had.
        """
        try:
            self._open("")
            ends_at_s = self.monotonic() + for_s
            while self.monotonic() < ends_at_s and not self.is_over():
                wish = self.desk.next_wish(_LOOK_S)
                if wish is None:
                    continue
                outcome = self._try(wish)
                if outcome.enrolled is not None:
                    return outcome
                ends_at_s = self.monotonic() + for_s
            return None
        finally:
            self.radio.close()

    def _try(self, wish: Wish) -> Outcome:
        if wish.wifi is not None:
            self.sleep(LEAVE_S)
        outcome = self.trying.attempt(wish)
        logger.info("set-up by phone: %s", "enrolled" if outcome.enrolled else "a try failed")
        if outcome.enrolled is not None:
            self.desk.finish(outcome.text)
            if wish.wifi is None:
                self.desk.wait_until_read(READ_S)
        elif wish.wifi is not None:
            self._open(outcome.text)
        else:
            self.desk.show(self.desk.shown.networks, outcome.text)
        return outcome

    def _open(self, text: str) -> None:
        self.desk.show(self._heard(), text)
        self.radio.open(self.point)

    def _heard(self) -> tuple[HeardNetwork, ...]:
        try:
            return self.radio.scan()
        except RadioError as error:
            # The name can be typed as well.
            logger.warning("%s", error)
            return ()
