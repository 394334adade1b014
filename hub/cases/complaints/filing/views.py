"""The page that takes a complaint, and its drawing of the city. With scripts or without.

A phone keeps the page for the time without network, and what is written on it: it asks for a key and
sends what waits when there is a way again.
"""

import base64
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from hub.cases.asking.filing_limit import is_led_to_receipt, limit_filing
from hub.cases.asking.once import begin_sending, new_token
from hub.cases.asking.pins import issue_pin
from hub.cases.asking.receipts import last_known, to_receipt
from hub.cases.attachments.attaching import attached_files
from hub.cases.attachments.claims import Claims, claims_for
from hub.cases.attachments.door import MAX_BODY_BYTES
from hub.cases.attachments.store import folder_of
from hub.cases.complaints.filing.offered import Offered, likeness, offered_for
from hub.cases.complaints.filing.report import (
    Elsewhere,
    Report,
    answers_of,
    categories,
    degrees,
    elsewhere,
    read_report,
    with_place,
)
from hub.cases.complaints.filing.sketch import SIDE_PX, Landmark, drawing, view_of
from hub.cases.complaints.publishing.board import complaint_service
from hub.cases.complaints.publishing.shown import SERVICE
from hub.cases.complaints.where import spot_at
from hub.cases.definition.form import Requirement
from hub.cases.definition.service import ServiceDefinition
from hub.cases.forms.filled import Filled
from hub.cases.forms.options import kelurahan_options
from hub.cases.forms.page import FileControl, page_of
from hub.cases.forms.reading import read_form
from hub.cases.keeping.access import engine
from hub.cases.keeping.engine import Applicant, FileSource, Place
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import file_case
from hub.cases.machine.rules import Given, Refused
from hub.people.permissions import Permission
from hub.places.models import Site
from hub.web.contributions.public_pages import as_kept
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("report", __name__)

PHOTO = "foto"
PER_ADDRESS = "30 per minute"
_MAP = "peta"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows besides what was typed."""

    photos: FileControl
    faults: dict[str, str]
    elsewhere: Elsewhere | None = None
    offered: tuple[Offered, ...] = ()


@blueprint.get("/lapor")
@needs(Permission.PUBLIC)
def form() -> str:
    """Show the empty page; what it is about and where may stand in the address already."""
    definition = _definition(db())
    report = replace(Report(), category=request.args.get("kategori", "")[:32])
    latitude, longitude = (degrees(request.args.get(name, "")) for name in ("lat", "lon"))
    if latitude is not None and longitude is not None and spot_at(latitude, longitude) is not None:
        report = with_place(report, latitude, longitude)
    return _page(definition, report, Shown(_photos(definition, Filled()), {}))


@blueprint.get("/lapor/luring")
@needs(Permission.PUBLIC, is_background=True)
def kept() -> Response:
    """Give the empty page as a phone keeps it: of no visit, without a key, its drawing within it."""
    definition = _definition(db())
    return as_kept(_page(definition, Report(), Shown(_photos(definition, Filled()), {}), is_kept=True))


@blueprint.get("/lapor/kunci")
@needs(Permission.PUBLIC, is_background=True)
def key() -> Response:
    """Give this browser the key that its form is sent with: a kept page has none, an old one a dead one."""
    response = jsonify(csrf_token=generate_csrf())
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/lapor")
@limiter.limit(PER_ADDRESS)
@limit_filing(is_filed=is_led_to_receipt)
@needs(Permission.PUBLIC, upload_bytes=MAX_BODY_BYTES)
def send() -> AnyResponse | tuple[str, int] | str:
    """Take a complaint; or show the page again with what is missing, what is alike, or where else to go."""
    # Photos are drawn anew before anything is written: nobody waits for one with the database locked.
    with parts().database.reading() as look:
        definition = _definition(look)
    report = read_report(request.form)
    filled = read_form(
        request.form,
        request.files,
        fields=(),
        requirements=_wanted(definition),
        claims=_claims(),
        folder=_folder(),
    )
    if (pressed := _pressed(report)) is not None:
        return _page(definition, pressed, Shown(_photos(definition, filled), {}))
    if request.form.get("langkah") == "hapus-tempat":
        return _page(
            definition, replace(report, latitude="", longitude=""), Shown(_photos(definition, filled), {})
        )
    faults = {name: texts[0] for name, texts in filled.faults.items()}
    beyond = elsewhere(report, definition)
    if beyond is not None:
        return _page(definition, report, Shown(_photos(definition, filled), faults, elsewhere=beyond)), 422
    offered = () if request.form.get("tetap") == "ya" or faults else _offered(report)
    if offered and report.category and report.text:
        return _page(definition, report, Shown(_photos(definition, filled), {}, offered=offered))
    return _filed(definition, report, filled, faults)


def _filed(
    definition: ServiceDefinition, report: Report, filled: Filled, faults: dict[str, str]
) -> AnyResponse | tuple[str, int]:
    if not faults:
        sending = begin_sending(db(), request.form.get("kiriman", ""), parts().now())
        if sending.case_id is not None:
            before = db().get_one(CaseRecord, sending.case_id)
            # The browser dropped the first answer, and with it the cookie that the receipt asks for.
            return to_receipt(before, issue_pin(db(), before))
        done = file_case(
            db(),
            engine=engine(),
            service=SERVICE,
            given=Given(answers=answers_of(report, definition), files=filled.given.files),
            applicant=Applicant(name=report.name[:80], secrecy=report.secrecy),
            files=attached_files(filled.files, FileSource.CITIZEN),
            place=Place(),
            now=parts().now(),
        )
        if not isinstance(done, Refused):
            sending.case_id = done.id
            return to_receipt(done, issue_pin(db(), done))
        db().delete(sending)
        faults = {fault.field: fault.text for fault in done.faults}
    return _page(definition, report, Shown(_photos(definition, filled), faults)), 422


@blueprint.get("/lapor/peta.svg")
@needs(Permission.PUBLIC, is_background=True)
def sketch() -> Response:
    """Draw the city, or the surroundings of a place."""
    latitude, longitude = degrees(request.args.get("lat", "")), degrees(request.args.get("lon", ""))
    place = None if latitude is None or longitude is None else (latitude, longitude)
    if place is not None and spot_at(*place) is None:
        place = None
    response = Response(drawing(place, _landmarks(place)), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _page(definition: ServiceDefinition, report: Report, shown: Shown, *, is_kept: bool = False) -> str:
    place = report.place
    spot = None if place is None else spot_at(*place)
    return render_template(
        "cases/complaints/report.html",
        report=report,
        shown=shown,
        spot=spot,
        categories=categories(definition),
        wards=kelurahan_options(),
        side_px=SIDE_PX,
        last_filed=None if is_kept else last_known(),
        token="" if is_kept else request.form.get("kiriman") or new_token(),
        view=view_of(None if spot is None else place),
        is_kept=is_kept,
        drawn=_within_page() if is_kept else "",
    )


def _within_page() -> str:
    """Return the drawing of the whole city as an address that needs no network."""
    return "data:image/svg+xml;base64," + base64.b64encode(drawing(None, ()).encode()).decode()


def _definition(session: Session) -> ServiceDefinition:
    found = complaint_service(session)
    if found is None:
        abort(404)
    return found


def _pressed(report: Report) -> Report | None:
    """Return the report moved to where the drawing was pressed; Enter on it sends 0, 0 and means "send"."""
    try:
        x_px, y_px = (int(request.form[f"{_MAP}.{side}"]) for side in ("x", "y"))
    except (KeyError, ValueError):
        return None
    if not (0 < x_px < SIDE_PX and 0 < y_px < SIDE_PX):
        return None
    shown = [degrees(request.form.get(f"{_MAP}-{name}", "")) for name in ("lat", "lon")]
    centre = None if shown[0] is None or shown[1] is None else (shown[0], shown[1])
    return with_place(report, *view_of(centre).place_at(x_px, y_px))


def _offered(report: Report) -> tuple[Offered, ...]:
    one = likeness(
        db(),
        id_="",
        category=report.category,
        text=f"{report.title} {report.text}",
        at=parts().now(),
        place=report.place,
        kelurahan=report.kelurahan,
    )
    return offered_for(db(), one)


def _photos(definition: ServiceDefinition, filled: Filled) -> FileControl:
    return page_of((), _wanted(definition), filled, claims=_claims()).files[0]


def _wanted(definition: ServiceDefinition) -> tuple[Requirement, ...]:
    return tuple(one for one in definition.first_files if one.id == PHOTO)


def _claims() -> Claims:
    return claims_for(f"{SERVICE} {PHOTO}")


def _folder() -> Path:
    return folder_of(parts().config.folder)


def _landmarks(place: tuple[float, float] | None) -> list[Landmark]:
    if place is None:
        return []
    rows = db().scalars(select(Site).where(Site.is_retired.is_(False)))
    near = [
        one for one in rows if abs(one.latitude - place[0]) < 0.01 and abs(one.longitude - place[1]) < 0.01
    ]
    return [Landmark(one.name, one.latitude, one.longitude) for one in near]
