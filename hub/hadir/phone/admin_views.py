"""What the OPD's personnel officer does about phones: hand out one-time codes, revoke phones."""

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from hub.errors import NotFoundError
from hub.hadir.asking import chosen_opd, today
from hub.hadir.phone.keys import phones_of, revoke_phone
from hub.people.enrolment.codes import LIFETIME, issue_enrolment_code
from hub.people.models import Person, PhoneKey
from hub.people.permissions import Permission
from hub.people.reach import PlacedPerson, Reach, opds_within, people_within, reach_of
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("phone_admin", __name__)

_COOKIE_KEY = "phone_code_to_show"


@blueprint.get("/hadir/ponsel/pegawai")
@needs(Permission.HADIR_ENROL, is_scoped=True)
def staff() -> str:
    """Show the people of an OPD and how many phones each has."""
    opds = opds_within(db(), _reach(), today())
    opd = chosen_opd(opds)
    people: tuple[PlacedPerson, ...] = ()
    if opd is not None:
        people = people_within(db(), _reach(), today(), today(), opd=opd.number)
    return render_template("hadir/phone/staff.html", opds=opds, opd=opd, people=people, counts=_counts())


@blueprint.get("/hadir/ponsel/pegawai/<int:number>")
@needs(Permission.HADIR_ENROL, is_scoped=True)
def person(number: int) -> str:
    """Show somebody's phones; a code that was just made is shown this once."""
    found = _within_reach(number)
    shown = session.pop(_COOKIE_KEY, None)
    code = shown["code"] if shown and shown["person"] == number else None
    address = url_for("phone_enrolment.start", _external=True)
    return render_template(
        "hadir/phone/staff_person.html",
        person=found,
        phones=phones_of(db(), number),
        code=code,
        picture=_picture(f"{address}#{code}") if code else "",
        address=address,
        expires_at=parts().now() + LIFETIME,
        is_without_phone=db().get_one(Person, number).may_use_badge,
    )


@blueprint.post("/hadir/ponsel/pegawai/<int:number>/kode")
@needs(Permission.HADIR_ENROL, is_scoped=True)
def issue(number: int) -> Response:
    """Make a one-time code for somebody within reach."""
    _within_reach(number)
    code = issue_enrolment_code(db(), number, signed_in().name, parts().now())
    # To this browser alone, and until it was shown.
    session[_COOKIE_KEY] = {"person": number, "code": code}
    return redirect(url_for("phone_admin.person", number=number), code=303)


@blueprint.post("/hadir/ponsel/pegawai/<int:number>/cabut")
@needs(Permission.HADIR_ENROL, is_scoped=True)
def revoke(number: int) -> Response:
    """Take a phone of somebody within reach out of use."""
    insist_on_sure()
    _within_reach(number)
    slot = request.form.get("ponsel", default=-1, type=whole_number)
    try:
        revoke_phone(db(), person=number, slot=slot, actor=signed_in().name, now=parts().now())
        flash(_("Ponsel dicabut. Pintu menolak kodenya begitu menerima daftar yang baru."))
    except NotFoundError:
        flash(_("Ponsel itu tidak ada."), "bad")
    return redirect(url_for("phone_admin.person", number=number), code=303)


def _picture(text: str) -> str:
    """Return a QR code as an address of its own; what comes after ``#`` is sent to no server."""
    uri: str = segno.make_qr(text, error="m").svg_data_uri(scale=4, border=4, light="#fff")
    return uri


def _reach() -> Reach:
    return reach_of(db(), signed_in().account_id, Permission.HADIR_ENROL, parts().now())


def _within_reach(number: int) -> PlacedPerson:
    found = people_within(db(), _reach(), today(), today())
    for one in found:
        if one.number == number:
            return one
    raise NotFoundError(f"pegawai {number}")


def _counts() -> dict[int, int]:
    query = (
        select(PhoneKey.person_number, func.count())
        .where(PhoneKey.revoked_at.is_(None))
        .group_by(PhoneKey.person_number)
    )
    return {row[0]: row[1] for row in db().execute(query)}
