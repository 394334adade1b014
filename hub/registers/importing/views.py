"""Importing rows on screen: a file is checked and shown, and written only when told so, whole."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.people.permissions import Permission
from hub.registers.importing.apply import apply_plan
from hub.registers.importing.drafts import drop_draft, find_draft, keep_draft
from hub.registers.importing.plan import Act, Plan, PlannedChange, make_plan, snapshots
from hub.registers.importing.rows import MAX_ROWS, columns_of, read_rows
from hub.registers.keeping.names import names_for
from hub.registers.kind.differing import FieldChange, changes_between
from hub.registers.kind.fields import Kind
from hub.registers.kind.reading import kind_of
from hub.registers.kind.rules import Names
from hub.registers.screens.access import actor, insist_on_adding, names_of
from hub.web.files.table_file import MAX_FILE_BYTES, read_table
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("register_import", __name__)

# What a page shows of thousands of rows; the whole list is a file.
SHOWN = 200
_FORM_BYTES = 64 * 1024


@blueprint.get("/register/<kind>/impor")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def upload(kind: str) -> str:
    """Show the form, and what the last checked file would change."""
    found = kind_of(kind)
    insist_on_adding(found)
    names = names_of(found)
    checked = _checked(found, names)
    return render_template(
        "registers/import.html",
        kind=found,
        file_name=checked[0] if checked else "",
        plan=checked[1] if checked else None,
        acts=act_words(),
        shown=SHOWN,
        most=MAX_ROWS,
        columns=columns_of(found),
        changes=lambda change: _in_words(found, change, names),
    )


@blueprint.get("/register/<kind>/impor/salah.csv")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def mistakes_csv(kind: str) -> Response:
    """Give every bad cell of the checked file, with its remedy."""
    found = kind_of(kind)
    insist_on_adding(found)
    checked = _checked(found, names_of(found))
    mistakes = checked[1].mistakes if checked else ()
    header = (_("baris"), _("kolom"), _("isi"), _("perbaikan"))
    return csv_response("baris-salah.csv", header, [(m.line, m.column, m.value, m.remedy) for m in mistakes])


@blueprint.post("/register/<kind>/impor/periksa")
@needs(Permission.REGISTER_EDIT, is_scoped=True, upload_bytes=MAX_FILE_BYTES + _FORM_BYTES)
def check(kind: str) -> AnyResponse:
    """Read a file and keep what it says until it is decided."""
    found = kind_of(kind)
    insist_on_adding(found)
    file = request.files.get("berkas")
    try:
        if file is None or not file.filename:
            raise InputError(_("Pilih dulu berkas CSV atau XLSX."))
        # Before the database is written to: reading thousands of rows takes seconds.
        with parts().database.reading() as look:
            names = names_for(look, found)
        table = read_table(file.read(), file.filename, most_rows=MAX_ROWS, is_literal=True)
        rows = read_rows(found, table, names)
    except InputError as error:
        # What was checked before must not look like the answer to this file.
        drop_draft(db(), signed_in().account_id)
        flash(str(error), "bad")
        return _back(kind)
    account_id, now = signed_in().account_id, parts().now()
    keep_draft(db(), account_id=account_id, kind=kind, file_name=file.filename, table=rows, now=now)
    return _back(kind)


@blueprint.post("/register/<kind>/impor/terapkan")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def apply(kind: str) -> AnyResponse:
    """Write the checked file, whole."""
    found = kind_of(kind)
    insist_on_adding(found)
    checked = _checked(found, names_of(found))
    try:
        if checked is None:
            raise InputError(_("Tidak ada berkas yang sudah diperiksa; unggah lagi."))
        file_name, plan = checked
        count = apply_plan(db(), found, plan, file_name=file_name, actor=actor())
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
        return _back(kind)
    drop_draft(db(), signed_in().account_id)
    flash(_("%(count)s baris ditulis dari %(file)s.", count=count, file=file_name))
    return redirect(url_for("registers.listing", kind=kind), code=303)


@blueprint.post("/register/<kind>/impor/buang")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def discard(kind: str) -> AnyResponse:
    """Forget the checked file."""
    insist_on_adding(kind_of(kind))
    drop_draft(db(), signed_in().account_id)
    return _back(kind)


def act_words() -> dict[Act, str]:
    """Return what each row of a file does."""
    return {Act.NEW: _("baru"), Act.CHANGED: _("berubah"), Act.BACK: _("dipulihkan")}


def _in_words(kind: Kind, change: PlannedChange, names: Names) -> list[FieldChange]:
    was, becomes = snapshots(change)
    return list(changes_between(kind, was, becomes, names))


def _checked(kind: Kind, names: Names) -> tuple[str, Plan] | None:
    """Compare the checked file with today's rows: others may have changed them since."""
    found = find_draft(db(), signed_in().account_id, kind.code, parts().now())
    if found is None:
        return None
    file_name, table = found
    return file_name, make_plan(db(), kind, table, names, actor())


def _back(kind: str) -> AnyResponse:
    return redirect(url_for("register_import.upload", kind=kind), code=303)
