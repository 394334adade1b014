"""Importing employees on screen: a file is checked and shown, and written only when told so."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.people.importing.apply import apply_plan
from hub.people.importing.drafts import drop_draft, find_draft, keep_draft
from hub.people.importing.known import Known, read_known
from hub.people.importing.plan import Kind, Plan, make_plan
from hub.people.importing.rows import COLUMNS, NEEDED, read_staff
from hub.people.permissions import Permission
from hub.people.staff import access
from hub.web.files.table_file import MAX_FILE_BYTES, read_table
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("staff_import", __name__)

# What a page shows of thousands of rows; the whole list is a file.
SHOWN = 200
_FORM_BYTES = 64 * 1024


@blueprint.get("/kepegawaian/impor")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def upload() -> str:
    """Show the form, and what the last checked file would change."""
    found = _plan()
    return render_template(
        "people/staff/import.html",
        file_name=found[0] if found else "",
        plan=found[1] if found else None,
        kinds=kind_words(),
        shown=SHOWN,
        needed=NEEDED,
        optional=[name for name in COLUMNS if name not in NEEDED],
    )


@blueprint.get("/kepegawaian/impor/contoh.csv")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def template() -> Response:
    """Give a file to fill in."""
    example = ("", "Siti N.", "198703152009022002", 1, "", 11, "", "", "2026-01-05", "")
    names = ("nomor", "nama", "nip", "opd", "nama_opd", "unit", "nama_unit", "lokasi", "mulai", "selesai")
    return csv_response("contoh-pegawai.csv", names, [example])


@blueprint.get("/kepegawaian/impor/salah.csv")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def mistakes_csv() -> Response:
    """Give every bad row of the checked file, with its remedy."""
    found = _plan()
    rows = [(one.line, one.sentence) for one in found[1].mistakes] if found else []
    return csv_response("baris-salah.csv", (_("baris"), _("kesalahan")), rows)


@blueprint.post("/kepegawaian/impor/periksa")
@needs(Permission.STAFF_MANAGE, is_scoped=True, upload_bytes=MAX_FILE_BYTES + _FORM_BYTES)
def check() -> AnyResponse:
    """Read a file and keep what it says until it is decided."""
    file = request.files.get("berkas")
    try:
        if file is None or not file.filename:
            raise InputError(_("Pilih dulu berkas CSV atau XLSX."))
        table = read_staff(read_table(file.read(), file.filename), nip_key=_nip_key(), today=access.today())
    except InputError as error:
        # What was checked before must not look like the answer to this file.
        drop_draft(db(), signed_in().account_id)
        flash(str(error), "bad")
        return _back()
    account_id, now = signed_in().account_id, parts().now()
    keep_draft(db(), account_id=account_id, file_name=file.filename, table=table, now=now)
    return _back()


@blueprint.post("/kepegawaian/impor/terapkan")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def apply() -> AnyResponse:
    """Write the checked file; with mistakes only the good rows, and only if told so."""
    known = read_known(db())
    found = _plan(known)
    try:
        if found is None:
            raise InputError(_("Tidak ada berkas yang sudah diperiksa; unggah lagi."))
        file_name, plan = found
        if plan.mistakes and request.form.get("baik") != "ya":
            raise InputError(_("Ada baris yang salah: perbaiki berkasnya, atau pilih hanya baris yang baik."))
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
        return _back()
    who, now = signed_in(), parts().now()
    count = apply_plan(db(), plan, known, file_name=file_name, today=access.today(), actor=who.name, now=now)
    drop_draft(db(), who.account_id)
    flash(_("%(count)s pegawai ditulis dari %(file)s.", count=count, file=file_name))
    return _back()


@blueprint.post("/kepegawaian/impor/buang")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def discard() -> AnyResponse:
    """Forget the checked file."""
    drop_draft(db(), signed_in().account_id)
    return _back()


def kind_words() -> dict[Kind, str]:
    """Return what each kind of change is called."""
    return {
        Kind.NEW: _("baru"),
        Kind.RENAMED: _("ganti nama"),
        Kind.MOVED: _("pindah"),
        Kind.LEFT: _("keluar"),
        Kind.RETURNED: _("kembali"),
        Kind.NIP: _("NIP"),
    }


def _plan(known: Known | None = None) -> tuple[str, Plan] | None:
    """Compare the checked file with today's data: others may have changed them since."""
    found = find_draft(db(), signed_in().account_id, parts().now())
    if found is None:
        return None
    file_name, table = found
    return file_name, make_plan(table, known or read_known(db()), access.own_reach())


def _nip_key() -> str:
    from flask import current_app

    key: str = current_app.config["SECRET_KEY"]
    return key


def _back() -> AnyResponse:
    return redirect(url_for("staff_import.upload"), code=303)
