"""The technician's pages ``/teknisi/pemasangan``: points, codes, labels. Made for a phone."""

import secrets
from datetime import timedelta
from typing import NoReturn

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from edge.wire.joining.claims import ClaimCodeError, read_claim_code
from edge.wire.joining.enrolment import Role
from hub.enrolment.claiming.claims import (
    Maker,
    Wanted,
    cancel_claim,
    check_role,
    make_claim,
    new_device_id,
    roles_of,
    sources_of,
)
from hub.enrolment.models import DeviceClaim
from hub.enrolment.screens.labels import claim_drawing, claim_label, claim_text
from hub.enrolment.screens.listing import SitePlace, fitting_site, fitting_sites
from hub.enrolment.wiring import authority_of
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.places.access import own_reach
from hub.places.models import Site
from hub.web.formats import moment_text
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("fitting", __name__)

# How the fields of a form that say where a camera is read are called.
_SOURCE_FIELD = "sumber-"
_NEW = "baru"


@blueprint.get("/teknisi/pemasangan")
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def listing() -> str:
    """Show the points where the viewer may fit devices."""
    text = request.args.get("cari", "").strip()[:80]
    reach = own_reach(Permission.DEVICE_ENROL)
    return render_template(
        "enrolment/listing.html",
        sites=fitting_sites(db(), reach, text, parts().now()),
        text=text,
        has_authority=authority_of(parts().config) is not None,
    )


@blueprint.get("/teknisi/pemasangan/<site>")
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def site(site: str) -> str:
    """Show one point: its devices, and the form for a code."""
    return _site_page(_place(site))


@blueprint.get("/teknisi/pemasangan/<site>/sekarang")
@needs(Permission.DEVICE_ENROL, is_scoped=True, is_background=True)
def present(site: str) -> str:
    """Give the devices of a point as they are now; its page asks for them every few seconds."""
    return render_template("enrolment/fittings.html", place=_place(site))


@blueprint.post("/teknisi/pemasangan/<site>/kode")
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def make(site: str) -> tuple[str, int]:
    """Make a code and show it: this once, and never again."""
    place = _place(site)
    config = parts().config
    authority = authority_of(config)
    if authority is None:
        return _site_page(place, mistake=_("Hub ini belum punya otoritas penerbit; hubungi admin.")), 503
    try:
        row, code = make_claim(
            db(),
            _wanted(place),
            maker=Maker(signed_in().name, signed_in().account_id),
            root_fingerprint=authority.root_fingerprint,
            now=parts().now(),
            life=timedelta(hours=config.enrolment.claim_hours),
            random_bytes=secrets.token_bytes,
        )
    except InputError as error:
        roll_back()
        return _site_page(place, mistake=str(error)), 422
    hub = _hub_address()
    page = render_template(
        "enrolment/code.html",
        claim=row,
        place=place,
        code=str(code),
        hub=hub,
        drawing=claim_drawing(hub, str(code)),
        file=claim_text(hub, str(code)),
    )
    return page, 200


@blueprint.post("/teknisi/kode/<claim>/batal")
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def cancel(claim: str) -> AnyResponse:
    """Make a code worthless."""
    row = _own_claim(claim)
    is_done = cancel_claim(db(), row, actor=signed_in().name, now=parts().now())
    flash(_("Kode dibatalkan.") if is_done else _("Kode itu sudah dipakai atau dibatalkan."))
    return redirect(url_for("fitting.site", site=row.site), code=303)


@blueprint.post("/teknisi/kode/<claim>/label")
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def label(claim: str) -> Response:
    """Give the label as PDF; the page that shows the code sends it along, as nobody else knows it."""
    row = _own_claim(claim)
    code = _typed_code(row)
    here = parts()
    name = db().get_one(Site, row.site).name
    pdf = claim_label(
        _hub_address(),
        code,
        title=name,
        device=row.device,
        until=moment_text(row.expires_at, here.zone, language()),
        city=here.config.city,
    )
    return _secret_file(pdf, "application/pdf", f"label-{row.device}.pdf")


@blueprint.post("/teknisi/kode/<claim>/berkas")
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def card_file(claim: str) -> Response:
    """Give ``pontive.toml`` for the card or a stick, named as the device looks for it."""
    row = _own_claim(claim)
    text = claim_text(_hub_address(), _typed_code(row))
    return _secret_file(text.encode(), "application/toml", "pontive.toml")


def _typed_code(row: DeviceClaim) -> str:
    try:
        code = read_claim_code(request.form.get("kode", "")[:100])
    except ClaimCodeError:
        abort(422)
    if code.id != row.id:
        abort(422)
    return str(code)


def _secret_file(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _site_page(place: SitePlace, *, mistake: str = "") -> str:
    sources = {
        fitting.id: {role.value: sources_of(db(), fitting.id, role) for role in Role}
        for fitting in place.fittings
    }
    return render_template(
        "enrolment/site.html",
        place=place,
        sources=sources,
        roles={fitting.id: roles_of(db(), fitting.id) for fitting in place.fittings},
        new_id=new_device_id(db(), place.id),
        mistake=mistake,
        typed=request.form,
        has_authority=authority_of(parts().config) is not None,
    )


def _wanted(place: SitePlace) -> Wanted:
    device = request.form.get("perangkat", "")[:63]
    if device == _NEW:
        device = new_device_id(db(), place.id)
    elif device not in {fitting.id for fitting in place.fittings}:
        raise InputError(_("Pilih perangkat dari daftar, atau “perangkat baru”."))
    role = request.form.get("peran", "")
    if role not in {one.value for one in Role}:
        raise InputError(_("Pilih perannya: titik kamera atau pintu."))
    check_role(db(), device, Role(role))
    typed = {
        name.removeprefix(_SOURCE_FIELD): value.strip()
        for name, value in request.form.items()
        if name.startswith(_SOURCE_FIELD) and value.strip()
    }
    known = set(sources_of(db(), device, Role(role)))
    return Wanted(
        site=place.id,
        device=device,
        role=Role(role),
        name=request.form.get("nama", "")[:80],
        sources={name: source for name, source in typed.items() if name in known},
    )


def _place(site: str) -> SitePlace:
    found = fitting_site(db(), site, parts().now())
    # A camera of one's OPD at a point does not make the point one's own.
    if found is None or not own_reach(Permission.DEVICE_ENROL).holds_site(site):
        _gone()
    return found


def _own_claim(claim: str) -> DeviceClaim:
    row = db().get(DeviceClaim, claim)
    if row is None or not own_reach(Permission.DEVICE_ENROL).holds_site(row.site):
        _gone()
    return row


def _gone() -> NoReturn:
    abort(404)


def _hub_address() -> str:
    return parts().config.enrolment.url.rstrip("/") or request.host_url.rstrip("/")
