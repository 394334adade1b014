"""A past of outages to look at, for a city that only just began: every cause once, marked "contoh".

Only for a hub whose keeper never turned: nothing invented ever stands beside what happened.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import BootReason, CameraFault, PictureState
from edge.wire.records.bodies import Cause as SaidCause
from hub.cctv.outages.facts import CameraFacts, DeviceFacts, OutageFacts, SaidReturn, Scope, facts_text
from hub.cctv.outages.models import (
    FaultTicket,
    MaintenanceWindow,
    Outage,
    OutageCamera,
    OutageKeeping,
    OutageVerdict,
    TicketNote,
)
from hub.cctv.outages.rules import judge_outage
from hub.cctv.outages.tickets.service import close_ticket_of, open_ticket
from hub.cctv.rules import CameraState
from hub.ingest.models import Event
from hub.places.models import CityCamera, Device

DAYS = 21


@dataclass(frozen=True, slots=True)
class _Example:
    days_ago: float
    lasted: timedelta
    kind: str  # power, link, camera, stopped
    note: str


_EXAMPLES = (
    _Example(18.3, timedelta(hours=2, minutes=10), "power", "contoh: MCB panel turun, dinaikkan"),
    _Example(11.6, timedelta(minutes=47), "link", "contoh: patch cord di ODP dipasang ulang"),
    _Example(6.1, timedelta(hours=5), "camera", "contoh: sandi kamera disamakan lagi"),
    _Example(3.2, timedelta(minutes=25), "stopped", "contoh: agen dihentikan untuk pemutakhiran"),
    _Example(1.4, timedelta(minutes=8), "link", "contoh: kembali sendiri"),
)


def add_examples(db: Session, now: datetime) -> int:
    """Write a past; return how many outages it has, 0 when there is a real one.

    Args:
        db: A writing session.
        now: The present; the newest example ended before.
    """
    if db.get(OutageKeeping, 1) is not None:
        return 0
    cameras = list(
        db.execute(
            select(CityCamera.device, CityCamera.id, Device.site)
            .join(Device, Device.id == CityCamera.device)
            .where(CityCamera.is_retired.is_(False), Device.is_retired.is_(False))
            .order_by(Device.site, CityCamera.device, CityCamera.id)
        )
    )
    if not cameras:
        return 0
    newest = db.scalar(select(func.max(Event.id))) or 0
    db.add(OutageKeeping(id=1, began_at=now - timedelta(days=DAYS), turned_at=now, event_id=newest))
    sites = sorted({row.site for row in cameras})
    for place, example in enumerate(_EXAMPLES):
        site = sites[place % len(sites)]
        _add(db, example, site, [(row.device, row.id) for row in cameras if row.site == site], now)
    db.add(
        MaintenanceWindow(
            site=sites[0],
            device="",
            camera="",
            begins_at=now - timedelta(days=9, hours=3),
            ends_at=now - timedelta(days=9),
            why="contoh: pembersihan lensa",
            by="contoh",
            made_at=now - timedelta(days=10),
            cancelled_at=None,
        )
    )
    db.flush()
    return len(_EXAMPLES)


def _add(db: Session, example: _Example, site: str, keys: list[tuple[str, str]], now: datetime) -> None:
    began_at = now - timedelta(days=example.days_ago)
    ended_at = began_at + example.lasted
    held = keys[:1] if example.kind == "camera" else keys
    facts = _facts(example, held, began_at)
    verdict = judge_outage(facts)
    outage = Outage(
        scope=facts.scope,
        key="/".join(held[0]) if example.kind == "camera" else site,
        site=site,
        began_at=began_at,
        ended_at=ended_at,
        cause=verdict.cause,
        confidence=verdict.confidence,
        evidence=" ".join(verdict.evidence),
        facts=facts_text(facts),
    )
    db.add(outage)
    db.flush()
    for device, camera in held:
        row = OutageCamera(
            outage=outage.id, device=device, camera=camera, is_dark=True, began_at=began_at, ended_at=ended_at
        )
        db.add(row)
    db.add(
        OutageVerdict(
            outage=outage.id,
            at=ended_at,
            why="late-record",
            scope=outage.scope,
            cause=outage.cause,
            confidence=outage.confidence,
            evidence=outage.evidence,
        )
    )
    _add_ticket(db, example, outage.id, began_at, ended_at)


def _add_ticket(db: Session, example: _Example, outage: int, began_at: datetime, ended_at: datetime) -> None:
    ticket: FaultTicket = open_ticket(db, outage=outage, owner="", now=began_at + timedelta(minutes=5))
    note = TicketNote(ticket=ticket.id, at=ended_at, by="contoh", state=ticket.state, text=example.note)
    db.add(note)
    close_ticket_of(db, outage=outage, now=ended_at)


def _facts(example: _Example, held: list[tuple[str, str]], began_at: datetime) -> OutageFacts:
    if example.kind == "camera":
        word = CameraFacts(
            device=held[0][0],
            camera=held[0][1],
            state=CameraState.OFFLINE,
            picture=PictureState.ABSENT,
            fault=CameraFault.UNAUTHORISED,
            cause=SaidCause.CAMERA,
            confidence=0.97,
            evidence=("refuses-stream",),
        )
        return OutageFacts(scope=Scope.CAMERA, cameras=(word,))
    gap_s = example.lasted.total_seconds()
    is_new_boot = example.kind == "power"
    said = SaidReturn(
        cause=SaidCause(example.kind) if example.kind != "stopped" else SaidCause.UNKNOWN,
        confidence=0.95,
        boot=BootReason.POWER_CUT if is_new_boot else BootReason.SAME_BOOT,
        outage_s=gap_s,
        rows_from_gap=0 if is_new_boot else 40,
    )
    devices = tuple(
        DeviceFacts(
            device=device,
            reason="stopped" if example.kind == "stopped" else "will",
            gone_at_s=began_at.timestamp(),
            boot="contoh",
            is_gone=False,
            same_boots=0 if is_new_boot else 1,
            new_boots=1 if is_new_boot else 0,
            uptime_s=40.0 if is_new_boot else 9e5,
            gap_s=gap_s,
            said=said,
        )
        for device in sorted({device for device, _ in held})
    )
    return OutageFacts(scope=Scope.POINT, devices=devices)
