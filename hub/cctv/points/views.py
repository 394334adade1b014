"""The page of a point of the city, and noting that somebody was there."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.cctv.outages.service import CAUSE_WORDS, open_outages
from hub.cctv.outages.uptime.views import KIND_WORDS, last_day
from hub.cctv.points.service import get_point, note_visit
from hub.errors import InputError
from hub.maps.projection import cut_out
from hub.people.permissions import Permission
from hub.places.access import own_reach
from hub.places.quantities import unit_of
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.dates import typed_moment

blueprint = Blueprint("points", __name__)

# About 9 km by 5.5 km: enough of the rivers to know where one is.
_HALF_WIDTH, _HALF_HEIGHT = 400, 250


@blueprint.get("/titik/<site>")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def point(site: str) -> str:
    """Show one point."""
    here = parts()
    view = get_point(db(), site, reach=own_reach(), telemetry=here.telemetry(db()), now=here.now())
    frame = cut_out(view.latitude, view.longitude, half_width=_HALF_WIDTH, half_height=_HALF_HEIGHT)
    keys = {(one.device, one.camera) for one in view.cameras}
    return render_template(
        "cctv/points/point.html",
        point=view,
        frame=frame,
        outages=[one for one in open_outages(db()) if keys.intersection(one.cameras)],
        strips=[(one, last_day(one)) for one in view.cameras],
        cause_names=CAUSE_WORDS,
        unit_of=unit_of,
        kind_words=KIND_WORDS,
    )


@blueprint.post("/titik/<site>/kunjungan")
@needs(Permission.DEVICE_CHECK, is_scoped=True)
def visit(site: str) -> Response:
    """Note a visit."""
    here = parts()
    try:
        note_visit(
            db(),
            site=site,
            visited_at=_moment(request.form.get("pada", "")),
            by=signed_in().name,
            done=request.form.get("kerja", ""),
            now=here.now(),
        )
    except InputError as error:
        roll_back()
        flash(_(str(error)), "bad")
    else:
        flash(_("Kunjungan dicatat."))
    return redirect(url_for("points.point", site=site, _anchor="kunjungan"), code=303)


def _moment(text: str) -> datetime:
    """Return what a browser's field of day and time says, which knows no zone."""
    try:
        return typed_moment(text, parts().zone)
    except ValueError as error:
        raise InputError(_("Isi tanggal dan jam kunjungan.")) from error
