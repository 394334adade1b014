"""An employee's own PIN for the badge, set by the employee."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.errors import InputError
from hub.people.badges.pins import set_pin
from hub.people.models import Account, Person
from hub.people.permissions import Permission
from hub.people.reach import own_number
from hub.people.signing_in.passwords import is_password
from hub.people.staff.choosing import told
from hub.web.guarding.guard import needs, signed_in
from hub.web.guarding.limits import LOGIN_PER_ADDRESS, limiter
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("own_pin", __name__)


@blueprint.get("/pin")
@needs(Permission.HADIR_OWN, is_scoped=True)
def show() -> str:
    """Show the form, and whether there is a PIN."""
    number = own_number(db(), signed_in().account_id)
    person = db().get(Person, number) if number is not None else None
    return render_template("people/staff/own_pin.html", person=person)


@blueprint.post("/pin")
@limiter.limit(LOGIN_PER_ADDRESS)
@needs(Permission.HADIR_OWN, is_scoped=True)
def save() -> Response:
    """Keep a new PIN; the password is asked for, because a PIN opens doors in one's name."""
    who = signed_in()

    def act() -> None:
        number = own_number(db(), who.account_id)
        if number is None:
            raise InputError(_("Akun ini belum dihubungkan dengan pegawai; minta admin OPD."))
        if not is_password(
            request.form.get("sandi", ""), db().get_one(Account, who.account_id).password_hash
        ):
            raise InputError(_("Kata sandi salah."))
        if request.form.get("pin", "") != request.form.get("ulang", ""):
            raise InputError(_("Kedua PIN tidak sama."))
        set_pin(db(), person=number, pin=request.form.get("pin", ""), actor=who.name, now=parts().now())

    done = _("PIN disimpan; pintu mengenalnya dalam beberapa menit.")
    return told(act, done, back=redirect(url_for("own_pin.show"), code=303))
