"""The list of events, one event, and its stills for who said why they look."""

from datetime import date
from pathlib import Path

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cctv.events.listing import PAGE, TAMPER_WORD, EventLine, Filter, event_line, events_asked
from hub.cctv.events.rules import WORDS, EventKind
from hub.cctv.pictures import store
from hub.cctv.pictures.looks import looks_at_event, note_look, own_look, purpose_of
from hub.cctv.pictures.models import PictureLook
from hub.errors import InputError, NotFoundError
from hub.people.permissions import Permission
from hub.places.purposes import WORDS as PURPOSES
from hub.places.reach import PlaceReach, place_reach
from hub.web.files.downloads import list_as_csv, list_as_xlsx
from hub.web.formats import moment_text
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_day
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("camera_events", __name__)

_SIDES = ("sebelum", "sesudah")


@blueprint.get("/peristiwa")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def listing() -> str:
    """Show events, newest first."""
    here, wanted = parts(), _wanted()
    lines = events_asked(
        db(), wanted, zone=here.zone, reach=_reach(Permission.CAMERA_SEE), most=PAGE * _page() + 1
    )
    shown = lines[PAGE * (_page() - 1) : PAGE * _page()]
    return render_template(
        "cctv/events/listing.html",
        lines=shown,
        wanted=wanted,
        words=WORDS,
        tamper=TAMPER_WORD,
        page=_page(),
        has_more=len(lines) > PAGE * _page(),
        query={key: value for key, value in request.args.items() if key != "hal"},
    )


@blueprint.get("/peristiwa/daftar.csv")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_csv() -> Response:
    """Give the events that are asked for as CSV."""
    return list_as_csv("peristiwa", _header(), _rows())


@blueprint.get("/peristiwa/daftar.xlsx")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def as_xlsx() -> Response:
    """Give the same rows as a workbook."""
    widths = (8, 26, 26, 12, 26, 16, 10, 28, 28, 28, 20, 20)
    return list_as_xlsx("peristiwa", _("Peristiwa kamera"), _header(), _rows(), widths=widths)


@blueprint.get("/peristiwa/<int:event>")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def show(event: int) -> str:
    """Show one event; its stills when the viewer said a moment ago why they look."""
    line = event_line(db(), event, _reach(Permission.CAMERA_SEE))
    look = _look_at(line)
    return render_template(
        "cctv/events/event.html",
        line=line,
        words=WORDS,
        purposes=PURPOSES,
        look=look,
        looks=looks_at_event(db(), event),
        keep_days=parts().config.events.keep_days,
    )


@blueprint.post("/peristiwa/<int:event>/lihat")
@needs(Permission.CAMERA_LIVE, is_scoped=True)
def look(event: int) -> AnyResponse:
    """Note who looks at the stills of an event and why, and show them."""
    line, who = event_line(db(), event, _reach(Permission.CAMERA_LIVE)), signed_in()
    try:
        purpose = purpose_of(request.form.get("tujuan", ""))
    except InputError as error:
        flash(str(error), "bad")
        return redirect(url_for("camera_events.show", event=event), code=303)
    noted = PictureLook(
        account_id=who.account_id,
        purpose=purpose.value,
        device=line.event.device,
        camera=line.event.camera,
        source="event",
        event=event,
        taken_at=line.event.after_at or line.event.began_at,
        at=parts().now(),
    )
    note_look(db(), noted, actor=who.name)
    return redirect(url_for("camera_events.show", event=event, lihat=noted.id), code=303)


@blueprint.get("/peristiwa/<int:event>/<any(sebelum,sesudah):side>.jpg")
@needs(Permission.CAMERA_LIVE, is_background=True, is_scoped=True)
def picture(event: int, side: str) -> Response:
    """Give one of the two stills to who said a moment ago why they look."""
    line = event_line(db(), event, _reach(Permission.CAMERA_LIVE))
    if _look_at(line) is None:
        abort(404)
    digest = line.event.before if side == _SIDES[0] else line.event.after
    response = send_file(store.find(Path(parts().config.folder), digest), mimetype="image/jpeg", max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response


def _reach(permission: Permission) -> PlaceReach:
    return place_reach(db(), signed_in(), permission, parts().now())


def _look_at(line: EventLine) -> PictureLook | None:
    number = request.args.get("lihat", type=whole_number)
    if number is None:
        return None
    try:
        found = own_look(db(), number, account_id=signed_in().account_id, now=parts().now())
    except NotFoundError:
        # Its time is over: the page asks for the purpose again.
        return None
    return found if found.event == line.event.id else None


def _page() -> int:
    return min(max(request.args.get("hal", 1, type=whole_number), 1), 1000)


def _wanted() -> Filter:
    kind = request.args.get("jenis", "")
    return Filter(
        kind=kind if kind == TAMPER_WORD or kind in set(EventKind) else "",
        device=request.args.get("perangkat", "")[:63],
        camera=request.args.get("kamera", "")[:32],
        text=request.args.get("cari", "").strip()[:80],
        first=_day("dari"),
        last=_day("sampai"),
        is_lasting=request.args.get("berlangsung") == "ya",
    )


def _day(name: str) -> date | None:
    try:
        return typed_day(request.args.get(name, ""))
    except ValueError:
        # An address somebody typed: a day that is none is no filter.
        return None


def _header() -> list[str]:
    return [
        _("Nomor"), _("Mulai"), _("Selesai"), _("Lama (menit)"), _("Peristiwa"), _("Tempat"), _("Nilai"),
        _("Kamera"), _("Titik"), _("Perangkat"), _("Gambar sebelum"), _("Gambar sesudah"),
    ]  # fmt: skip


def _rows() -> list[list[object]]:
    lines = events_asked(db(), _wanted(), zone=parts().zone, reach=_reach(Permission.CAMERA_SEE))
    return [_cells(line) for line in lines]


def _cells(line: EventLine) -> list[object]:
    here, event = parts(), line.event
    return [
        event.id,
        moment_text(event.began_at, here.zone, language()),
        moment_text(event.ended_at, here.zone, language()) if event.ended_at else "",
        round(line.lasted_s(here.now()) / 60, 1),
        _(WORDS[line.kind]),
        event.what,
        "" if event.value is None else round(event.value, 3),
        line.camera,
        line.site,
        f"{event.device}/{event.camera}",
        event.before,
        event.after,
    ]
