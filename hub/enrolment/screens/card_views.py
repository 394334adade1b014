"""Files that a technician carries to a device: its encrypted identity, an order to forget, its report."""

from pathlib import Path

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from edge.wire.joining.bundle import LEAST_PASSPHRASE_LETTERS
from edge.wire.joining.enrolment import Role
from hub.enrolment.claiming.bundles import make_bundle
from hub.enrolment.claiming.claims import roles_of
from hub.enrolment.claiming.surroundings import surroundings_of
from hub.enrolment.screens.diagnostics import diagnostics_of
from hub.enrolment.wiring import authority_of
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.places.models import Device, Site
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure

blueprint = Blueprint("card_files", __name__)

_PATH = "/teknisi/perangkat/<device>/kartu"


@blueprint.get(_PATH)
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def sheet(device: str) -> str:
    """Show which files there are for a device."""
    return _page(device)


@blueprint.post(f"{_PATH}/bundel")
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def bundle(device: str) -> Response | tuple[str, int]:
    """Give a device's whole identity, sealed by a passphrase that goes another way."""
    insist_on_sure()
    _device(device)
    authority = authority_of(parts().config)
    if authority is None:
        return _page(device, mistake=_("Hub ini belum punya otoritas penerbit; hubungi admin.")), 503
    try:
        sealed = make_bundle(
            db(),
            device,
            Role.DOOR if request.form.get("peran") == Role.DOOR else Role.CAMERA,
            _passphrase(),
            authority=authority,
            around=surroundings_of(parts().config),
            certificates=Path(parts().config.device_certificates),
            actor=signed_in().name,
            now=parts().now(),
        )
    except InputError as error:
        roll_back()
        return _page(device, mistake=str(error)), 422
    return _file(sealed, "application/octet-stream", f"{device}.pontive")


@blueprint.get(f"{_PATH}/kosongkan")
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def forget(device: str) -> Response:
    """Give the ``pontive.toml`` that makes this device, and no other, forget everything."""
    return _file(f'reset = "{_device(device).id}"\n'.encode(), "application/toml", "pontive.toml")


@blueprint.get(f"{_PATH}/diagnostik")
@needs(Permission.DEVICE_ENROL, is_scoped=True)
def diagnostics(device: str) -> Response:
    """Give what the hub knows of a device, for whoever looks for a fault; holds no secrets."""
    _device(device)
    found = diagnostics_of(db(), device, parts().now())
    return _file(found, "application/json", f"diagnostik-{device}.json")


def _passphrase() -> str:
    typed = request.form.get("frasa", "")[:200]
    if typed != request.form.get("ulang", "")[:200]:
        raise InputError(_("Kedua frasa sandi tidak sama; ketik lagi."))
    if len(typed) < LEAST_PASSPHRASE_LETTERS:
        raise InputError(_("Frasa sandi sedikitnya %(least)s huruf.", least=LEAST_PASSPHRASE_LETTERS))
    return typed


def _page(device: str, *, mistake: str = "") -> str:
    row = _device(device)
    return render_template(
        "enrolment/card.html",
        device=row,
        site=db().get_one(Site, row.site),
        has_authority=authority_of(parts().config) is not None,
        mistake=mistake,
        is_door=roles_of(db(), device) == (Role.DOOR,),
        least_letters=LEAST_PASSPHRASE_LETTERS,
    )


def _device(device: str) -> Device:
    row = db().get(Device, device)
    if row is None or row.is_retired:
        abort(404)
    return row


def _file(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
