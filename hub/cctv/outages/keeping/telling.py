"""Tells of outages: one alarm and, when it lasts, one ticket for each root cause."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.service import clear_alarm, raise_alarm
from hub.cctv.outages.facts import Scope
from hub.cctv.outages.keeping.holding import Holding
from hub.cctv.outages.keeping.looking import CityLook
from hub.cctv.outages.models import FaultTicket, Outage, OutageCamera
from hub.cctv.outages.tickets.service import close_ticket_of, hand_over_ticket, open_ticket
from hub.places.models import CameraOwner, CityCamera, Site

# Neighbours had time to follow by then, so that a point does not ring once a camera.
ALARM_AFTER = timedelta(seconds=20)
# What is over sooner needs nobody to drive there.
TICKET_AFTER = timedelta(minutes=5)
_MANY_CAMERAS = 4
# Of alarms and tickets; the others are told of in the next turn.
MOST_A_TURN = 200


def tell(db: Session, holding: Holding, city: CityLook) -> None:
    """Raise, renew and number what has lasted long enough."""
    worked_on, told = _worked_on(db, holding), 0
    for outage in holding.outages.values():
        rows = holding.open_rows(outage)
        if outage.ended_at is not None or outage.folded_into is not None or not rows:
            continue
        lasts = city.now - outage.began_at
        if lasts >= ALARM_AFTER:
            told += _ring(db, outage, rows, city)
        if lasts >= TICKET_AFTER and outage.id not in worked_on:
            open_ticket(db, outage=outage.id, owner=_owner(db, rows), now=city.now)
            told += 1
        if told >= MOST_A_TURN:
            return


def _worked_on(db: Session, holding: Holding) -> set[int]:
    """Return the outages whose ticket is open: asked once a turn, not once an outage."""
    if not holding.outages:
        return set()
    query = select(FaultTicket.outage).where(FaultTicket.outage.in_(holding.outages))
    return set(db.scalars(query.where(FaultTicket.closed_at.is_(None))))


def key_of(outage: Outage) -> str:
    """Return the key of an outage's alarm."""
    return f"outage:{outage.id}"


def close_words(db: Session, outage: Outage, now: datetime) -> None:
    """Say that an outage is over."""
    clear_alarm(db, key=key_of(outage), now=now)
    outage.alarm_said = ""
    close_ticket_of(db, outage=outage.id, now=now)


def fold_words(db: Session, outage: Outage, target: Outage, now: datetime) -> None:
    """Say that an outage turned out to be part of another."""
    clear_alarm(db, key=key_of(outage), now=now)
    outage.alarm_said = ""
    hand_over_ticket(db, outage=outage.id, target=target.id, now=now)


def _ring(db: Session, outage: Outage, rows: list[OutageCamera], city: CityLook) -> bool:
    """Raise the alarm of an outage, unless it says all that already; return whether it was raised."""
    cameras = len({(row.device, row.camera) for row in rows})
    severity = _severity(outage, rows, cameras)
    said = f"{outage.scope} {outage.key} {outage.cause} {cameras} {severity}"[:120]
    if said == outage.alarm_said:
        return False
    is_camera = outage.scope == Scope.CAMERA
    raise_alarm(
        db,
        key=key_of(outage),
        kind=AlarmKind.OUTAGE_CAMERA if is_camera else AlarmKind.OUTAGE_SITE,
        severity=severity,
        facts={"name": _name(db, outage, rows[0]), "cause": outage.cause, "cameras": str(cameras)},
        site=outage.site,
        device=rows[0].device if len({row.device for row in rows}) == 1 else None,
        camera=rows[0].camera if is_camera else None,
        link=f"/gangguan/{outage.id}",
        now=city.now,
    )
    outage.alarm_said = said
    return True


def _severity(outage: Outage, rows: list[OutageCamera], cameras: int) -> Severity:
    if not any(row.is_dark for row in rows):
        return Severity.LOW
    if outage.scope == Scope.CAMERA:
        return Severity.MEDIUM
    return Severity.CRITICAL if cameras >= _MANY_CAMERAS else Severity.HIGH


def _name(db: Session, outage: Outage, row: OutageCamera) -> str:
    site = db.get(Site, outage.site)
    place = site.name if site is not None else outage.site
    if outage.scope == Scope.CAMERA:
        camera = db.get(CityCamera, (row.device, row.camera))
        return f"{camera.name} ({place})" if camera is not None else outage.key
    return f"switch {outage.key}" if outage.scope == Scope.SWITCH else place


def _owner(db: Session, rows: list[OutageCamera]) -> str:
    """Return whose most of the cameras are."""
    owners: Counter[str] = Counter()
    held = {(row.device, row.camera) for row in rows}
    query = select(CameraOwner).where(
        CameraOwner.valid_to.is_(None), CameraOwner.device.in_({device for device, _ in held})
    )
    for row in db.scalars(query):
        owners[row.owner] += (row.device, row.camera) in held
    return owners.most_common(1)[0][0] if owners else ""
