"""Signing in as a citizen by a code that is sent, signing out, and one's own cases."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from hub.cases.asking.wording import due_words
from hub.cases.citizens.models import CitizenAccount
from hub.cases.citizens.own import accounts
from hub.cases.citizens.own.accounts import CodeRefusal
from hub.cases.citizens.own.signed_in import citizen, cookie_name, drop_cookie, keep_cookie
from hub.cases.keeping.models import CaseRecord
from hub.cases.status_words import STATUS_WORDS, tone_of
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.guarding.guard import is_local_path, needs, viewer
from hub.web.guarding.limits import limiter
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("citizens", __name__)

CODES_PER_ADDRESS = "10 per 15 minutes"
TRIES_PER_ADDRESS = "20 per 15 minutes"
MOST_CASES = 200
_TO, _WANTED = "warga_tujuan", "warga_lanjut"

Page = str | Response | tuple[str, int]


@blueprint.get("/warga/masuk")
@needs(Permission.PUBLIC)
def sign_in() -> Page:
    """Ask for an address to which a code is sent."""
    wanted = request.args.get("lanjut", "")
    session[_WANTED] = wanted if is_local_path(wanted) else ""
    return render_template("cases/asking/sign_in.html", email="", fault="")


@blueprint.post("/warga/masuk")
@limiter.limit(CODES_PER_ADDRESS)
@needs(Permission.PUBLIC)
def send_code() -> Page:
    """Send a code; the answer is the same whether there is an account or not."""
    email = request.form.get("email", "").strip()[:120]
    try:
        accounts.ask_code(db(), email=email, now=parts().now())
    except InputError as error:
        return render_template("cases/asking/sign_in.html", email=email, fault=str(error)), 422
    session[_TO] = email
    return redirect(url_for("citizens.code"), code=303)


@blueprint.get("/warga/kode")
@needs(Permission.PUBLIC)
def code() -> Page:
    """Ask for the code that was sent."""
    if not session.get(_TO):
        return redirect(url_for("citizens.sign_in"), code=303)
    return render_template("cases/asking/code.html", email=session[_TO], fault="")


@blueprint.post("/warga/kode")
@limiter.limit(TRIES_PER_ADDRESS)
@needs(Permission.PUBLIC)
def use_code() -> Page:
    """Sign in with a code."""
    email, now = session.get(_TO, ""), parts().now()
    found = accounts.use_code(db(), email=email, code=request.form.get("kode", ""), now=now)
    if isinstance(found, CodeRefusal):
        words = {
            CodeRefusal.WRONG: _("Kode salah; periksa lagi pesan yang kami kirim."),
            CodeRefusal.OVER: _("Kode sudah tidak berlaku; minta kode baru."),
        }
        return render_template("cases/asking/code.html", email=email, fault=words[found]), 422
    wanted = session.pop(_WANTED, "")
    session.pop(_TO, None)
    # Form tokens of before must not be good after.
    session.pop("csrf_token", None)
    where = wanted or url_for("citizens.own" if found.person_id else "citizens.about")
    return keep_cookie(redirect(where, code=303), accounts.begin(db(), found, now))


@blueprint.post("/warga/keluar")
@needs(Permission.PUBLIC)
def sign_out() -> Page:
    """End this browser's session; what it may act on goes with it."""
    token = request.cookies.get(cookie_name())
    if token:
        accounts.end(db(), token, parts().now())
    session.clear()
    flash(_("Anda sudah keluar."))
    return drop_cookie(redirect(url_for("services.catalogue"), code=303))


@blueprint.get("/warga")
@needs(Permission.PUBLIC)
def own() -> Page:
    """Show the cases of whoever is signed in, as citizen or as civil servant."""
    account, who = citizen(), viewer()
    if account is None and who is None:
        return redirect(url_for("citizens.sign_in", lanjut=url_for("citizens.own")), code=303)
    cases = _cases_of(account, None if who is None else who.account_id)
    zone = parts().zone
    rows = [
        (
            case,
            STATUS_WORDS[case.public_status],
            tone_of(case.public_status),
            due_words(case.due_at, zone, language()) if case.due_at and case.closed_at is None else "",
        )
        for case in cases
    ]
    return render_template("cases/asking/own.html", rows=rows, account=account)


def _cases_of(account: CitizenAccount | None, servant: int | None) -> list[CaseRecord]:
    conditions = []
    if account is not None and account.person_id is not None:
        conditions.append(CaseRecord.applicant_person == account.person_id)
    if servant is not None:
        conditions.append(CaseRecord.applicant_account == servant)
    if not conditions:
        return []
    query = select(CaseRecord).where(or_(*conditions)).order_by(CaseRecord.id.desc()).limit(MOST_CASES)
    return list(db().scalars(query))
