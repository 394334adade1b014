"""Signing in and out, changing a password, language and colours."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, TooManyRequests
from werkzeug.wrappers import Response

from hub.people import service, sessions
from hub.people.models import Account
from hub.people.permissions import Permission, permissions_of
from hub.people.reach import uses_badge
from hub.people.second_factor.waiting import end_waiting
from hub.people.signing_in.entering import after_password, begin_session
from hub.people.signing_in.forms import LoginForm, PasswordForm
from hub.people.signing_in.passwords import is_password
from hub.people.signing_in.throttle import (
    PER_ACCOUNT,
    PER_ADDRESS,
    account_key,
    address_key,
    is_too_often,
    note_failure,
)
from hub.web.guarding.guard import (
    drop_login_cookie,
    is_local_path,
    needs,
    signed_in,
    viewer,
)
from hub.web.guarding.limits import LOGIN_PER_ADDRESS, limiter
from hub.web.guarding.visit import forget_visit
from hub.web.i18n import LANGUAGES, THEMES
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("people", __name__)

Page = str | Response | tuple[str, int]


@blueprint.get("/masuk")
@needs(Permission.PUBLIC)
def login() -> Page:
    """Show the login form."""
    if viewer() is not None:
        return redirect(url_for("boards.board"), code=303)
    return render_template("people/login.html", form=LoginForm(lanjut=request.args.get("lanjut", "")))


@blueprint.post("/masuk")
@limiter.limit(LOGIN_PER_ADDRESS)
@needs(Permission.PUBLIC)
def login_now() -> Page:
    """Sign in; the answer is the same for an unknown account and a wrong password."""
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("people/login.html", form=form), 422
    now = parts().now()
    keys = (account_key(form.name.data), address_key(request.remote_addr or ""))
    if any(is_too_often(db(), *one, now) for one in zip(keys, (PER_ACCOUNT, PER_ADDRESS), strict=True)):
        raise TooManyRequests
    account = service.check_login(db(), name=form.name.data, password=form.password.data, now=now)
    if account is None:
        note_failure(db(), *keys, now=now)
        form.password.errors = [_("Nama akun atau kata sandi salah, atau kata sandi awal sudah kedaluwarsa.")]
        return render_template("people/login.html", form=form), 401
    return after_password(account, _wanted(form.lanjut.data) or _first_page(account))


def _wanted(path: str | None) -> str | None:
    """Return an address of ours that can be opened by looking; nothing is done on the way in."""
    if not path or not is_local_path(path):
        return None
    try:
        current_app.url_map.bind("").match(path.partition("?")[0], method="GET")
    except HTTPException:
        return None
    return path


def _first_page(account: Account) -> str:
    """Return where somebody begins: who may see no board has a phone page or the board of Hadir."""
    grants = service.grants_of(db(), account.id, parts().now())
    if Permission.BOARD_SEE in permissions_of(service.roles_in(grants)):
        return url_for("boards.board")
    anywhere = permissions_of(service.roles_in(grants, is_city_only=False))
    if Permission.BOARD_SEE in anywhere:
        return url_for("executive.summary")
    if Permission.FINDING_ANSWER in anywhere:
        return url_for("finding_register.listing")
    if Permission.COUNTER_SERVE in anywhere:
        return url_for("counter.desk")
    if Permission.CASE_ACT in anywhere:
        return url_for("case_desk.inbox")
    if Permission.HADIR_SEE in anywhere:
        return url_for("hadir.board")
    if Permission.HADIR_OWN not in anywhere:
        return url_for("boards.board")
    return url_for("hadir.own" if uses_badge(db(), account.id) else "phone.shell")


@blueprint.get("/awal")
@needs(Permission.SIGNED_IN)
def home() -> Page:
    """Lead to the first page of who is signed in; where roles open none, to one's own password."""
    where = _first_page(db().get_one(Account, signed_in().account_id))
    has_none = where == url_for("boards.board") and not signed_in().may(Permission.BOARD_SEE)
    return redirect(url_for("people.change_password") if has_none else where, code=303)


@blueprint.post("/keluar")
@needs(Permission.SIGNED_IN)
def logout() -> Page:
    """End this session."""
    sessions.end(db(), viewer=signed_in(), now=parts().now())
    forget_visit()
    response = redirect(url_for("people.login"), code=303)
    drop_login_cookie(response)
    return response


@blueprint.get("/sandi")
@needs(Permission.SIGNED_IN)
def change_password() -> Page:
    """Show the form for a new password."""
    return render_template("people/password.html", form=PasswordForm(signed_in().name))


@blueprint.post("/sandi")
@limiter.limit(LOGIN_PER_ADDRESS)
@needs(Permission.SIGNED_IN)
def change_password_now() -> Page:
    """Set a new password and end every other session of the account."""
    form = PasswordForm(signed_in().name)
    account = db().get_one(Account, signed_in().account_id)
    if not form.validate_on_submit():
        return render_template("people/password.html", form=form), 422
    if not is_password(form.current.data, account.password_hash):
        form.current.errors = [_("Kata sandi sekarang salah.")]
        return render_template("people/password.html", form=form), 422
    service.change_password(db(), account=account, password=form.password.data, now=parts().now())
    sessions.end_all(db(), account_id=account.id, now=parts().now())
    end_waiting(db(), account.id)
    flash(_("Kata sandi sudah diganti. Sesi lain dari akun ini diakhiri."))
    return begin_session(account, _first_page(account))


@blueprint.post("/tampilan")
@needs(Permission.PUBLIC)
def preferences() -> Page:
    """Keep the language and colours of this browser."""
    language, theme = request.form.get("language"), request.form.get("theme")
    if language in LANGUAGES:
        session["language"] = language
    if theme in THEMES:
        session["theme"] = theme
    return redirect(_wanted(request.form.get("lanjut")) or url_for("boards.board"), code=303)
