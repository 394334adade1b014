"""/izin: the public register of permits, searched by words, place, kind and year; the same as CSV."""

from datetime import date

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from hub.cases.desk.wording import ward_name
from hub.cases.forms.options import kelurahan_options
from hub.cases.permits.register import MOST_LOOKED_AT, Permit, Register, Wanted
from hub.people.permissions import Permission
from hub.web.files.tables import csv_response
from hub.web.formats import YEARS
from hub.web.guarding.guard import needs
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("permits", __name__)


@blueprint.get("/izin")
@needs(Permission.PUBLIC)
def listing() -> str:
    """Show permits that were issued, the newest first."""
    register = Register(db())
    below = request.args.get("sebelum", type=whole_number)
    return render_template(
        "cases/permits/listing.html",
        found=register.find(_wanted(), below=below),
        services=register.services,
        wards=kelurahan_options(),
        query={name: value for name, value in request.args.items() if name != "sebelum"},
        is_first=below is None,
        today=_today(),
        ward_name=ward_name,
    )


@blueprint.get("/izin.csv")
@needs(Permission.PUBLIC)
def as_csv() -> Response:
    """Give what the page shows, as far as one search looks."""
    found = Register(db()).find(_wanted(), most=MOST_LOOKED_AT)
    header = [_("Nomor"), _("Izin"), _("Terbit"), _("Kelurahan"), _("Keadaan"), _("Isi")]
    rows = [
        (
            one.number,
            one.title,
            one.issued_on.isoformat(),
            ward_name(one.kelurahan),
            _standing(one),
            "; ".join(f"{label}: {text}" for label, text in one.facts),
        )
        for one in found.permits
    ]
    return csv_response("izin.csv", header, rows)


def _standing(permit: Permit) -> str:
    if permit.revoked_at is not None:
        return str(_("dicabut"))
    return str(_("tidak berlaku lagi") if permit.is_over(_today()) else _("berlaku"))


def _today() -> date:
    here = parts()
    return here.now().astimezone(here.zone).date()


def _wanted() -> Wanted:
    args = request.args
    year = args.get("tahun", default=0, type=whole_number)
    return Wanted(
        words=args.get("cari", "")[:80],
        kelurahan=args.get("kelurahan", "")[:13],
        service=args.get("jenis", "")[:48],
        year=year if year in YEARS else 0,
    )
