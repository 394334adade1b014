"""Somebody's own choices: where to be told, from which severity on, when not, and a test message."""

import os
from datetime import time

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.alarms.kinds import Severity
from hub.errors import InputError
from hub.notify.choosing import service as recipients
from hub.notify.models import NotifyAddress
from hub.notify.service import Channel, Recipient, queue
from hub.notify.settings import TELEGRAM_TOKEN
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_clock

blueprint = Blueprint("own_notify", __name__)


@blueprint.get("/akun/pemberitahuan")
@needs(Permission.SIGNED_IN)
def own() -> str:
    """Show the viewer's addresses and quiet hours."""
    me = signed_in().account_id
    return render_template(
        "notify/own.html",
        addresses=recipients.addresses_of(db(), me),
        quiet=recipients.quiet_hours_of(db(), me),
        channels=list(Channel),
        severities=list(Severity),
        can_send=_can_send(),
    )


@blueprint.post("/akun/pemberitahuan")
@needs(Permission.SIGNED_IN)
def add() -> Response:
    """Add an address."""
    given = request.form
    if given.get("saluran") not in list(Channel) or given.get("tingkat") not in list(Severity):
        abort(422)
    try:
        recipients.add_address(
            db(),
            account_id=signed_in().account_id,
            channel=Channel(given["saluran"]),
            address=given.get("alamat", "")[:200],
            least=Severity(given["tingkat"]),
            actor=signed_in().name,
            now=parts().now(),
        )
    except InputError as error:
        flash(_(str(error)), "bad")
    else:
        flash(_("Alamat ditambahkan. Kirim pesan uji untuk memastikannya."), "good")
    return _back()


@blueprint.post("/akun/pemberitahuan/<int:number>/hapus")
@needs(Permission.SIGNED_IN)
def remove(number: int) -> Response:
    """Remove an address."""
    me = signed_in()
    if not recipients.remove_address(
        db(), account_id=me.account_id, number=number, actor=me.name, now=parts().now()
    ):
        abort(404)
    flash(_("Alamat dihapus."), "good")
    return _back()


@blueprint.post("/akun/pemberitahuan/<int:number>/uji")
@needs(Permission.SIGNED_IN)
def test(number: int) -> Response:
    """Queue a test message to an address."""
    row, now = db().get(NotifyAddress, number), parts().now()
    if row is None or row.account_id != signed_in().account_id:
        abort(404)
    is_new = queue(
        db(),
        to=Recipient(Channel(row.channel), row.address, row.account_id),
        subject="[Pontive] Pesan uji",
        text="Ini pesan uji dari Pontive. Bila Anda membacanya, alamat ini benar.",
        link="/akun/pemberitahuan",
        now=now,
        # Once a minute: the button is no way to flood somebody else's address.
        about=f"test:{now:%Y%m%d%H%M}",
    )
    flash(
        _("Pesan uji dikirim dalam beberapa detik.") if is_new else _("Pesan uji menit ini sudah dikirim."),
        "good",
    )
    return _back()


@blueprint.post("/akun/pemberitahuan/jam-tenang")
@needs(Permission.SIGNED_IN)
def quiet_hours() -> Response:
    """Set the quiet hours."""
    try:
        recipients.set_quiet_hours(
            db(),
            account_id=signed_in().account_id,
            begins=_clock("mulai"),
            ends=_clock("selesai"),
        )
    except InputError as error:
        flash(_(str(error)), "bad")
    else:
        flash(_("Jam tenang disimpan."), "good")
    return _back()


def _clock(name: str) -> time | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        return typed_clock(text)
    except ValueError as error:
        raise InputError("jam tidak benar; contoh: 22:00") from error


def _can_send() -> set[Channel]:
    """Return the channels that the operator set up, as far as the file says."""
    settings = parts().config.notify
    found = {Channel.WEBHOOK}
    if settings.email.host:
        found.add(Channel.EMAIL)
    if settings.telegram.token_file or os.environ.get(TELEGRAM_TOKEN):
        found.add(Channel.TELEGRAM)
    return found


def _back() -> Response:
    return redirect(url_for("own_notify.own"), code=303)
