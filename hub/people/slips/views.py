"""Handing out one-time codes and first PINs to those chosen in the list, on paper or as CSV."""

from collections.abc import Sequence

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.people.permissions import Permission
from hub.people.reach import Reach
from hub.people.slips.paper import Slip, draw_slips
from hub.people.slips.service import MAX_CODES, MAX_PINS, Handed, hand_out_codes, hand_out_pins
from hub.people.slips.wording import code_slip, pin_slip
from hub.people.staff import access
from hub.people.staff.choosing import back_to_list, chosen
from hub.people.staff.directory import StaffLine
from hub.web.files.spreadsheet import file_response
from hub.web.files.tables import csv_response
from hub.web.formats import moment_text
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("slips", __name__)


@blueprint.post("/kepegawaian/kode")
@needs(Permission.HADIR_ENROL, is_scoped=True)
def codes() -> AnyResponse:
    """Issue a one-time code for each one chosen; the file is the only copy."""
    try:
        lines = _within(chosen(MAX_CODES), access.own_reach(Permission.HADIR_ENROL))
        handed = hand_out_codes(db(), lines, actor=signed_in().name, now=parts().now())
        _need_some(handed, _("Semua yang dipilih sudah keluar; kode hanya untuk pegawai aktif."))
    except InputError as error:
        return _refused(error)
    if request.form.get("berkas") == "csv":
        return _codes_csv(handed)
    address = url_for("phone_enrolment.start", _external=True)
    return _pdf("kode-pendaftaran.pdf", [code_slip(one, address, _until(one)) for one in handed])


@blueprint.post("/kepegawaian/pin-awal")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def pins() -> AnyResponse:
    """Make a first PIN for each one chosen who may use a badge and has none."""
    try:
        handed = hand_out_pins(db(), chosen(MAX_PINS), actor=signed_in().name, now=parts().now())
        _need_some(handed, _("Tidak ada yang perlu PIN: hanya pegawai tanpa ponsel yang belum punya PIN."))
    except InputError as error:
        return _refused(error)
    return _pdf("pin-awal.pdf", [pin_slip(one) for one in handed])


def _within(lines: Sequence[StaffLine], reach: Reach) -> list[StaffLine]:
    return [line for line in lines if reach.holds(line.opd, line.unit)]


def _need_some(handed: Sequence[Handed], otherwise: str) -> None:
    if not handed:
        raise InputError(otherwise)


def _refused(error: InputError) -> AnyResponse:
    roll_back()
    flash(str(error), "bad")
    return back_to_list()


def _codes_csv(handed: Sequence[Handed]) -> Response:
    header = (_("nomor"), _("nama"), _("opd"), _("unit"), _("kode"), _("berlaku sampai"))
    rows = (
        (one.line.number, one.line.name, one.line.opd_name, one.line.unit_name, one.secret, _until(one))
        for one in handed
    )
    return csv_response("kode-pendaftaran.csv", header, rows)


def _pdf(name: str, slips: Sequence[Slip]) -> Response:
    return file_response(draw_slips(slips, city=parts().config.city), name, "application/pdf")


def _until(one: Handed) -> str:
    return moment_text(one.until, parts().zone, language()) if one.until else ""
