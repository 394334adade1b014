"""Enrolling a phone: a one-time code, an account if there is none yet, then the key of this browser.

One address, whatever comes next; which code was typed is remembered in the signed form cookie as
the number of its row, never as the code.
"""

import base64
import binascii
from dataclasses import dataclass

import msgspec
from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.errors import InputError
from hub.hadir.phone import joining, keys
from hub.hadir.phone.forms import AccountForm, CodeForm, refusal_text
from hub.hadir.phone.joining import Step
from hub.people.enrolment import codes as enrolment
from hub.people.enrolment.codes import Refusal
from hub.people.models import Account, EnrolmentCode, Person
from hub.people.permissions import Permission
from hub.people.signing_in.entering import begin_session
from hub.web.guarding.guard import needs, signed_in, viewer
from hub.web.guarding.limits import is_unprocessable, limiter
from hub.web.guarding.visit import PHONE_ENROLMENT
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("phone_enrolment", __name__)

# Many enrol behind the one address of their office; only refusals are counted.
_REFUSALS_PER_ADDRESS = "30 per minute"

Page = str | Response | tuple[str, int]


class KeySent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the browser sends: the public half in base64, and a signature that proves the other."""

    algorithm: str
    public_key: str
    signature: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A code that was typed in this browser and is still good."""

    code: EnrolmentCode
    person: Person


@blueprint.get("/hadir/ponsel/daftar")
@needs(Permission.PUBLIC)
def start() -> Page:
    """Show what comes next: the code, the account, or the button that makes the key."""
    opened = _opened()
    if isinstance(opened, _Opened):
        return _next_page(opened)
    form = CodeForm()
    if opened is not None:
        form.code.errors = [refusal_text(opened)]
    return render_template("hadir/phone/enrol_code.html", form=form)


@blueprint.post("/hadir/ponsel/daftar")
@limiter.limit(_REFUSALS_PER_ADDRESS, deduct_when=is_unprocessable)
@needs(Permission.PUBLIC)
def take_code() -> Page:
    """Check a code; it is used up only when the key is there."""
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("hadir/phone/enrol_code.html", form=form), 422
    found = enrolment.check_enrolment_code(db(), form.code.data, parts().now())
    if isinstance(found, Refusal):
        form.code.errors = [refusal_text(found)]
        return render_template("hadir/phone/enrol_code.html", form=form), 422
    session[PHONE_ENROLMENT] = found.id
    return redirect(url_for("phone_enrolment.start"), code=303)


@blueprint.post("/hadir/ponsel/daftar/akun")
@limiter.limit(_REFUSALS_PER_ADDRESS, deduct_when=is_unprocessable)
@needs(Permission.PUBLIC)
def make_account() -> Page:
    """Make the account of the person the code was issued for, and sign in."""
    opened = _opened()
    if not isinstance(opened, _Opened) or viewer() is not None:
        return redirect(url_for("phone_enrolment.start"), code=303)
    form = AccountForm()
    if not form.validate_on_submit():
        return _account_page(opened, form), 422
    try:
        account = joining.make_own_account(
            db(),
            person=opened.person.number,
            name=form.name.data,
            password=form.password.data,
            now=parts().now(),
        )
    except InputError as error:
        form.name.errors = [str(error)]
        return _account_page(opened, form), 422
    return begin_session(account, url_for("phone_enrolment.start"))


@blueprint.post("/hadir/ponsel/daftar/batal")
@needs(Permission.PUBLIC)
def forget() -> Response:
    """Forget the code in this browser; it stays good until it expires."""
    session.pop(PHONE_ENROLMENT, None)
    return redirect(url_for("phone_enrolment.start"), code=303)


@blueprint.post("/hadir/ponsel/daftar/tanpa-ponsel")
@needs(Permission.SIGNED_IN)
def without_phone() -> Response:
    """Use a code up for the account alone: who goes without a phone makes a PIN next."""
    opened = _opened()
    if not isinstance(opened, _Opened) or not opened.person.may_use_badge:
        return redirect(url_for("phone_enrolment.start"), code=303)
    account = db().get_one(Account, signed_in().account_id)
    try:
        joining.link_account(db(), person=opened.person.number, account=account, now=parts().now())
    except InputError as error:
        flash(str(error), "bad")
        return redirect(url_for("phone_enrolment.start"), code=303)
    enrolment.use_up(db(), opened.code, parts().now())
    session.pop(PHONE_ENROLMENT, None)
    return redirect(url_for("own_pin.show"), code=303)


@blueprint.post("/hadir/ponsel/daftar/kunci")
@needs(Permission.SIGNED_IN)
def take_key() -> tuple[Response, int] | Response:
    """Keep the key that this browser made, and use the code up."""
    try:
        opened = _opened()
        if not isinstance(opened, _Opened):
            raise InputError(refusal_text(opened or Refusal.UNKNOWN))
        return jsonify(_enrol(opened, _key_sent()))
    except InputError as error:
        return jsonify(text=str(error)), 422


def _enrol(opened: _Opened, sent: KeySent) -> dict[str, object]:
    public_key, now = _bytes(sent.public_key), parts().now()
    number = opened.person.number
    message = keys.enrolment_message(number, public_key)
    if not keys.is_signed(sent.algorithm, public_key, signature=_bytes(sent.signature), message=message):
        raise InputError(_("Kunci dari peramban ini tidak sah; perbarui peramban, lalu ulangi."))
    account = db().get_one(Account, signed_in().account_id)
    joining.link_account(db(), person=number, account=account, now=now)
    phone = keys.add_phone(
        db(),
        person=number,
        algorithm=sent.algorithm,
        public_key=public_key,
        label=sent.label,
        actor=account.name,
        now=now,
    )
    enrolment.use_up(db(), opened.code, now)
    session.pop(PHONE_ENROLMENT, None)
    return {
        "person": number,
        "name": opened.person.short_name,
        "slot": phone.slot,
        "now_ms": int(now.timestamp() * 1000),
    }


def _opened() -> _Opened | Refusal | None:
    number = session.get(PHONE_ENROLMENT)
    code = db().get(EnrolmentCode, number) if number is not None else None
    if code is None:
        return None
    refusal = enrolment.refusal_of(db(), code, parts().now())
    if refusal is not None:
        session.pop(PHONE_ENROLMENT)
        return refusal
    return _Opened(code, db().get_one(Person, code.person_number))


def _next_page(opened: _Opened) -> str:
    who = viewer()
    step = joining.next_step(db(), opened.person.number, who.account_id if who else None)
    if step is Step.MAKE_ACCOUNT:
        return _account_page(opened, AccountForm(name=joining.suggested_name(opened.person)))
    if step in (Step.ENROL, Step.LINK):
        return render_template("hadir/phone/enrol_key.html", person=opened.person, is_new=step is Step.LINK)
    return render_template("hadir/phone/enrol_sign_in.html", person=opened.person, is_other=who is not None)


def _account_page(opened: _Opened, form: AccountForm) -> str:
    return render_template("hadir/phone/enrol_account.html", person=opened.person, form=form)


def _key_sent() -> KeySent:
    try:
        return msgspec.json.decode(request.get_data(), type=KeySent)
    except msgspec.MsgspecError as error:
        raise InputError(_("Kiriman peramban tidak terbaca; muat ulang halaman, lalu ulangi.")) from error


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""  # no key and no signature is as short as this
