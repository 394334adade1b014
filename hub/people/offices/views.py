"""OPDs and units on screen."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from hub.errors import InputError
from hub.people.offices.service import list_offices, put_opd, put_unit, sites_with_readers
from hub.people.permissions import Permission
from hub.people.staff import access
from hub.people.staff.choosing import told
from hub.places.models import Site
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("offices", __name__)


@blueprint.get("/kepegawaian/opd")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def offices() -> str:
    """Show OPDs, one of them with its units."""
    reach = access.own_reach()
    lines = list_offices(db(), reach, access.today())
    wanted = request.args.get("opd", type=whole_number)
    return render_template(
        "people/staff/offices.html",
        lines=lines,
        opened=next((line for line in lines if line.number == wanted), lines[0] if lines else None),
        sites=db().scalars(select(Site).order_by(Site.name)).all(),
        is_city=reach.is_city,
        with_reader=sites_with_readers(db()),
    )


@blueprint.post("/kepegawaian/opd")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def save_opd() -> Response:
    """Add or rename an OPD; only whoever manages the whole city."""
    number = request.form.get("nomor", default=0, type=whole_number)

    def act() -> None:
        if not access.own_reach().is_city:
            raise InputError(_("OPD ditambah dan diganti namanya oleh BKPSDM."))
        name = request.form.get("nama", "")
        put_opd(db(), number=number, name=name, actor=signed_in().name, now=parts().now())

    return told(act, _("OPD disimpan."), back=_back(number))


@blueprint.post("/kepegawaian/unit")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def save_unit() -> Response:
    """Add or change a unit of an OPD that the viewer manages."""
    fields = request.form
    number, opd = (
        fields.get("nomor", default=0, type=whole_number),
        fields.get("opd", default=0, type=whole_number),
    )

    def act() -> None:
        if not access.own_reach().holds(opd, number):
            raise InputError(_("OPD itu di luar kewenangan Anda."))
        put_unit(
            db(),
            number=number,
            opd=opd,
            name=fields.get("nama", ""),
            site=fields.get("titik", ""),
            actor=signed_in().name,
            now=parts().now(),
        )

    return told(act, _("Unit disimpan."), back=_back(opd))


def _back(opd: int) -> Response:
    return redirect(url_for("offices.offices", opd=opd or None), code=303)
