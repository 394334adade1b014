"""/definisi/draf/<n>/bagian: the form of one part of a draft. Everything typed is kept, right or wrong."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.cases.editor.faults import place_of
from hub.cases.editor.screen import Draft, around_of, hand, open_draft
from hub.cases.editor.service import save_draft
from hub.cases.editor.sheets.controls import KIND_WORDS, Kind
from hub.cases.editor.sheets.parts import Address, Body, moved, new_name, part_at, put_part, without_part
from hub.cases.editor.sheets.typed import draw_part, read_part
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.transaction import db, roll_back

blueprint = Blueprint("definition_parts", __name__)

_ALWAYS_THERE = (Kind.GENERAL, Kind.DOCUMENT)
# What a new part is before anybody typed: what most of its kind are.
_FRESH: dict[Kind, Body] = {
    Kind.FIELD: {"kind": "text", "is_required": True},
    Kind.REQUIREMENT: {
        "is_required": True, "is_reusable": True, "kinds": ["image", "pdf"], "most_files": 1, "valid_days": 0,
    },
    Kind.STAGE: {"public_status": "diproses", "reach": "city"},
    Kind.ACTION: {},
    Kind.OPINION: {},
    Kind.GENERAL: {},
    Kind.DOCUMENT: {
        "template": "umum", "number": "{classification}/{serial}/{unit}/{month}/{year}", "signed_by": "lurah",
    },
}  # fmt: skip


@blueprint.get("/definisi/draf/<int:draft>/bagian")
@needs(Permission.DEFINITION_MANAGE)
def show(draft: int) -> str:
    """Show the form of a part; without a name, of a new one."""
    shown, address = open_draft(draft), _address()
    part = part_at(shown.body, address) if _is_there(address) else dict(_FRESH[address.kind])
    if part is None or not _has_stage(shown, address):
        abort(404)
    return _drawn(shown, address, part or dict(_FRESH[address.kind]))


@blueprint.post("/definisi/draf/<int:draft>/bagian")
@needs(Permission.DEFINITION_MANAGE)
def save(draft: int) -> Response | tuple[str, int]:
    """Keep a part, move it or take it out."""
    shown, address = open_draft(draft), _address()
    old = part_at(shown.body, address) if _is_there(address) else {}
    if old is None or not _has_stage(shown, address):
        abort(404)
    doing = request.form.get("lakukan", "simpan")
    typed = read_part(address.kind, request.form, old)
    body, address = _changed(shown.body, address, typed, doing)
    try:
        save_draft(db(), shown.row, body, hand())
    except InputError as error:
        roll_back()
        again = open_draft(draft)
        return _drawn(again, address, typed, str(error)), 422
    flash(_("Draf disimpan."))
    if doing != "simpan":
        home = Address(Kind.STAGE, address.stage) if address.stage else None
        return redirect(_part_url(draft, home) if home else _draft_url(draft), code=303)
    saved = Draft(shown.row, body, around_of(body))
    # What is right leads back to the whole; what is not, to its form with the faults.
    if saved.faults_at(address) or address.kind is Kind.STAGE:
        return redirect(_part_url(draft, address), code=303)
    stage = Address(Kind.STAGE, address.stage) if address.stage else None
    return redirect(_part_url(draft, stage) if stage else _draft_url(draft), code=303)


def _changed(body: Body, address: Address, typed: Body, doing: str) -> tuple[Body, Address]:
    """Return the draft afterwards, and where the part is: a new one has its name from now on."""
    if doing in ("naik", "turun"):
        return moved(body, address, -1 if doing == "naik" else 1), address
    if doing == "hapus":
        return without_part(body, address), address
    if not _is_there(address):
        address = Address(address.kind, new_name(body, address, str(typed.get("label", ""))), address.stage)
    if address.name:
        typed = {**typed, "id": address.name}
    return put_part(body, address, typed), address


def _drawn(shown: Draft, address: Address, part: Body, words: str = "") -> str:
    return render_template(
        "cases/editor/part.html",
        draft=shown,
        address=address,
        part=part,
        controls=draw_part(address.kind, part, shown.around),
        faults=() if words or not _is_there(address) else shown.faults_at(address),
        title=place_of(shown.body, address) if address.name else KIND_WORDS[address.kind],
        is_new=not _is_there(address),
        is_list=address.kind not in _ALWAYS_THERE,
        words=words,
        Kind=Kind,
    )


def _address() -> Address:
    args: Any = request.values
    kinds = {kind.value: kind for kind in Kind}
    kind = kinds.get(args.get("jenis", Kind.GENERAL.value))
    if kind is None:
        abort(404)
    if kind in _ALWAYS_THERE:
        return Address(kind)
    stage = args.get("tahap", "")[:32] if kind in (Kind.ACTION, Kind.OPINION) else ""
    return Address(kind, args.get("nama", "")[:32], stage)


def _is_there(address: Address) -> bool:
    return bool(address.name) or address.kind in _ALWAYS_THERE


def _has_stage(shown: Draft, address: Address) -> bool:
    if address.kind not in (Kind.ACTION, Kind.OPINION):
        return True
    return part_at(shown.body, Address(Kind.STAGE, address.stage)) is not None


def _part_url(draft: int, address: Address) -> str:
    names: dict[str, Any] = {
        "jenis": address.kind.value,
        "nama": address.name or None,
        "tahap": address.stage or None,
    }
    return url_for("definition_parts.show", draft=draft, **names)


def _draft_url(draft: int) -> str:
    return url_for("definitions.draft", draft=draft)
