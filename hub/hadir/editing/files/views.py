"""Leave and shift rosters from CSV or XLSX: a dry run names every bad row, an import takes all or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.hadir.asking import reach_for, today
from hub.hadir.editing.files import leave as leave_file
from hub.hadir.editing.files import shifts as shift_file
from hub.hadir.editing.files.people import KnownPeople
from hub.people import audit
from hub.people.permissions import Permission
from hub.web.files.spreadsheet import XLSX_TYPE, Sheet, file_response, workbook
from hub.web.files.table_file import MAX_FILE_BYTES, Table, read_table
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("edit_files", __name__)

# The form around the file is small.
UPLOAD_BYTES = MAX_FILE_BYTES + 64 * 1024
MAX_MISTAKES = 500


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file came to; ``keep`` writes it and says how many rows."""

    count: int
    mistakes: Sequence[str]
    keep: Callable[[Session], int]


@blueprint.get("/hadir/kelola/izin/impor")
@needs(Permission.HADIR_MANAGE, is_scoped=True)
def leave_form() -> str:
    """Show the form for a file of leave."""
    return _page("izin")


@blueprint.post("/hadir/kelola/izin/impor")
@needs(Permission.HADIR_MANAGE, is_scoped=True, upload_bytes=UPLOAD_BYTES)
def leave_import() -> str | AnyResponse:
    """Check, or check and keep, a file of leave."""
    return _import("izin", _read_leave)


@blueprint.get("/hadir/kelola/giliran/impor")
@needs(Permission.HADIR_MANAGE, is_scoped=True)
def shift_form() -> str:
    """Show the form for a file of shifts."""
    return _page("giliran")


@blueprint.post("/hadir/kelola/giliran/impor")
@needs(Permission.HADIR_MANAGE, is_scoped=True, upload_bytes=UPLOAD_BYTES)
def shift_import() -> str | AnyResponse:
    """Check, or check and keep, a file of shifts."""
    return _import("giliran", _read_shifts)


@blueprint.get("/hadir/kelola/izin/contoh.xlsx")
@needs(Permission.HADIR_MANAGE, is_scoped=True)
def leave_template() -> Response:
    """Give a workbook to fill in."""
    return _template("contoh-izin.xlsx", leave_file.TEMPLATE)


@blueprint.get("/hadir/kelola/giliran/contoh.xlsx")
@needs(Permission.HADIR_MANAGE, is_scoped=True)
def shift_template() -> Response:
    """Give a workbook to fill in."""
    return _template("contoh-giliran.xlsx", shift_file.TEMPLATE)


def _read_leave(table: Table, people: KnownPeople) -> Checked:
    file = leave_file.read_leave(table, people, approver=signed_in().name)
    return Checked(len(file.rows), file.mistakes, lambda db: leave_file.load_leave(db, file))


def _read_shifts(table: Table, people: KnownPeople) -> Checked:
    file = shift_file.read_shifts(table, people)
    return Checked(len(file.rows), file.mistakes, lambda db: shift_file.load_shifts(db, file))


def _import(kind: str, read: Callable[[Table, KnownPeople], Checked]) -> str | AnyResponse:
    form = url_for(f"edit_files.{'leave' if kind == 'izin' else 'shift'}_form")
    try:
        upload = request.files.get("berkas")
        if upload is None or not upload.filename:
            raise InputError(str(_("Pilih berkas CSV atau XLSX.")))
        name = upload.filename[-80:]
        people = KnownPeople(db(), reach=reach_for(Permission.HADIR_MANAGE), nip_key=nip_key(), today=today())
        checked = read(read_table(upload.read(), name), people)
    except InputError as error:
        flash(str(error), "bad")
        return redirect(form, code=303)
    if request.form.get("langkah") != "impor" or checked.mistakes:
        return _page(kind, checked=checked, name=name)
    count = checked.keep(db())
    _note(kind, name, count)
    flash(_("%(count)s baris diimpor dari %(name)s.", count=count, name=name))
    return redirect(form, code=303)


def nip_key() -> str:
    """Return what the digests of NIPs are keyed with."""
    return str(current_app.config["SECRET_KEY"])


def _note(kind: str, name: str, count: int) -> None:
    audit.append(
        db(),
        at=parts().now(),
        actor=signed_in().name,
        action="leave.import" if kind == "izin" else "shifts.import",
        target=name,
        detail=f"{count} rows",
    )


def _page(kind: str, **more: object) -> str:
    columns = leave_file.TEMPLATE if kind == "izin" else shift_file.TEMPLATE
    return render_template("hadir/edit_file.html", kind=kind, columns=columns, most=MAX_MISTAKES, **more)


def _template(name: str, columns: Sequence[str]) -> Response:
    widths = [18.0] * len(columns)
    sheet = Sheet(title=_("contoh"), above=(), header=columns, rows=(), widths=widths, is_landscape=False)
    return file_response(workbook(sheet), name, XLSX_TYPE)
