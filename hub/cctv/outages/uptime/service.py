"""Availability of every camera in a period, and of what cameras belong to: point, owner, city."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.cctv.outages.models import MaintenanceWindow, Outage, OutageCamera, OutageKeeping
from hub.cctv.outages.service import blind_between
from hub.cctv.outages.uptime.spans import Span, Uptime, clip, minus, reckon, union
from hub.cctv.outages.windows.service import read_windows
from hub.cctv.rules import Cause
from hub.cctv.service import CameraView, list_cameras

CameraKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CameraUptime:
    """One camera in a period."""

    view: CameraView
    uptime: Uptime
    outages: int
    by_cause: dict[Cause, float]  # seconds dark


@dataclass(frozen=True, slots=True)
class UptimeRow:
    """One line of the table: a camera, a point, an owner or the city."""

    name: str
    beside: str
    link: tuple[str, str] | None  # device and camera, for a camera's own page
    cameras: int
    uptime: Uptime
    outages: int
    by_cause: dict[Cause, float]


@dataclass(frozen=True, slots=True)
class StripPart:
    """One part of a strip: ``begin`` and ``width`` are shares of it, ``kind`` is how it was."""

    kind: str  # up, down, maintenance, unknown
    begin: float
    width: float
    span: Span


def month_of(day: date, zone: ZoneInfo) -> Span:
    """Return the month of a day, from its first midnight to the next one's."""
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, time(), zone), datetime.combine(after, time(), zone)


def availability(db: Session, begin: datetime, end: datetime, now: datetime) -> list[CameraUptime]:
    """Return how each camera of the inventory was in a period.

    Args:
        db: Any session.
        begin: Of the period; nothing is known from before the keeper's first turn.
        end: Of the period; what lies ahead does not count.
        now: The present.
    """
    begin, end = max(begin, _known_since(db, now)), min(end, now)
    if end <= begin:
        return [CameraUptime(view, Uptime(), 0, {}) for view in list_cameras(db, now)]
    rows = _rows_between(db, begin, end)
    windows = read_windows(db, begin, end)
    blind = blind_spans(db, begin, end, now)
    found = []
    for view in list_cameras(db, now):
        held = rows.get((view.device, view.camera), [])
        announced = windows.of(view.site_id, view.device, view.camera)
        found.append(_camera(view, held, list(announced), blind, begin, end))
    return found


def _camera(
    view: CameraView,
    held: Sequence[tuple[OutageCamera, Outage]],
    windows: Sequence[MaintenanceWindow],
    blind: Sequence[Span],
    begin: datetime,
    end: datetime,
) -> CameraUptime:
    announced = [(row.begins_at, row.ends_at) for row in windows]

    def reckoned(rows: Iterable[tuple[OutageCamera, Outage]]) -> Uptime:
        down = [(row.began_at, row.ended_at) for row, _ in rows]
        return reckon(begin, end, down=down, maintenance=announced, blind=blind)

    causes = {Cause(outage.cause) for _, outage in held}
    return CameraUptime(
        view=view,
        uptime=reckoned(held),
        outages=len({outage.id for _, outage in held}),
        by_cause={
            cause: reckoned([pair for pair in held if pair[1].cause == cause]).down_s for cause in causes
        },
    )


def _known_since(db: Session, now: datetime) -> datetime:
    """Return since when outages are kept; before that nobody knows anything."""
    first = db.scalar(select(OutageKeeping.began_at))
    return now if first is None else first


def _rows_between(
    db: Session, begin: datetime, end: datetime
) -> dict[CameraKey, list[tuple[OutageCamera, Outage]]]:
    query = (
        select(OutageCamera, Outage)
        .join(Outage, Outage.id == OutageCamera.outage)
        .where(
            OutageCamera.is_dark.is_(True),
            OutageCamera.began_at < end,
            or_(OutageCamera.ended_at.is_(None), OutageCamera.ended_at > begin),
        )
    )
    found: dict[CameraKey, list[tuple[OutageCamera, Outage]]] = defaultdict(list)
    for row, outage in db.execute(query):
        found[row.device, row.camera].append((row, outage))
    return found


def blind_spans(db: Session, begin: datetime, end: datetime, now: datetime) -> list[Span]:
    """Return when the hub could not know, the present included when its keeper stands still."""
    spans: list[tuple[datetime, datetime | None]] = [
        (row.began_at, row.ended_at) for row in blind_between(db, begin, end)
    ]
    turned_at = db.scalar(select(OutageKeeping.turned_at))
    if turned_at is not None and now - turned_at > timedelta(minutes=1):
        spans.append((turned_at, None))
    return union(clip(spans, begin, end))


def in_groups(cameras: Sequence[CameraUptime], by: str) -> list[UptimeRow]:
    """Return one line a camera, point or owner, the worst first.

    Args:
        cameras: Those to be shown.
        by: ``kamera``, ``titik`` or ``pemilik``.
    """
    name: Callable[[CameraUptime], tuple[str, str]] = {
        "titik": lambda one: (one.view.site, one.view.kelurahan),
        "pemilik": lambda one: (one.view.owner or "—", ""),
    }.get(by, lambda one: (one.view.name, f"{one.view.site} · {one.view.device}/{one.view.camera}"))
    groups: dict[tuple[str, str], list[CameraUptime]] = defaultdict(list)
    for one in cameras:
        groups[name(one)].append(one)
    is_camera = by not in ("titik", "pemilik")
    rows = [together(key, ones, is_camera=is_camera) for key, ones in groups.items()]
    return sorted(rows, key=lambda row: (2 if row.uptime.share is None else row.uptime.share, row.name))


def together(key: tuple[str, str], cameras: Sequence[CameraUptime], *, is_camera: bool = False) -> UptimeRow:
    """Return several cameras as one line."""
    by_cause: dict[Cause, float] = defaultdict(float)
    for one in cameras:
        for cause, down_s in one.by_cause.items():
            by_cause[cause] += down_s
    first = cameras[0].view if cameras and is_camera else None
    return UptimeRow(
        name=key[0],
        beside=key[1],
        link=None if first is None else (first.device, first.camera),
        cameras=len(cameras),
        uptime=sum((one.uptime for one in cameras), Uptime()),
        outages=sum(one.outages for one in cameras),
        by_cause=dict(by_cause),
    )


def strip_of(db: Session, view: CameraView, begin: datetime, end: datetime, now: datetime) -> list[StripPart]:
    """Return how a camera was in a period, part by part; what is ahead is missing."""
    known = max(begin, _known_since(db, now))
    last = min(end, now)
    held = _rows_between(db, begin, last).get((view.device, view.camera), [])
    windows = read_windows(db, begin, last).of(view.site_id, view.device, view.camera)
    before: list[Span] = [(begin, min(known, last))] if known > begin else []
    unknown = union([*blind_spans(db, begin, last, now), *before])
    layers: list[tuple[str, list[Span]]] = [
        ("up", minus([(begin, last)] if begin < last else [], unknown)),
        ("unknown", unknown),
        ("down", union(clip([(row.began_at, row.ended_at) for row, _ in held], begin, last))),
        ("maintenance", union(clip([(row.begins_at, row.ends_at) for row in windows], begin, last))),
    ]
    whole = (end - begin).total_seconds()
    return [
        StripPart(
            kind,
            round((first - begin).total_seconds() / whole, 5),
            round((until - first).total_seconds() / whole, 5),
            (first, until),
        )
        for kind, spans in layers
        for first, until in spans
    ]
