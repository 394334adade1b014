"""Everything the agent's loop needs of health: causes for dark cameras, the supply, silences.

Holds the parts together; decides nothing itself and never waits: the prober's thread does.
"""

from collections.abc import Callable
from datetime import datetime

from edge.clock import Clock
from edge.health.causes.absence import LIFE_EVERY_S, AbsenceWatch, Moment
from edge.health.causes.life import Life, LifeFile
from edge.health.causes.outages import Outages
from edge.health.causes.power_watch import Gasp, PowerWatch
from edge.health.probing.prober import Prober
from edge.health.probing.surroundings import Surroundings
from edge.wire.messages import Offline, OfflineReason, Online, State
from edge.wire.records.bodies import Body, CameraIntegrity


class HealthWatch:
    """One for a device; the agent's loop owns it."""

    def __init__(
        self,
        *,
        outages: Outages,
        prober: Prober,
        absence: AbsenceWatch,
        power: PowerWatch,
        life_file: LifeFile,
        clock: Clock,
        is_connected: Callable[[], bool],
        kept: Callable[[], int],
        say: Callable[[State], bool],
        birth: Callable[[], Online],
    ) -> None:
        """Take the parts; nothing runs yet.

        Args:
            outages: Follows the cameras.
            prober: Asks the surroundings.
            absence: Follows the link to the hub.
            power: Follows the supply.
            life_file: What is left for the next start.
            clock: Of the device.
            is_connected: Whether the broker is reached.
            kept: How many records were kept so far.
            say: Publishes a state now, past all queues; returns whether there was a connection.
            birth: Makes what takes a last gasp back.
        """
        self._outages = outages
        self._prober = prober
        self._absence = absence
        self._life_file = life_file
        self._clock = clock
        self._is_connected = is_connected
        self._kept = kept
        self._say = say
        self._birth = birth
        self._power = power
        self._gasp_to_say = Gasp.NOTHING
        self._life: Life | None = None
        self._connected_at: datetime | None = None
        self._connected_uptime_s: float | None = None

    @property
    def surroundings(self) -> Surroundings:
        """The newest that is known of the point."""
        return self._prober.surroundings

    def start(self) -> None:
        """Begin to ask."""
        self._prober.start()

    def stop(self) -> None:
        """End in order, and leave word of that."""
        self._prober.stop()
        self._leave_life(is_stopped=True)

    def label(self, body: Body, now_s: float) -> Body:
        """Return a camera's record with its cause, if there is one already; others as they are."""
        if not isinstance(body, CameraIntegrity):
            return body
        return self._outages.heard(body, now_s=now_s, surroundings=self.surroundings)

    def step(self, now_s: float) -> list[Body]:
        """Return what is to be recorded now; call it every turn."""
        for camera in self._outages.due(now_s):
            self._prober.ask(camera)
        for findings in self._prober.take():
            self._outages.found(findings)
        bodies: list[Body] = [*self._outages.verdicts(now_s=now_s, surroundings=self.surroundings)]
        bodies += self._watch_power(now_s)
        returned = self._watch_link()
        return bodies if returned is None else [*bodies, returned]

    def _watch_power(self, now_s: float) -> list[Body]:
        around = self.surroundings
        news = self._power.step(now_s=now_s, ups=around.ups, is_under_voltage=around.is_under_voltage)
        if news.gasp is not Gasp.NOTHING:
            self._gasp_to_say = news.gasp
            self._leave_life()
        if self._gasp_to_say is not Gasp.NOTHING and self._say(self._word(self._gasp_to_say)):
            self._gasp_to_say = Gasp.NOTHING
        return list(news.incidents)

    def _word(self, gasp: Gasp) -> State:
        if gasp is Gasp.SAY:
            return Offline(boot_id=self._clock.boot_id, reason=OfflineReason.POWER)
        return self._birth()

    def _watch_link(self) -> Body | None:
        is_connected, around = self._is_connected(), self.surroundings
        if not is_connected:
            self._absence.saw(
                is_gateway_answering=around.is_gateway_answering, is_signal_falling=around.is_signal_falling
            )
        stamp = self._clock.now()
        returned = self._absence.step(Moment(stamp, is_connected=is_connected, kept=self._kept()))
        if self._life is None or stamp.mono_ns / 1e9 - self._life.uptime_s >= LIFE_EVERY_S:
            self._leave_life()
        return returned

    def _leave_life(self, *, is_stopped: bool = False) -> None:
        if self._absence.is_first_word_due:
            return  # what was left of the last silence stays until it is explained
        stamp, around = self._clock.now(), self.surroundings
        uptime_s = stamp.mono_ns / 1e9
        if self._is_connected():
            self._connected_at, self._connected_uptime_s = stamp.at, uptime_s
        self._life = Life(
            boot_id=self._clock.boot_id,
            at=stamp.at,
            uptime_s=uptime_s,
            connected_at=self._connected_at,
            connected_uptime_s=self._connected_uptime_s,
            is_stopped=is_stopped,
            has_gasped=self._power.has_gasped,
            is_under_voltage=around.is_under_voltage,
            is_gateway_answering=around.is_gateway_answering,
            is_signal_falling=around.is_signal_falling,
        )
        self._life_file.write(self._life)
