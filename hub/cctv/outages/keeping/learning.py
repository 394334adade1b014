"""Learns of open and past outages: how devices come back, and what comes late from the edge."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from edge.wire.messages import decode_body
from edge.wire.records.bodies import CameraIntegrity, DeviceIncident, DeviceReturned, PictureState
from hub.cctv.outages.facts import (
    CameraFacts,
    DeviceFacts,
    OutageFacts,
    SaidReturn,
    Scope,
    of_device,
    with_camera,
    with_device,
)
from hub.cctv.outages.keeping.holding import Change, Holding, facts_of, learn
from hub.cctv.outages.keeping.looking import CityLook, DeviceLook
from hub.cctv.outages.keeping.supply import BATTERY, supply_before
from hub.cctv.outages.models import Outage, OutageCamera
from hub.cctv.rules import DARK_STATES, CameraState, Cause
from hub.ingest.models import Event

_KINDS = ("device-returned", "device-incident", "camera-integrity")
MAX_EVENTS = 500
# Clocks of devices and of the hub differ, and a will comes after the broker's patience.
_SLACK = timedelta(minutes=3)


def learn_from_city(db: Session, holding: Holding, city: CityLook) -> None:
    """Take in how the devices and cameras of open outages are now."""
    for outage in holding.outages.values():
        if outage.ended_at is not None or outage.folded_into is not None:
            continue
        before = facts_of(outage)
        after = _with_devices(before, outage, holding, city)
        returned = _returns(after) != _returns(before)
        after = _with_cameras(after, outage, holding, city)
        learn(db, outage, after, Change.RETURNED if returned else Change.SEEN, city.now)


def _returns(facts: OutageFacts) -> int:
    return sum(one.same_boots + one.new_boots for one in facts.devices)


def _with_devices(facts: OutageFacts, outage: Outage, holding: Holding, city: CityLook) -> OutageFacts:
    if outage.scope == Scope.CAMERA:
        return facts
    for name in sorted({row.device for row in holding.all_rows[outage.id]}):
        look, known = city.devices.get(name), of_device(facts, name)
        changed = None if look is None else _device(known, look, outage)
        if changed is not None and changed != known:
            facts = with_device(facts, changed)
    return facts


def _device(known: DeviceFacts | None, look: DeviceLook, outage: Outage) -> DeviceFacts | None:
    if not look.is_online:
        return _gone(known, look)
    if known is None:
        return None
    # Records bring a device back too; only a birth says with which boot, so it is waited for.
    is_birth_heard = look.born_at is not None and look.born_at.timestamp() > known.gone_at_s
    if known.uptime_s is None and is_birth_heard and look.born_at is not None:
        is_same = look.boot == known.boot
        return msgspec.structs.replace(
            known,
            is_gone=False,
            same_boots=known.same_boots + is_same,
            new_boots=known.new_boots + (not is_same),
            boot=look.boot,
            uptime_s=look.uptime_s or 0.0,
            gap_s=look.born_at.timestamp() - known.gone_at_s,
        )
    return msgspec.structs.replace(known, is_gone=False)


def _gone(known: DeviceFacts | None, look: DeviceLook) -> DeviceFacts:
    fresh = DeviceFacts(
        device=look.device, reason=look.reason, gone_at_s=look.gone_at.timestamp(), boot=look.boot
    )
    if known is None:
        return fresh
    if known.is_gone:
        return msgspec.structs.replace(known, reason=look.reason)
    return msgspec.structs.replace(
        fresh,
        same_boots=known.same_boots,
        new_boots=known.new_boots,
        said=known.said,
        had_late_cameras=known.had_late_cameras,
    )


def _with_cameras(facts: OutageFacts, outage: Outage, holding: Holding, city: CityLook) -> OutageFacts:
    for row in holding.open_rows(outage):
        camera = city.cameras.get((row.device, row.camera))
        if camera is None:
            continue
        # A device that is away says nothing new; what it said of a camera's own trouble stays true.
        if not city.devices[row.device].is_online and outage.scope != Scope.CAMERA:
            continue
        device = of_device(facts, row.device)
        if device is not None and not device.had_late_cameras and _is_absent(camera.facts):
            facts = with_device(facts, msgspec.structs.replace(device, had_late_cameras=True))
        if camera.state in DARK_STATES or camera.state is CameraState.DISTURBED:
            facts = with_camera(facts, camera.facts)
    return msgspec.structs.replace(facts, others_live=_others_live(outage, holding, city))


def _is_absent(facts: CameraFacts) -> bool:
    return facts.picture is PictureState.ABSENT


def _others_live(outage: Outage, holding: Holding, city: CityLook) -> int:
    own = holding.cameras_ever(outage)
    sites = {city.cameras[key].site for key in own if key in city.cameras} or {outage.site}
    return sum(
        camera.key not in own and camera.state is CameraState.LIVE
        for site in sites
        for camera in city.at_site.get(site, ())
    )


def learn_from_events(db: Session, after: int, now: datetime) -> int:
    """Take in what devices say of silences, supplies and pictures, also long afterwards.

    Args:
        db: A writing session.
        after: The newest event that was looked at.
        now: The present.

    Returns:
        The newest event that is looked at now.
    """
    query = select(Event).where(Event.id > after, Event.kind.in_(_KINDS)).order_by(Event.id).limit(MAX_EVENTS)
    for event in db.scalars(query):
        after = event.id
        body = decode_body(event.body.encode())
        if isinstance(body, DeviceReturned):
            _learn_return(db, event, body, now)
        elif isinstance(body, DeviceIncident):
            _learn_supply(db, event, now)
        elif isinstance(body, CameraIntegrity) and body.evidence:
            _learn_picture(db, event, body, now)
    return after


def _learn_return(db: Session, event: Event, body: DeviceReturned, now: datetime) -> None:
    # A device without a clock says times of another year; when its word came is the better guess.
    at = event.received_at if event.clock == "unknown" else event.at
    span = timedelta(seconds=min(body.outage_s, 90 * 86_400))
    for outage in _outages_of(db, event.device, at - span - _SLACK, at + _SLACK)[:1]:
        facts = facts_of(outage)
        known = of_device(facts, event.device)
        if known is None or (known.said is not None and known.said.outage_s > body.outage_s):
            continue
        said = SaidReturn(
            cause=body.cause,
            confidence=body.confidence,
            boot=body.boot,
            outage_s=body.outage_s,
            rows_from_gap=body.rows_from_gap,
            evidence=body.evidence,
        )
        learn(db, outage, with_device(facts, msgspec.structs.replace(known, said=said)), Change.LATE, now)


def _learn_supply(db: Session, event: Event, now: datetime) -> None:
    for outage in _outages_of(db, event.device, event.at, event.at + BATTERY):
        devices = sorted(set(db.scalars(select(OutageCamera.device).where(OutageCamera.outage == outage.id))))
        before = facts_of(outage)
        after = supply_before(db, before, devices, outage.began_at, outage.ended_at)
        if after != before:
            learn(db, outage, after, Change.LATE, now)


def _learn_picture(db: Session, event: Event, body: CameraIntegrity, now: datetime) -> None:
    for outage in _outages_of(db, event.device, event.at, event.at, camera=body.camera):
        before = facts_of(outage)
        is_bad = body.picture is not PictureState.GOOD
        if not is_bad or any(one.is_gone for one in before.devices):
            continue
        word = CameraFacts(
            device=event.device,
            camera=body.camera,
            state=CameraState.OFFLINE if body.picture is PictureState.ABSENT else CameraState.DISTURBED,
            picture=body.picture,
            fault=body.fault,
            cause=body.cause,
            confidence=body.confidence,
            evidence=body.evidence,
            at_s=event.at.timestamp(),
        )
        learn(db, outage, with_camera(before, word), Change.LATE, now)


def _outages_of(
    db: Session, device: str, begin: datetime, end: datetime, camera: str | None = None
) -> list[Outage]:
    """Return the outages that held a device, or one camera, in a time; the newest first."""
    rows = select(OutageCamera.outage).where(
        OutageCamera.device == device,
        OutageCamera.began_at <= end,
        or_(OutageCamera.ended_at.is_(None), OutageCamera.ended_at >= begin),
    )
    if camera is not None:
        rows = rows.where(OutageCamera.camera == camera)
    query = select(Outage).where(Outage.id.in_(rows), Outage.folded_into.is_(None))
    found: Iterable[Outage] = db.scalars(query.order_by(Outage.began_at.desc(), Outage.id.desc()))
    return [one for one in found if camera is not None or one.scope != Scope.CAMERA or _is_of_camera(one)]


def _is_of_camera(outage: Outage) -> bool:
    """Return whether an outage of one camera may hang on the supply of its point: one without own fault."""
    return Cause(outage.cause) is not Cause.CAMERA
