"""The page of a row: what it says, what refers to it, its history; and what is done with it as a whole."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cases.attachments.kept import JPEG
from hub.cases.attachments.serving import serve
from hub.errors import InputError
from hub.outside.looking import Standing
from hub.people.permissions import Permission
from hub.registers.keeping.history import Change, history_of
from hub.registers.keeping.listing import Row, Wanted, page_of
from hub.registers.keeping.models import RegisterRow
from hub.registers.keeping.names import referring_fields
from hub.registers.keeping.owning import hand_over, owners_of
from hub.registers.keeping.service import set_retired
from hub.registers.kind.fields import FieldKind, Kind
from hub.registers.kind.reading import kind_of, shipped_kinds
from hub.registers.kind.rules import plain
from hub.registers.kind.whole_rows import share_of
from hub.registers.kind.wording import words_of
from hub.registers.market.service import enquiries_of
from hub.registers.probing.service import ask_soon, probe_of
from hub.registers.screens import access
from hub.registers.screens.forms import typed_day
from hub.web.guarding.guard import needs
from hub.web.i18n import language
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("register_row", __name__)

_ROW = "/register/<kind>/<int:number>"
_REFERRING = 200


@blueprint.get(_ROW)
@needs(Permission.REGISTER_SEE, is_scoped=True)
def show(kind: str, number: int) -> str:
    """Show a row."""
    return _page(kind_of(kind), number)


@blueprint.get(f"{_ROW}/gambar/<field>")
@needs(Permission.REGISTER_SEE, is_scoped=True)
def picture(kind: str, number: int, field: str) -> Response:
    """Give a still of a row."""
    found = kind_of(kind)
    row = access.seen_row(found, number)
    is_picture = field in found.ids and found.field(field).kind is FieldKind.IMAGE
    if not is_picture or field not in row.values:
        abort(404)
    return serve(access.pictures_folder(), str(row.values[field]), JPEG, name=f"{kind}-{number}-{field}")


@blueprint.post(f"{_ROW}/serah")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def give(kind: str, number: int) -> AnyResponse | tuple[str, int]:
    """Make another OPD the owner from a day on."""
    row = access.edited_row(kind_of(kind), number)
    names = access.names_of(kind_of(kind))
    try:
        to = names.opds.get(plain(request.form.get("opd", "")))
        if to is None:
            raise InputError(_("OPD: pilih penerimanya dari daftar."))
        since = typed_day(request.form.get("sejak", ""))
        insist_on_sure()
        hand_over(
            db(),
            row,
            opd=to,
            since=since,
            decree=" ".join(request.form.get("dasar", "").split()),
            actor=access.actor(),
            version=_version(),
        )
    except InputError as error:
        roll_back()
        return _page(kind_of(kind), number, mistake=str(error)), 422
    flash(_("Diserahkan kepada %(opd)s mulai %(day)s.", opd=names.opd_names[to], day=since.isoformat()))
    # Whoever gave it away may no longer see it.
    return redirect(url_for("registers.listing", kind=kind), code=303)


@blueprint.post(f"{_ROW}/hapus")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def retire(kind: str, number: int) -> AnyResponse | tuple[str, int]:
    """Take a row off the list; its history stays."""
    insist_on_sure()
    return _set_retired(kind, number, is_retired=True)


@blueprint.post(f"{_ROW}/pulih")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def restore(kind: str, number: int) -> AnyResponse | tuple[str, int]:
    """Bring a row back."""
    return _set_retired(kind, number, is_retired=False)


@blueprint.post(f"{_ROW}/periksa")
@needs(Permission.REGISTER_EDIT, is_scoped=True)
def ask(kind: str, number: int) -> AnyResponse:
    """Have the address of a row looked at next."""
    found = kind_of(kind)
    row = access.edited_row(found, number)
    if not found.probe or found.probe not in row.values:
        abort(404)
    ask_soon(db(), row.id)
    flash(_("Diperiksa pada putaran berikutnya, dalam satu atau dua menit."))
    return redirect(url_for("register_row.show", kind=kind, number=number), code=303)


def act_words() -> dict[str, str]:
    """Return what each change of a history is called."""
    return {
        "new": _("ditambahkan"),
        "edit": _("diubah"),
        "import": _("diubah lewat berkas"),
        "bulk": _("diubah bersama"),
        "hand-over": _("diserahkan"),
        "retire": _("dihapus dari daftar"),
        "restore": _("dipulihkan"),
    }


def probe_words() -> dict[str, str]:
    """Return what a look at an address is called."""
    return {
        Standing.REACHABLE: _("terjangkau"),
        Standing.FAILING: _("menjawab dengan kesalahan"),
        Standing.CERTIFICATE: _("sertifikat bermasalah"),
        Standing.UNREACHABLE: _("tidak terjangkau"),
        Standing.REFUSED: _("tidak diperiksa"),
    }


def _set_retired(kind: str, number: int, *, is_retired: bool) -> AnyResponse | tuple[str, int]:
    row = access.edited_row(kind_of(kind), number)
    try:
        set_retired(db(), row, is_retired=is_retired, actor=access.actor(), version=_version())
    except InputError as error:
        roll_back()
        return _page(kind_of(kind), number, mistake=str(error)), 422
    flash(_("Dihapus dari daftar; riwayatnya tetap ada.") if is_retired else _("Dipulihkan."))
    return redirect(url_for("register_row.show", kind=kind, number=number), code=303)


def _version() -> int:
    return request.form.get("versi", 0, type=whole_number)


def _page(kind: Kind, number: int, *, mistake: str = "") -> str:
    row, names = access.seen_row(kind, number), access.names_of(kind)
    kept = db().get_one(RegisterRow, number)
    history: list[Change] = history_of(db(), kind, kept, names, language())
    return render_template(
        "registers/row.html",
        kind=kind,
        row=row,
        names=names,
        may_edit=access.may_edit(row),
        mistake=mistake,
        history=history,
        acts=act_words(),
        owners=owners_of(db(), kept),
        referring=_referring(kind, row),
        enquiries=enquiries_of(db(), number) if kind.code == "produk" and access.may_edit(row) else (),
        probe=probe_of(db(), number) if kind.probe else None,
        probe_words=probe_words(),
        today=access.today(),
        words=words_of,
        share=share_of,
    )


def _referring(kind: Kind, row: Row) -> list[tuple[Kind, str, list[Row]]]:
    """Return the rows of other kinds that name this one, as far as the viewer sees them."""
    found = []
    spelled = str(row.values.get(kind.key[0], ""))
    for other, name in referring_fields(kind.code, shipped_kinds().values()):
        page = page_of(
            db(),
            other,
            Wanted(fields={name: spelled}),
            access.own_reach(),
            today=access.today(),
            per_page=_REFERRING,
        )
        if page.rows:
            found.append((other, other.field(name).label, list(page.rows)))
    return found
