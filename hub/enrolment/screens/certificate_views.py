"""The page of a device's certificates, and taking the device out of service."""

from pathlib import Path

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.enrolment.issuing.clones import clone_of
from hub.enrolment.issuing.register import certificates_of
from hub.enrolment.issuing.revocation import revoke_device
from hub.ingest.models import DevicePresence
from hub.people.permissions import Permission
from hub.places.models import Device, Site
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.sure import insist_on_sure

blueprint = Blueprint("device_certificate", __name__)

LEAST_REASON_LETTERS = 5


@blueprint.get("/perangkat/<device>/sertifikat")
@needs(Permission.DEVICE_SEE, is_scoped=True)
def certificates(device: str) -> str:
    """Show every certificate of a device, which one it uses, and whether it has a clone."""
    return _page(device)


@blueprint.post("/perangkat/<device>/cabut")
@needs(Permission.DEVICE_REVOKE, is_scoped=True)
def revoke(device: str) -> AnyResponse | tuple[str, int]:
    """Take a device out of service at once, for a reason that is kept."""
    insist_on_sure()
    _device(device)
    reason = request.form.get("alasan", "").strip()[:200]
    if len(reason) < LEAST_REASON_LETTERS:
        return _page(device, mistake=_("Tulis alasannya, misalnya “dicuri dari tiang”.")), 422
    is_news = revoke_device(
        db(),
        device,
        certificates=Path(parts().config.device_certificates),
        actor=signed_in().name,
        reason=reason,
        now=parts().now(),
    )
    if is_news:
        flash(_("Sertifikat dicabut; perangkat diputus dalam satu menit."))
    else:
        flash(_("Perangkat ini tidak punya sertifikat yang masih berlaku."))
    return redirect(url_for("device_certificate.certificates", device=device), code=303)


def _page(device: str, *, mistake: str = "") -> str:
    row, presence = _device(device), db().get(DevicePresence, device)
    return render_template(
        "enrolment/certificates.html",
        device=row,
        site=db().get_one(Site, row.site),
        rows=certificates_of(db(), device),
        used="" if presence is None else presence.certificate,
        clone=clone_of(db(), device, parts().now()),
        now=parts().now(),
        mistake=mistake,
        typed=request.form,
    )


def _device(device: str) -> Device:
    row = db().get(Device, device)
    if row is None:
        abort(404)
    return row
