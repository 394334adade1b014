"""The page of one's own second step: set up, new recovery codes, another phone."""

from collections.abc import Callable
from pathlib import Path

import segno
from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from hub.keyfile import load_or_make_key
from hub.people import sessions
from hub.people.models import Account
from hub.people.permissions import Permission
from hub.people.second_factor import totp
from hub.people.second_factor.service import FactorDesk, SecretBox, reset_factor
from hub.people.signing_in.entering import open_session
from hub.people.signing_in.passwords import is_password
from hub.people.signing_in.throttle import PER_CODE, code_key, is_too_often, note_failure
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("second_factor", __name__)

Page = str | Response | tuple[str, int]


def desk_of(account: Account) -> FactorDesk:
    """Return the desk of an account, on the session of this request."""
    key = load_or_make_key(Path(parts().config.sign_in.key), setting="sign_in.key")
    return FactorDesk(db(), SecretBox(key), account=account, now=parts().now())


@blueprint.get("/dua-langkah")
@needs(Permission.SIGNED_IN)
def show() -> str:
    """Show what there is, and what to do."""
    return _page(_own())


@blueprint.post("/dua-langkah/mulai")
@needs(Permission.SIGNED_IN)
def begin() -> Response:
    """Make a secret for an app; it counts once its first code was typed."""
    desk = desk_of(_own())
    if desk.state().confirmed_at is None:
        desk.begin()
    return redirect(url_for("second_factor.show"), code=303)


@blueprint.post("/dua-langkah/pasang")
@needs(Permission.SIGNED_IN)
def confirm() -> Page:
    """Take the first code; show the recovery codes once, and end every other session."""
    return _with_password(_confirmed)


@blueprint.post("/dua-langkah/cadangan")
@needs(Permission.SIGNED_IN)
def renew() -> Page:
    """Replace the recovery codes."""
    return _with_password(_renewed)


@blueprint.post("/dua-langkah/ganti")
@needs(Permission.SIGNED_IN)
def replace() -> Page:
    """Begin again with another phone; the old one, or a recovery code, says it is us."""
    return _with_password(_replaced)


def _with_password(act: Callable[[Account], Page]) -> Page:
    """Ask for the password first: an open browser is not its owner. Wrong tries are counted."""
    account = _own()
    whose, now = code_key(account.id), parts().now()
    if is_too_often(db(), whose, PER_CODE, now):
        raise TooManyRequests
    if not is_password(request.form.get("sandi", ""), account.password_hash):
        note_failure(db(), whose, now=now)
        return _page(account, fault=_("Kata sandi salah."))
    return act(account)


def _confirmed(account: Account) -> Page:
    codes = desk_of(account).confirm(request.form.get("kode", ""))
    if codes is None:
        return _wrong(account)
    sessions.end_all(db(), account_id=account.id, now=parts().now())
    return open_session(account, make_response(_page(account, codes=codes)))


def _renewed(account: Account) -> Page:
    desk = desk_of(account)
    if not desk.check(request.form.get("kode", "")):
        return _wrong(account)
    return _page(account, codes=desk.renew_recovery_codes())


def _replaced(account: Account) -> Page:
    desk = desk_of(account)
    if not desk.check(request.form.get("kode", "")):
        return _wrong(account)
    reset_factor(db(), account=account, actor=account.name, now=parts().now())
    desk.begin()
    flash(_("Aplikasi lama tidak berlaku lagi. Pasang yang baru sekarang."))
    return redirect(url_for("second_factor.show"), code=303)


def _wrong(account: Account) -> Page:
    note_failure(db(), code_key(account.id), now=parts().now())
    return _page(account, fault=_("Kode salah atau sudah dipakai. Tunggu kode berikutnya, lalu coba lagi."))


def _page(account: Account, *, fault: str = "", codes: tuple[str, ...] = ()) -> str:
    desk = desk_of(account)
    state, pending = desk.state(), desk.pending()
    issuer = f"Pontive {parts().config.city}"
    address = pending and totp.app_address(pending, account=account.name, issuer=issuer)
    return render_template(
        "people/second_factor/own.html",
        state=state,
        fault=fault,
        codes=codes,
        picture=address and _picture(address),
        address=address,
        secret=pending and totp.readable_secret(pending),
        is_required=signed_in().lacks_second_factor and parts().config.sign_in.is_second_factor_required,
    )


def _picture(text: str) -> str:
    uri: str = segno.make_qr(text, error="m").svg_data_uri(scale=4, border=4, light="#fff")
    return uri


def _own() -> Account:
    return db().get_one(Account, signed_in().account_id)
