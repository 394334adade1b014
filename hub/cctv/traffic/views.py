"""The traffic of one camera over a range, the city's worst ten, and the water level somebody watches for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from hub.cctv.events.listing import TAMPER_WORD, Filter, events_asked
from hub.cctv.events.models import WaterMark
from hub.cctv.events.rules import WORDS as EVENT_WORDS
from hub.cctv.service import CameraView, get_camera
from hub.cctv.traffic.columns import Column, Theme, columns_of
from hub.cctv.traffic.comparison import WEEKS, Beside, compare
from hub.cctv.traffic.ranges import MOST_DAYS, WORDS, Choice, Range, Step, range_of
from hub.cctv.traffic.table import ThemeTable, tables_of
from hub.cctv.traffic.worst import worst_now
from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.people.permissions import Permission
from hub.places.reach import place_reach
from hub.telemetry.listing import series_of_source
from hub.web.formats import day_text, moment_text, number_text
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("traffic", __name__)

_MOST_EVENTS = 20
_MOST_LEVEL_M = 100.0


@blueprint.get("/lalu-lintas")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def city() -> str:
    """Show the worst places now."""
    return render_template("cctv/traffic/city.html", **_worst())


@blueprint.get("/lalu-lintas/kini")
@needs(Permission.CAMERA_SEE, is_background=True, is_scoped=True)
def city_now() -> str:
    """Give the part of the city page that changes; the page asks for it every few seconds."""
    return render_template("cctv/traffic/worst.html", **_worst())


@blueprint.get("/lalu-lintas/<device>/<camera>")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def camera(device: str, camera: str) -> str:
    """Show what a camera counted and measured in the range that is asked for."""
    view, here = seen_camera(device, camera), parts()
    complaint = ""
    try:
        wanted = asked()
    except InputError as error:
        complaint, wanted = str(error), range_of("", "", "", now=here.now(), zone=here.zone)
    columns = columns_of(series_of_source(db(), device, camera), view.rates)
    events = Filter(
        kind=TAMPER_WORD, device=device, camera=camera, first=wanted.first_day, last=wanted.last_day
    )
    # Asked for once: on a page of a thousand numbers the filters' own asking is what costs.
    tongue = language()
    marks = db().scalars(select(WaterMark).where(WaterMark.device == device, WaterMark.camera == camera))
    return render_template(
        "cctv/traffic/camera.html",
        camera=view,
        wanted=wanted,
        choices=WORDS,
        complaint=complaint,
        most_days=MOST_DAYS,
        tables=tables_of(here.telemetry(db()), columns, wanted),
        labels={start: _label(start, wanted.step, tongue) for start in wanted.starts()},
        said=partial(_said, tongue),
        beside=_beside(columns.get(Theme.COUNTS, ()), wanted),
        weeks=WEEKS,
        events=events_asked(db(), events, zone=here.zone, most=_MOST_EVENTS),
        event_words=EVENT_WORDS,
        gauges=[column.name for column in columns.get(Theme.WATER, ())],
        marks={mark.gauge: mark.level_m for mark in marks},
        query={key: value for key, value in request.args.items() if key in ("rentang", "dari", "sampai")},
    )


@blueprint.post("/lalu-lintas/<device>/<camera>/siaga")
@needs(Permission.CAMERA_SET_UP)
def mark(device: str, camera: str) -> AnyResponse:
    """Set from which water level of a gauge on it is an event; an empty level takes the mark away."""
    seen_camera(device, camera)
    who, now, gauge = signed_in(), parts().now(), request.form.get("papan", "")[:32]
    page = redirect(url_for("traffic.camera", device=device, camera=camera, _anchor="air"), code=303)
    try:
        if not gauge:
            raise InputError("Pilih papan duganya.")
        level_m = _level(request.form.get("tinggi", ""))
    except InputError as error:
        flash(str(error), "bad")
        return page
    if level_m is None:
        held = db().get(WaterMark, (device, camera, gauge))
        if held is not None:
            db().delete(held)
    else:
        db().merge(
            WaterMark(
                device=device, camera=camera, gauge=gauge, level_m=level_m, set_by=who.account_id, set_at=now
            )
        )
    audit.append(
        db(),
        at=now,
        actor=who.name,
        action="camera.water-mark",
        target=f"camera:{device}/{camera}",
        detail=f"{gauge} {'' if level_m is None else level_m}".strip(),
    )
    flash(_("Tanda siaga disimpan."))
    return page


def seen_camera(device: str, camera: str) -> CameraView:
    """Return a camera that the viewer may see.

    Raises:
        NotFoundError: there is none, or it is beyond reach.
    """
    now = parts().now()
    if not place_reach(db(), signed_in(), Permission.CAMERA_SEE, now).holds_camera(device, camera):
        raise NotFoundError(f"{device}/{camera}")
    return get_camera(db(), device, camera, now)


def asked() -> Range:
    """Return the range in the address.

    Raises:
        InputError: its dates cannot be.
    """
    wanted = request.args
    return range_of(
        wanted.get("rentang", ""),
        wanted.get("dari", ""),
        wanted.get("sampai", ""),
        now=parts().now(),
        zone=parts().zone,
    )


def tables_asked(view: CameraView, wanted: Range) -> list[ThemeTable]:
    """Return the tables of a camera, as page and files show them."""
    columns = columns_of(series_of_source(db(), view.device, view.camera), view.rates)
    return list(tables_of(parts().telemetry(db()), columns, wanted))


def _label(start: datetime, step: Step, tongue: str) -> str:
    zone = parts().zone
    return day_text(start, zone, tongue) if step is Step.DAY else moment_text(start, zone, tongue)


def _said(tongue: str, value: float, decimals: int) -> str:
    return number_text(value, tongue, decimals)


def _beside(counts: Sequence[Column], wanted: Range) -> list[Beside]:
    """Return the hours of one day that are over beside the last weeks; longer ranges are not compared."""
    if wanted.choice is not Choice.TODAY and wanted.first_day != wanted.last_day:
        return []
    if wanted.step is not Step.HOUR:
        return []
    now = parts().now()
    over = [start for start in wanted.starts() if start + timedelta(hours=1) <= now]
    return list(compare(parts().telemetry(db()), counts, over))


def _worst() -> dict[str, object]:
    now = parts().now()
    reach = place_reach(db(), signed_in(), Permission.CAMERA_SEE, now)
    return {"worst": worst_now(db(), reach, now)}


def _level(text: str) -> float | None:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        level_m = float(text)
    except ValueError as error:
        raise InputError("Isi tinggi air dalam meter, misalnya 1,5; kosongkan untuk menghapus.") from error
    if not -_MOST_LEVEL_M <= level_m <= _MOST_LEVEL_M:
        raise InputError("Tinggi air paling besar 100 meter.")
    return level_m
