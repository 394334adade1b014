"""Asking for corrections and deciding about them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from hub.errors import InputError, NotFoundError
from hub.hadir.corrections import attachments
from hub.hadir.corrections import service as corrections
from hub.hadir.corrections.beside import beside
from hub.hadir.corrections.forms import read_wish
from hub.hadir.corrections.service import Decider
from hub.people.permissions import Permission
from hub.people.reach import own_number, reach_of
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("corrections", __name__)


@blueprint.get("/hadir/koreksi")
@needs(Permission.HADIR_OWN, is_scoped=True)
def inbox() -> str:
    """Show the form, one's own corrections, and what waits for one's decision."""
    return _page(request.args)


def _page(typed: Mapping[str, str], mistake: str = "") -> str:
    number = own_number(db(), signed_in().account_id)
    waiting = corrections.inbox(db(), _decider())
    days = beside(db(), [one.row for one in waiting], parts().zone)
    return render_template(
        "hadir/corrections.html",
        is_linked=number is not None,
        typed=typed,
        mistake=mistake,
        own=corrections.of_person(db(), number) if number is not None else (),
        waiting=waiting,
        days=days,
        attached=attachments.attached_to(db(), [one.row.id for one in waiting]),
    )


@blueprint.post("/hadir/koreksi")
@needs(Permission.HADIR_OWN, is_scoped=True, upload_bytes=attachments.MAX_BODY_BYTES)
def ask() -> Response | tuple[str, int]:
    """Keep a wish for a correction of one's own day; after a mistake what was typed stays."""
    try:
        ask_own()
    except InputError as error:
        return _page(request.form, str(error)), 422
    flash(_("Permintaan koreksi dikirim kepada atasan."))
    return redirect(url_for("corrections.inbox"), code=303)


def ask_own() -> None:
    """Keep what the viewer asks for in this request's form, with its attachment.

    Raises:
        InputError: it cannot be kept; nothing was.
    """
    number, here = own_number(db(), signed_in().account_id), parts()
    if number is None:
        raise InputError(_("Akun ini belum dihubungkan dengan pegawai; minta admin OPD."))
    attachments.ask_with_attachment(
        db(),
        person=number,
        wish=read_wish(request.form),
        upload=request.files.get("lampiran"),
        folder=attachments.folder_of(here.config.folder),
        actor=signed_in().name,
        now=here.now(),
        zone=here.zone,
    )


@blueprint.errorhandler(413)
def too_large(_error: HTTPException) -> tuple[str, int]:
    """Name the limit on the page itself: what is larger was never read, not even the text."""
    roll_back()
    return _page({}, too_large_words()), 413


def too_large_words() -> str:
    """Say how large attachments may be."""
    return str(_("Kiriman terlalu besar: foto paling besar 8 MB, PDF paling besar 2 MB."))


@blueprint.post("/hadir/koreksi/tarik")
@needs(Permission.HADIR_OWN, is_scoped=True)
def withdraw() -> Response:
    """Take back one's own wish that nobody decided about."""
    withdraw_own()
    return redirect(url_for("corrections.inbox"), code=303)


@blueprint.get("/hadir/koreksi/<int:number>/lampiran")
@needs(Permission.HADIR_SEE, is_scoped=True)
def attachment(number: int) -> Response:
    """Give the attachment of a correction to its superior or verifier, and to nobody else."""
    folder = attachments.folder_of(parts().config.folder)
    path, media_type = attachments.find_for_decider(db(), number, _decider(), folder)
    is_pdf = media_type == attachments.PDF
    # A PDF is opened outside this address, where it can reach nothing of ours.
    name = f"lampiran-{number}{path.suffix}"
    response = send_file(path, mimetype=media_type, as_attachment=is_pdf, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/hadir/koreksi/setujui")
@needs(Permission.HADIR_APPROVE, is_scoped=True)
def approve() -> Response:
    """Say yes as superior."""
    return _answered(
        lambda: corrections.approve(db(), number=_number(), decider=_decider(), now=parts().now()),
        _("Koreksi disetujui dan diteruskan ke verifikator."),
    )


@blueprint.post("/hadir/koreksi/verifikasi")
@needs(Permission.HADIR_VERIFY, is_scoped=True)
def verify() -> Response:
    """Check and apply."""
    here = parts()
    return _answered(
        lambda: corrections.verify(
            db(), number=_number(), decider=_decider(), now=here.now(), zone=here.zone
        ),
        _("Koreksi diterapkan; hasil hari itu dihitung ulang."),
    )


@blueprint.post("/hadir/koreksi/tolak")
@needs(Permission.HADIR_OWN, is_scoped=True)
def refuse() -> Response:
    """Say no, with a reason; the service looks whether one may."""
    return _answered(
        lambda: corrections.refuse(
            db(),
            number=_number(),
            decider=_decider(),
            reason=request.form.get("alasan", ""),
            now=parts().now(),
        ),
        _("Koreksi ditolak."),
    )


def withdraw_own() -> None:
    """Take back what the viewer asked for, and say how it went."""
    person = own_number(db(), signed_in().account_id)
    try:
        if person is None:
            raise NotFoundError("pegawai")
        corrections.withdraw(db(), number=_number(), person=person, actor=signed_in().name, now=parts().now())
        flash(_("Permintaan koreksi ditarik kembali."))
    except InputError as error:
        flash(str(error), "bad")
    except NotFoundError:
        flash(_("Koreksi itu tidak ada."), "bad")


@blueprint.app_template_filter("clock_on")
def _clock_on(at: datetime, day: date) -> str:
    """Return as ``07.20``, and say when that is in the morning after ``day``."""
    local = at.astimezone(parts().zone)
    text = f"{local:%H.%M}" if language() == "id" else f"{local:%H:%M}"
    return text if local.date() <= day else _("%(clock)s keesokan harinya", clock=text)


def _number() -> int:
    return request.form.get("koreksi", default=0, type=whole_number)


def _decider() -> Decider:
    who, now = signed_in(), parts().now()
    return Decider(
        account_id=who.account_id,
        name=who.name,
        approves=reach_of(db(), who.account_id, Permission.HADIR_APPROVE, now),
        verifies=reach_of(db(), who.account_id, Permission.HADIR_VERIFY, now),
    )


def _answered(act: Callable[[], None], done: str) -> Response:
    try:
        act()
        flash(done)
    except InputError as error:
        flash(str(error), "bad")
    except NotFoundError:
        # The same words for what is not there and for what is not theirs.
        flash(_("Koreksi itu tidak ada."), "bad")
    return redirect(url_for("corrections.inbox"), code=303)
