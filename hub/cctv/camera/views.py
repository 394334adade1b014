"""The page of one camera: the newest still, a day of counts, and asking for a still now."""

from pathlib import Path
from uuid import uuid4

import msgspec
from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from edge.wire.messages import TakeStill
from hub.cctv.camera.clips import newest_clips
from hub.cctv.camera.counts import day_of_counts
from hub.cctv.camera.record import record_of, watched_by
from hub.cctv.events.rules import WORDS as EVENT_WORDS
from hub.cctv.measures.service import day_of_measures, measures_of
from hub.cctv.outages.service import CAUSE_WORDS
from hub.cctv.outages.tickets.service import STATE_WORDS as TICKET_WORDS
from hub.cctv.outages.uptime.views import KIND_WORDS, last_day
from hub.cctv.service import get_camera
from hub.ingest.models import DeviceCommand
from hub.ingest.pictures.stills import still_path
from hub.ingest.saying.commands import ask_device
from hub.people import audit
from hub.people.permissions import Permission
from hub.places.models import CityCamera
from hub.places.purposes import WORDS as PURPOSES
from hub.web.answers import answer_of
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("cctv", __name__)


@blueprint.get("/kamera/<device>/<camera>")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def camera(device: str, camera: str) -> str:
    """Show one camera."""
    here = parts()
    view = get_camera(db(), device, camera, here.now())
    measures = measures_of(db(), device, camera, here.now())
    asked = request.args.get("perintah", type=whole_number)
    command = db().get(DeviceCommand, asked) if asked is not None else None
    is_ours = command is not None and _is_about(command, device, camera)
    may_see_watchers = signed_in().may(Permission.CAMERA_PRIORITY)
    return render_template(
        "cctv/camera.html",
        camera=view,
        record=record_of(db(), device, camera, here.now()),
        watched=watched_by(db(), device, camera) if may_see_watchers else None,
        strip_day=last_day(view),
        kind_words=KIND_WORDS,
        cause_names=CAUSE_WORDS,
        event_words=EVENT_WORDS,
        ticket_words=TICKET_WORDS,
        counts=day_of_counts(here.telemetry(db()), view, here.now()),
        measures=measures,
        day=day_of_measures(here.telemetry(db()), device, camera, measures, here.now()),
        clips=newest_clips(db(), device, camera),
        purposes=PURPOSES,
        answer=answer_of(command, here.now()) if command is not None and is_ours else None,
    )


@blueprint.get("/kamera/<device>/<camera>/kini")
@needs(Permission.CAMERA_SEE, is_background=True, is_scoped=True)
def present(device: str, camera: str) -> str:
    """Give the part of the page that changes; the page asks for it every few seconds."""
    now = parts().now()
    view = get_camera(db(), device, camera, now)
    measures = measures_of(db(), device, camera, now)
    return render_template("cctv/present.html", camera=view, measures=measures)


@blueprint.get("/kamera/<device>/<camera>/gambar.jpg")
@needs(Permission.CAMERA_SEE, is_background=True, is_scoped=True)
def still(device: str, camera: str) -> Response:
    """Serve the newest still; a browser that has it is told so."""
    if db().get(CityCamera, (device, camera)) is None:
        abort(404)
    path = still_path(Path(parts().config.folder), device, camera)
    if not path.is_file():
        abort(404)
    response = send_file(path, mimetype="image/jpeg", conditional=True, etag=True, max_age=0)
    # The address changes with each still: a browser may keep it, nobody between may.
    response.headers["Cache-Control"] = "private, max-age=300" if "v" in request.args else "private, no-cache"
    return response


@blueprint.post("/kamera/<device>/<camera>/ambil")
@needs(Permission.CAMERA_STILL, is_scoped=True)
def take_still(device: str, camera: str) -> AnyResponse | str:
    """Ask the device for a still now."""
    now, who = parts().now(), signed_in()
    get_camera(db(), device, camera, now)
    command = ask_device(
        db(),
        device=device,
        command=TakeStill(camera=camera),
        correlation=uuid4().hex,
        now=now,
        asked_by=who.account_id,
    )
    db().flush()
    target = f"camera:{device}/{camera}"
    audit.append(db(), at=now, actor=who.name, action="camera.take-still", target=target)
    if "HX-Request" in request.headers:
        return _answer_fragment(device, camera, command)
    return redirect(url_for("cctv.camera", device=device, camera=camera, perintah=command.id), code=303)


@blueprint.get("/kamera/<device>/<camera>/perintah/<int:command_id>")
@needs(Permission.CAMERA_STILL, is_background=True, is_scoped=True)
def answer(device: str, camera: str, command_id: int) -> str:
    """Show how a command stands; the page asks again until it is settled."""
    command = db().get(DeviceCommand, command_id)
    if command is None or not _is_about(command, device, camera):
        abort(404)
    return _answer_fragment(device, camera, command)


def _is_about(command: DeviceCommand, device: str, camera: str) -> bool:
    # Whoever sees one camera of a device need not see the others.
    body: dict[str, object] = msgspec.json.decode(command.body)
    return command.device == device and body.get("camera") == camera


def _answer_fragment(device: str, camera: str, command: DeviceCommand) -> str:
    view = get_camera(db(), device, camera, parts().now())
    return render_template("cctv/answer.html", camera=view, answer=answer_of(command, parts().now()))


@blueprint.get("/kamera/<device>/<camera>/hitungan.csv")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def counts_csv(device: str, camera: str) -> Response:
    """Give the numbers of the page's chart and table as CSV."""
    here = parts()
    view = get_camera(db(), device, camera, here.now())
    counts = day_of_counts(here.telemetry(db()), view, here.now())
    header = [
        _("jam (WIB)"),
        *(f"{column.line_name}: {column.direction}" for column in counts.columns),
        _("jumlah"),
    ]
    rows = [
        [hour.at.astimezone(here.zone).strftime("%Y-%m-%d %H:%M"), *hour.numbers, hour.total]
        for hour in counts.hours
    ]
    return csv_response(f"hitungan-{device}-{camera}.csv", header, rows)


@blueprint.get("/kamera/<device>/<camera>/pengukuran.csv")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def measures_csv(device: str, camera: str) -> Response:
    """Give the day of zones and gauges as CSV: occupancy in per cent, levels in metres."""
    here = parts()
    get_camera(db(), device, camera, here.now())
    measures = measures_of(db(), device, camera, here.now())
    day = day_of_measures(here.telemetry(db()), device, camera, measures, here.now())
    header = [
        _("jam (WIB)"),
        *(f"{column.name} (%)" for column in day.zones),
        *(f"{column.name} (m)" for column in day.gauges),
    ]
    rows = [
        [
            at.astimezone(here.zone).strftime("%Y-%m-%d %H:%M"),
            *(column.mean(place, scale=100, decimals=1) for column in day.zones),
            *(column.mean(place, scale=1, decimals=3) for column in day.gauges),
        ]
        for place, at in enumerate(day.at)
    ]
    return csv_response(f"pengukuran-{device}-{camera}.csv", header, rows)
