"""Wire messages to readings: which series a body gives. Handlers of ingest."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import nan

from sqlalchemy.orm import Session

from edge.wire.records.bodies import (
    MAX_INTEGER,
    Body,
    CameraCounts,
    DeviceHealth,
    GaugeReading,
    SceneMeasures,
    SensorReading,
)
from hub.ingest.handlers import Arrival, Handler
from hub.telemetry.camera_series import Said, say_counts, say_gauge, say_scene
from hub.telemetry.catalogue import Catalogue
from hub.telemetry.store import Channel, Reading, is_believable, ms_of_instant
from hub.telemetry.tables import TableTelemetry

HEALTH_QUANTITIES = (
    "uptime_s",
    "load",
    "memory_free_mib",
    "disk_free_mib",
    "outbox_rows",
    "outbox_bytes",
    "rejected_publishes",
    "temperature_c",
    "under_voltage",
    "had_under_voltage",
    "throttled",
    "on_battery",
    "battery_share",
    "signal_dbm",
    "gateway_answers",
    "disk_life_used_share",
)


class TelemetryKeeper:
    """The handlers of all bodies that are measurements."""

    def __init__(self, *, misdated: Handler, catalogue: Catalogue, has_feed: bool) -> None:
        """Take collaborators.

        Args:
            misdated: Takes measurements whose time is impossible, so that they are kept and not charted.
            catalogue: The process's own.
            has_feed: Whether a mirror is to be told.
        """
        self._misdated = misdated
        self._catalogue = catalogue
        self._has_feed = has_feed

    def handlers(self) -> dict[type, Handler]:
        """Return the handlers by body type."""
        return dict.fromkeys(_SAYS, self.keep)

    def keep(self, session: Session, arrivals: Sequence[Arrival]) -> None:
        """Keep measurements in the store; a handler."""
        readings: list[Reading] = []
        misdated: list[Arrival] = []
        # All records of a message came at one instant: the same object, looked at once.
        received_at, received_ms = None, 0
        for arrival in arrivals:
            if arrival.received_at is not received_at:
                received_at = arrival.received_at
                received_ms = ms_of_instant(received_at)
            at_ms = ms_of_instant(arrival.record.at)
            if is_believable(at_ms, received_ms=received_ms):
                readings.append(_reading_of(arrival, at_ms, received_ms))
            else:
                misdated.append(arrival)
        store = TableTelemetry(session, catalogue=self._catalogue, has_feed=self._has_feed)
        store.append(readings)
        self._misdated(session, misdated)


def _reading_of(arrival: Arrival, at_ms: int, received_ms: int) -> Reading:
    record = arrival.record
    channel, values = _SAYS[type(record.body)](arrival.device, record.body)
    rank = (_first_rank(arrival.epoch) + record.seq) & MAX_INTEGER
    return Reading(channel, at_ms, rank, values, received_ms)


@lru_cache(maxsize=10_000)
def _first_rank(epoch: str) -> int:
    # Epochs begin far apart, so a seq that begins again at 1 does not meet its namesake.
    return int(epoch, 16)


def _say_sensor(device: str, body: SensorReading) -> Said:
    if body.spread is None:
        return Channel(device, body.sensor, (body.quantity,)), (body.value,)
    names = (body.quantity, f"{body.quantity}.spread")
    return Channel(device, body.sensor, names), (body.value, body.spread)


def _say_health(device: str, body: DeviceHealth) -> Said:
    values = [getattr(body, name) for name in HEALTH_QUANTITIES]
    return Channel(device, "", HEALTH_QUANTITIES), tuple(
        nan if value is None else float(value) for value in values
    )


_SAYS: Mapping[type, Callable[[str, Body], Said]] = {
    CameraCounts: say_counts,  # type: ignore[dict-item]  # each is called with its own type only
    SceneMeasures: say_scene,  # type: ignore[dict-item]
    GaugeReading: say_gauge,  # type: ignore[dict-item]
    SensorReading: _say_sensor,  # type: ignore[dict-item]
    DeviceHealth: _say_health,  # type: ignore[dict-item]
}
