"""The page of one device, and asking it to test itself."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from edge.wire.messages import RunSelftest
from hub.ingest.models import DeviceCommand, Event
from hub.ingest.saying.commands import ask_device
from hub.people import audit
from hub.people.permissions import Permission
from hub.places.device.happenings import happening_of
from hub.places.device.service import get_device
from hub.places.fleet.reported import entry_of, read_report
from hub.places.models import CityCamera, Door, Sensor
from hub.places.quantities import quantity_words
from hub.places.reading.service import qualities_of
from hub.updates.listing import software_of
from hub.web.answers import answer_of
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("places", __name__)

LAST_EVENTS = 20
# Also bounds what is read: of a street camera nearly all that happens is motion.
EVENTS_OF = timedelta(days=7)
_MOTION = "motion-event"
_SELFTEST_LIFE = timedelta(minutes=2)


@blueprint.get("/perangkat/<device>")
@needs(Permission.DEVICE_SEE, is_scoped=True)
def device(device: str) -> str:
    """Show one device: presence, health, what hangs on it, its last events and commands."""
    view, sources = get_device(db(), device), _sources(device)
    names = {one.id: one.name for rows in sources.values() for one in rows}
    since = parts().now() - EVENTS_OF
    newest = select(Event).where(Event.device == device, Event.at > since, Event.kind != _MOTION)
    events = db().scalars(newest.order_by(Event.at.desc()).limit(LAST_EVENTS))
    commands = db().scalars(
        select(DeviceCommand).where(DeviceCommand.device == device).order_by(DeviceCommand.id.desc()).limit(5)
    )
    report = read_report(parts().config.fleet.report)
    return render_template(
        "places/device.html",
        device=view,
        fleet_entry=entry_of(report, device),
        fleet_at=report and report.at,
        sources=sources,
        readings=qualities_of(db(), device),
        quantity_words=quantity_words,
        events=[happening_of(event, names) for event in events],
        answers=[answer_of(command, parts().now()) for command in commands],
        software=software_of(db(), device),
    )


@blueprint.post("/perangkat/<device>/periksa")
@needs(Permission.DEVICE_CHECK, is_scoped=True)
def check(device: str) -> Response:
    """Ask a device to test itself; the answer appears on its page."""
    now, who = parts().now(), signed_in()
    get_device(db(), device)
    ask_device(
        db(),
        device=device,
        command=RunSelftest(),
        correlation=uuid4().hex,
        now=now,
        asked_by=who.account_id,
        life=_SELFTEST_LIFE,
    )
    audit.append(db(), at=now, actor=who.name, action="device.check", target=f"device:{device}")
    return redirect(url_for("places.device", device=device), code=303)


def _sources(device: str) -> dict[str, list[Any]]:
    return {
        "cameras": list(db().scalars(select(CityCamera).where(CityCamera.device == device))),
        "doors": list(db().scalars(select(Door).where(Door.device == device))),
        "sensors": list(db().scalars(select(Sensor).where(Sensor.device == device))),
    }
