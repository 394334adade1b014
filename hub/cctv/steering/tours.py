"""Rounds of a camera's presets: kept, begun, and ended by the first hand that turns it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from edge.wire.messages import GoToPreset
from hub.cctv.steering.models import CameraTour
from hub.errors import NotFoundError
from hub.live.streams import CameraKey

MOST_TOURS = 12
MOST_STOPS = 32
SHORTEST_S, LONGEST_S = 5, 3600


class Stop(msgspec.Struct, frozen=True):
    """One preset of a round, and how long the camera looks there, once it was told to go."""

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    name: Annotated[str, msgspec.Meta(max_length=80)]
    dwell_s: Annotated[int, msgspec.Meta(ge=SHORTEST_S, le=LONGEST_S)]


Stops = Annotated[tuple[Stop, ...], msgspec.Meta(min_length=2, max_length=MOST_STOPS)]


class TourError(ValueError):
    """A round that cannot be kept."""


@dataclass(frozen=True, slots=True)
class Tour:
    """A round as screens and the guide see it."""

    id: int
    key: CameraKey
    name: str
    stops: tuple[Stop, ...]
    is_running: bool


def read_stops(text: str) -> tuple[Stop, ...]:
    """Return the stops in a form's JSON.

    Raises:
        TourError: they are not 2 to 32 presets of 5 to 3600 s each.
    """
    try:
        return msgspec.json.decode(text.encode(), type=Stops)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise TourError(str(error)) from error


def tours_of(db: Session, key: CameraKey) -> list[Tour]:
    """Return the rounds of a camera by name."""
    rows = db.scalars(
        select(CameraTour)
        .where(CameraTour.device == key.device, CameraTour.camera == key.camera)
        .order_by(CameraTour.name)
    )
    return [_tour(row) for row in rows]


def running_tours(db: Session) -> list[Tour]:
    """Return every round that runs now."""
    return [_tour(row) for row in db.scalars(select(CameraTour).where(CameraTour.is_running.is_(True)))]


def keep_tour(db: Session, key: CameraKey, *, name: str, stops: Sequence[Stop], now: datetime) -> None:
    """Keep a round; one of the same name is replaced.

    Raises:
        TourError: the camera has too many, or the name is empty or too long.
    """
    name = name.strip()
    if not 0 < len(name) <= 40:
        raise TourError("name")
    held = {tour.name: tour.id for tour in tours_of(db, key)}
    if name not in held and len(held) >= MOST_TOURS:
        raise TourError("too many")
    row = db.get(CameraTour, held[name]) if name in held else None
    if row is None:
        row = CameraTour(device=key.device, camera=key.camera, name=name, stops="", changed_at=now)
        db.add(row)
    row.stops, row.changed_at, row.is_running = msgspec.json.encode(list(stops)).decode(), now, False


def begin_tour(db: Session, key: CameraKey, number: int, *, now: datetime) -> Tour:
    """Begin a round, and end another one of the same camera.

    Raises:
        NotFoundError: this camera has no such round.
    """
    row = _own(db, key, number)
    stop_tours(db, key, now=now)
    row.is_running, row.changed_at = True, now
    db.flush()
    return _tour(row)


def delete_tour(db: Session, key: CameraKey, number: int) -> None:
    """Forget a round.

    Raises:
        NotFoundError: this camera has no such round.
    """
    db.delete(_own(db, key, number))


def stop_tours(db: Session, key: CameraKey, *, now: datetime) -> None:
    """End whatever round a camera makes."""
    db.execute(
        update(CameraTour)
        .where(
            CameraTour.device == key.device, CameraTour.camera == key.camera, CameraTour.is_running.is_(True)
        )
        .values(is_running=False, changed_at=now)
    )


class TourGuide:
    """Sends cameras round. What runs is in the database, so that a restart of the hub ends no round."""

    def __init__(
        self,
        *,
        read: Callable[[], Sequence[Tour]],
        tell: Callable[[str, GoToPreset], bool],
        monotonic: Callable[[], float],
    ) -> None:
        """Begin with nothing running.

        Args:
            read: Returns the rounds that run now.
            tell: Sends an order to a device; ``False`` without a connection.
            monotonic: Seconds.
        """
        self._read = read
        self._tell = tell
        self._monotonic = monotonic
        self._next: dict[int, tuple[int, float]] = {}  # tour -> (place of the next stop, when)

    def turn(self) -> None:
        """Send every camera on that has looked long enough; called twice a second."""
        now_s = self._monotonic()
        tours = {tour.id: tour for tour in self._read()}
        self._next = {number: step for number, step in self._next.items() if number in tours}
        for number, tour in tours.items():
            place, due_s = self._next.get(number, (0, now_s))
            if now_s < due_s:
                continue
            stop = tour.stops[place % len(tour.stops)]
            if self._tell(tour.key.device, GoToPreset(camera=tour.key.camera, token=stop.token)):
                self._next[number] = ((place + 1) % len(tour.stops), now_s + stop.dwell_s)


def _own(db: Session, key: CameraKey, number: int) -> CameraTour:
    row = db.get(CameraTour, number)
    if row is None or (row.device, row.camera) != tuple(key):
        raise NotFoundError(f"tour {number}")
    return row


def _tour(row: CameraTour) -> Tour:
    stops = msgspec.json.decode(row.stops.encode(), type=tuple[Stop, ...])
    return Tour(row.id, CameraKey(row.device, row.camera), row.name, stops, row.is_running)
