"""Rows typed in by hand: the form of a new one, and of one that is there."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputError
from hub.people.permissions import Permission
from hub.places.areas import read_areas
from hub.registers.keeping.models import RegisterRow
from hub.registers.keeping.names import names_for
from hub.registers.keeping.service import add_row, keep_row
from hub.registers.kind.fields import Kind, Owner, Quality
from hub.registers.kind.reading import kind_of
from hub.registers.kind.rules import Names
from hub.registers.screens import access
from hub.registers.screens.forms import ReadForm, read_form, typed_values
from hub.web.guarding.guard import needs
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("register_edit", __name__)

# Two photos as telephones make them, and the rest of the form.
_FORM_BYTES = 26 * 1024 * 1024

Answer = AnyResponse | tuple[str, int]


@blueprint.get("/register/<kind>/baru")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def new(kind: str) -> str:
    """Show the form of a new row."""
    found = kind_of(kind)
    access.insist_on_adding(found)
    reach = access.own_reach(Permission.REGISTER_EDIT)
    names = access.names_of(found)
    own = next(iter(reach.opds)) if len(reach.opds) == 1 else None
    typed = {"opd": names.opd_names.get(own, "") if own else "", "sumber": found.source, "mutu": "sah"}
    return _form(found, names, typed, {})


@blueprint.post("/register/<kind>/baru")
@needs(Permission.REGISTER_EDIT, is_scoped=True, upload_bytes=_FORM_BYTES)
def add(kind: str) -> Answer:
    """Add a row."""
    found = kind_of(kind)
    access.insist_on_adding(found)
    sent, names = _sent(found, {})
    if sent.faults:
        return _form(found, names, sent.typed, sent.faults), 422
    try:
        row = add_row(db(), found, sent.given, access.actor())
    except InputError as error:
        roll_back()
        return _form(found, names, sent.typed, {}, mistake=str(error)), 422
    flash(_("%(title)s ditambahkan.", title=row.title))
    return redirect(url_for("register_row.show", kind=kind, number=row.id), code=303)


@blueprint.get("/register/<kind>/<int:number>/ubah")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def edit(kind: str, number: int) -> str:
    """Show the form of a row."""
    found = kind_of(kind)
    row = access.edited_row(found, number)
    names = access.names_of(found)
    return _form(found, names, _typed(found, row, names), {}, row=row)


@blueprint.post("/register/<kind>/<int:number>/ubah")
@needs(Permission.REGISTER_EDIT, is_scoped=True, upload_bytes=_FORM_BYTES)
def save(kind: str, number: int) -> Answer:
    """Change a row."""
    found = kind_of(kind)
    with parts().database.reading() as look:
        was = look.get(RegisterRow, number)
        values = dict(was.values) if was is not None and was.kind == kind else {}
    row = access.edited_row(found, number)
    sent, names = _sent(found, values)
    if sent.faults:
        return _form(found, names, sent.typed, sent.faults, row=row), 422
    version = request.form.get("versi", 0, type=whole_number)
    try:
        is_changed = keep_row(db(), row, sent.given, access.actor(), version=version)
    except InputError as error:
        roll_back()
        return _form(
            found, names, sent.typed, {}, row=access.edited_row(found, number), mistake=str(error)
        ), 422
    flash(_("Tersimpan.") if is_changed else _("Tidak ada yang berubah."))
    return redirect(url_for("register_row.show", kind=kind, number=number), code=303)


def _sent(kind: Kind, was: Mapping[str, Any]) -> tuple[ReadForm, Names]:
    # Names are read apart: pictures are drawn anew before the database is locked for writing.
    with parts().database.reading() as look:
        names = names_for(look, kind)
    folder = access.pictures_folder()
    return read_form(kind, request.form, request.files, names, was=was, folder=folder), names


def _typed(kind: Kind, row: RegisterRow, names: Names) -> dict[str, str]:
    days = {"berlaku_dari": row.valid_from, "berlaku_sampai": row.valid_to}
    standard = {name: day.isoformat() if day else "" for name, day in days.items()}
    return {**typed_values(kind, row.values, names), **standard, "sumber": row.source, "mutu": row.quality}


def _form(
    kind: Kind,
    names: Names,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    row: RegisterRow | None = None,
    mistake: str = "",
) -> str:
    reach = access.own_reach(Permission.REGISTER_EDIT)
    return render_template(
        "registers/form.html",
        kind=kind,
        row=row,
        typed=typed,
        faults=faults,
        mistake=mistake,
        names=names,
        own_opds=[name for number, name in names.opd_names.items() if reach.is_city or number in reach.opds],
        wards=read_areas().kelurahan,
        qualities=[one.value for one in Quality],
        has_owner=kind.owner is Owner.OPD,
        may_moderate=reach.is_city,
    )
