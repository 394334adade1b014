"""What begins an event and what ends it. Pure.

An event has a kind and a place (``what``: a zone, a gauge, or empty for the whole picture); at most
one of a kind and place lasts at a time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from edge.wire.records.bodies import (
    CameraIntegrity,
    CrowdLevel,
    FlowLevel,
    GaugeReading,
    GaugeState,
    PictureState,
    SceneMeasures,
)
from hub.web.i18n import N_

EventBody = CameraIntegrity | SceneMeasures | GaugeReading

# The water must fall this much below its mark before the event is over: waves are no end.
FALL_M = 0.05
# The picture was bad for a while before anybody could be sure.
SURE_AFTER = timedelta(seconds=20)


class EventKind(StrEnum):
    """What an event is."""

    BLACK = "black"
    FROZEN = "frozen"
    COVERED = "covered"
    DEFOCUSED = "defocused"
    MOVED = "moved"
    SMEARED = "smeared"
    OVEREXPOSED = "over-exposed"
    FLICKERING = "flickering"
    JAM = "jam"
    CROWD = "crowd"
    WATER = "water"


WORDS: Mapping[EventKind, str] = {
    EventKind.BLACK: N_("gambar gelap"),
    EventKind.FROZEN: N_("gambar beku"),
    EventKind.COVERED: N_("kamera tertutup"),
    EventKind.DEFOCUSED: N_("gambar tidak fokus"),
    EventKind.MOVED: N_("kamera bergeser"),
    EventKind.SMEARED: N_("gambar rusak (pecah)"),
    EventKind.OVEREXPOSED: N_("gambar terlalu terang"),
    EventKind.FLICKERING: N_("gambar berkedip"),
    EventKind.JAM: N_("macet"),
    EventKind.CROWD: N_("keramaian padat"),
    EventKind.WATER: N_("air mencapai tanda siaga"),
}

TAMPER = frozenset(EventKind) - {EventKind.JAM, EventKind.CROWD, EventKind.WATER}


@dataclass(frozen=True, slots=True)
class Sign:
    """What one record says of one kind and place: it is so, or it is so no more."""

    kind: EventKind
    what: str
    is_so: bool
    at: datetime
    value: float | None = None


def signs_in(body: EventBody, at: datetime, marks: Mapping[str, float]) -> Iterator[Sign]:
    """Yield what a record says.

    Args:
        body: Of the record.
        at: When it was so.
        marks: The water level in metres from which each gauge of the camera is watched.
    """
    if isinstance(body, CameraIntegrity):
        yield from _of_picture(body.picture, at)
    elif isinstance(body, SceneMeasures):
        yield from _of_zones(body, at)
    elif body.state is GaugeState.READ and body.level_m is not None and body.gauge in marks:
        yield from _of_water(body.gauge, body.level_m, marks[body.gauge], at)


def _of_picture(picture: PictureState, at: datetime) -> Iterator[Sign]:
    # A camera without any picture is an outage; whether its lens is covered nobody knows meanwhile.
    if picture is PictureState.ABSENT:
        return
    for kind in TAMPER:
        yield Sign(kind, "", kind.value == picture.value, at)


def _of_zones(body: SceneMeasures, at: datetime) -> Iterator[Sign]:
    for zone in body.zones:
        if zone.flow not in (None, FlowLevel.UNKNOWN):
            yield Sign(EventKind.JAM, zone.zone, zone.flow is FlowLevel.JAM, at, zone.cover)
        if zone.crowd not in (None, CrowdLevel.UNKNOWN):
            yield Sign(EventKind.CROWD, zone.zone, zone.crowd is CrowdLevel.DENSE, at, zone.cover)


def _of_water(gauge: str, level_m: float, mark_m: float, at: datetime) -> Iterator[Sign]:
    if level_m >= mark_m:
        yield Sign(EventKind.WATER, gauge, True, at, level_m)
    elif level_m < mark_m - FALL_M:
        yield Sign(EventKind.WATER, gauge, False, at, level_m)


def still_before(taken: Iterable[datetime], began_at: datetime) -> datetime | None:
    """Return which still shows how it was before an event: the last one that is surely older.

    Where none is, the oldest that is older at all; ``None``: there is no older one.
    """
    older = sorted(at for at in taken if at < began_at)
    sure = [at for at in older if at <= began_at - SURE_AFTER]
    return sure[-1] if sure else (older[0] if older else None)


def still_after(taken: Iterable[datetime], began_at: datetime) -> datetime | None:
    """Return which still shows an event: the first one since it was told."""
    return min((at for at in taken if at >= began_at), default=None)
