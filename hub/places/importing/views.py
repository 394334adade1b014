"""Importing the inventory on screen: files are checked and shown, and written only when told so."""

from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.people.permissions import Permission
from hub.places.importing.apply import apply_plan
from hub.places.importing.drafts import drop_draft, find_draft, keep_draft
from hub.places.importing.export import inventory_workbook
from hub.places.importing.files import MAX_FILES, Upload, read_files
from hub.places.importing.known import Known, read_known
from hub.places.importing.plan import Action, Plan, make_plan
from hub.places.importing.sample import sample_tables
from hub.places.importing.tables import LAYOUTS, InventoryTables
from hub.places.models import CameraOwner
from hub.places.register.views import kind_words
from hub.web.files.spreadsheet import XLSX_TYPE, file_response
from hub.web.files.table_file import MAX_FILE_BYTES
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("inventory_import", __name__)

# What a page shows of hundreds of rows; the whole list of mistakes is a file.
SHOWN = 200
_FORM_BYTES = 64 * 1024
_SAMPLE = "contoh-147-kamera.xlsx"


@blueprint.get("/inventaris/impor")
@needs(Permission.PLACE_MANAGE)
def upload() -> str:
    """Show the form, and what the last checked files would change."""
    found = _checked()
    return render_template(
        "places/inventory/import.html",
        file_name=found[0] if found else "",
        plan=found[2] if found else None,
        actions=action_words(),
        kinds=kind_words(),
        layouts=LAYOUTS,
        shown=SHOWN,
        most=MAX_FILES,
    )


@blueprint.get("/inventaris/impor/contoh.xlsx")
@needs(Permission.PLACE_MANAGE)
def sample() -> Response:
    """Give the example: 147 cameras at 51 points."""
    return file_response(inventory_workbook(sample_tables()), _SAMPLE, XLSX_TYPE)


@blueprint.get("/inventaris/impor/salah.csv")
@needs(Permission.PLACE_MANAGE)
def mistakes_csv() -> Response:
    """Give every bad row of the checked files, with its remedy."""
    found = _checked()
    rows = (
        [(one.table, one.line, one.column, one.value, one.remedy) for one in found[2].mistakes]
        if found
        else []
    )
    header = (_("tabel"), _("baris"), _("kolom"), _("isi"), _("perbaikan"))
    return csv_response("baris-salah.csv", header, rows)


@blueprint.post("/inventaris/impor/periksa")
@needs(Permission.PLACE_MANAGE, upload_bytes=MAX_FILE_BYTES + _FORM_BYTES)
def check() -> AnyResponse:
    """Read files and keep what they say until it is decided."""
    files = [file for file in request.files.getlist("berkas") if file.filename]
    try:
        if not files:
            raise InputError(_("Pilih dulu berkas XLSX atau CSV."))
        uploads = [Upload(file.filename or "", file.read()) for file in files]
        tables = read_files(uploads, known_owners=db().scalars(select(CameraOwner.owner).distinct()))
    except InputError as error:
        # What was checked before must not look like the answer to these files.
        drop_draft(db(), signed_in().account_id)
        flash(str(error), "bad")
        return _back()
    _keep(", ".join(one.name for one in uploads), tables)
    return _back()


@blueprint.post("/inventaris/impor/contoh")
@needs(Permission.PLACE_MANAGE)
def check_sample() -> AnyResponse:
    """Check the example as if it had been uploaded."""
    _keep(_SAMPLE, sample_tables())
    return _back()


@blueprint.post("/inventaris/impor/terapkan")
@needs(Permission.PLACE_MANAGE)
def apply() -> AnyResponse:
    """Write the checked files, all or nothing; what they do not name is retired only with a tick."""
    known = read_known(db(), _today())
    found = _checked(known)
    who = signed_in()
    try:
        if found is None:
            raise InputError(_("Tidak ada berkas yang sudah diperiksa; unggah lagi."))
        file_name, tables, plan = found
        count = apply_plan(
            db(),
            tables,
            plan,
            known,
            retires=request.form.get("pensiunkan") == "ya",
            file_name=file_name,
            today=_today(),
            actor=who.name,
            now=parts().now(),
        )
    except InputError as error:
        # The preview stays: nothing of the draft was touched.
        roll_back()
        flash(str(error), "bad")
        return _back()
    drop_draft(db(), who.account_id)
    flash(_("%(count)s baris inventaris ditulis dari %(file)s.", count=count, file=file_name))
    return _back()


@blueprint.post("/inventaris/impor/buang")
@needs(Permission.PLACE_MANAGE)
def discard() -> AnyResponse:
    """Forget the checked files."""
    drop_draft(db(), signed_in().account_id)
    return _back()


def action_words() -> dict[Action, str]:
    """Return what each action is called."""
    return {
        Action.NEW: _("baru"),
        Action.CHANGED: _("berubah"),
        Action.BACK: _("kembali bertugas"),
        Action.GONE: _("tidak disebut berkas"),
    }


def _checked(known: Known | None = None) -> tuple[str, InventoryTables, Plan] | None:
    """Compare the checked files with today's inventory: others may have changed it since."""
    found = find_draft(db(), signed_in().account_id, parts().now())
    if found is None:
        return None
    file_name, tables = found
    return file_name, tables, make_plan(tables, known or read_known(db(), _today()), _today())


def _keep(file_name: str, tables: InventoryTables) -> None:
    account_id, now = signed_in().account_id, parts().now()
    keep_draft(db(), account_id=account_id, file_name=file_name, tables=tables, now=now)


def _today() -> date:
    return parts().now().astimezone(parts().zone).date()


def _back() -> AnyResponse:
    return redirect(url_for("inventory_import.upload"), code=303)
