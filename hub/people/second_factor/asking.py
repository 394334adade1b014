"""``/masuk/kode``: between the password and the first page, the code of the moment."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from hub.people.permissions import Permission
from hub.people.second_factor.service import has_factor
from hub.people.second_factor.views import desk_of
from hub.people.second_factor.waiting import Waiting, end_waiting, find_waiting
from hub.people.signing_in.entering import begin_session, drop_waiting_cookie, waiting_token
from hub.people.signing_in.throttle import PER_CODE, code_key, is_too_often, note_failure
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import LOGIN_PER_ADDRESS, limiter
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("second_step", __name__)

Page = str | Response | tuple[str, int]


@blueprint.get("/masuk/kode")
@needs(Permission.PUBLIC)
def ask() -> Page:
    """Show the field for the code."""
    if _waiting() is None:
        return redirect(url_for("people.login"), code=303)
    return render_template("people/second_factor/ask.html", fault="")


@blueprint.post("/masuk/kode")
@limiter.limit(LOGIN_PER_ADDRESS)
@needs(Permission.PUBLIC)
def take() -> Page:
    """Take the code, and sign in."""
    waiting, now = _waiting(), parts().now()
    if waiting is None:
        flash(_("Terlalu lama menunggu kode; masuk sekali lagi."), "bad")
        return redirect(url_for("people.login"), code=303)
    whose = code_key(waiting.account.id)
    if is_too_often(db(), whose, PER_CODE, now):
        raise TooManyRequests
    if not desk_of(waiting.account).check(request.form.get("kode", "")[:40]):
        note_failure(db(), whose, now=now)
        fault = _("Kode salah atau sudah dipakai. Tunggu kode berikutnya, lalu coba lagi.")
        return render_template("people/second_factor/ask.html", fault=fault), 401
    end_waiting(db(), waiting.account.id)
    response = begin_session(waiting.account, waiting.wanted)
    drop_waiting_cookie(response)
    return response


def _waiting() -> Waiting | None:
    token = waiting_token()
    found = find_waiting(db(), token, parts().now()) if token else None
    # An administrator may have taken the second step away meanwhile: then the password is asked anew.
    return found if found is not None and has_factor(db(), found.account.id) else None
