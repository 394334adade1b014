"""One's own month, corrections and phones, laid out for a phone."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from hub.errors import InputError, NotFoundError
from hub.hadir.asking import chosen_month, today
from hub.hadir.corrections import attachments
from hub.hadir.corrections import service as corrections
from hub.hadir.corrections.views import ask_own, too_large_words, withdraw_own
from hub.hadir.phone.keys import phones_of, revoke_phone
from hub.hadir.phone.month import own_month
from hub.people.permissions import Permission
from hub.people.reach import own_number, uses_badge
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("phone_own", __name__)


@blueprint.get("/hadir/ponsel/bulan")
@needs(Permission.HADIR_OWN, is_scoped=True)
def month() -> str:
    """Show one's month, newest day first, each with its scans, cuts and reasons."""
    chosen = chosen_month()
    number = own_number(db(), signed_in().account_id)
    found = own_month(db(), person=number, month=chosen, today=today(), zone=parts().zone)
    return render_template(
        "hadir/phone/month.html",
        month=chosen,
        found=found,
        is_linked=number is not None,
        current=today().replace(day=1),
    )


@blueprint.get("/hadir/ponsel/koreksi")
@needs(Permission.HADIR_OWN, is_scoped=True)
def correction_form() -> str:
    """Show the form for a correction, and those one asked for."""
    return _correction_page(request.args)


@blueprint.post("/hadir/ponsel/koreksi")
@needs(Permission.HADIR_OWN, is_scoped=True, upload_bytes=attachments.MAX_BODY_BYTES)
def ask_correction() -> Response | tuple[str, int]:
    """Keep a wish for a correction, with its attachment; after a mistake what was typed stays."""
    try:
        ask_own()
    except InputError as error:
        return _correction_page(request.form, str(error)), 422
    flash(_("Permintaan koreksi dikirim kepada atasan."))
    return redirect(url_for("phone_own.correction_form"), code=303)


@blueprint.post("/hadir/ponsel/koreksi/tarik")
@needs(Permission.HADIR_OWN, is_scoped=True)
def withdraw_correction() -> Response:
    """Take back a wish that nobody decided about."""
    withdraw_own()
    return redirect(url_for("phone_own.correction_form"), code=303)


@blueprint.errorhandler(413)
def too_large(_error: HTTPException) -> tuple[str, int]:
    """Name the limit on the page itself: what is larger was never read, not even the text."""
    roll_back()
    return _correction_page({}, too_large_words()), 413


@blueprint.get("/hadir/ponsel/perangkat")
@needs(Permission.HADIR_OWN, is_scoped=True)
def phones() -> str:
    """Show one's phones."""
    number = own_number(db(), signed_in().account_id)
    found = phones_of(db(), number) if number is not None else ()
    return render_template(
        "hadir/phone/phones.html",
        phones=found,
        is_linked=number is not None,
        has_pin_page=uses_badge(db(), signed_in().account_id),
    )


@blueprint.post("/hadir/ponsel/perangkat/cabut")
@needs(Permission.HADIR_OWN, is_scoped=True)
def revoke() -> Response:
    """Take one of one's own phones out of use."""
    insist_on_sure()
    number = own_number(db(), signed_in().account_id)
    slot = request.form.get("ponsel", default=-1, type=whole_number)
    try:
        if number is None:
            raise NotFoundError("pegawai")
        revoke_phone(db(), person=number, slot=slot, actor=signed_in().name, now=parts().now())
        flash(_("Ponsel dicabut. Pintu menolak kodenya begitu menerima daftar yang baru."))
    except NotFoundError:
        flash(_("Ponsel itu tidak ada."), "bad")
    return redirect(url_for("phone_own.phones"), code=303)


def _correction_page(typed: Mapping[str, str], mistake: str = "") -> str:
    number = own_number(db(), signed_in().account_id)
    own = corrections.of_person(db(), number) if number is not None else ()
    return render_template(
        "hadir/phone/corrections.html",
        is_linked=number is not None,
        typed=typed,
        mistake=mistake,
        today=today(),
        own=own,
        attached=attachments.attached_to(db(), [row.id for row in own]),
    )
