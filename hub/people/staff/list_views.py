"""The list of employees on screen and as a file."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import or_, select

from hub.people.models import Opd, Unit
from hub.people.permissions import Permission
from hub.people.reach import Reach
from hub.people.staff import access
from hub.people.staff.choosing import as_arguments, wanted_in
from hub.people.staff.directory import StaffLine, Standing
from hub.web.files.spreadsheet import table_response
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("staff", __name__)


@blueprint.get("/kepegawaian")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def people() -> str:
    """Show employees, a page at a time, with what each still lacks."""
    wanted, reach = wanted_in(request.args), access.own_reach()
    opds = opds_of(reach)
    page = access.directory().page(wanted, request.args.get("hal", default=1, type=whole_number))
    return render_template(
        "people/staff/list.html",
        page=page,
        wanted=wanted,
        filters=as_arguments(wanted),
        opds=opds,
        units=_units_of(reach, wanted.opd or (opds[0].number if len(opds) == 1 else 0)),
        standings=standing_words(),
    )


@blueprint.get("/kepegawaian.csv")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def people_csv() -> Response:
    """Give the whole filtered list as a file."""
    lines = access.directory().all(wanted_in(request.args))
    return csv_response("pegawai.csv", _header(), (_cells(line) for line in lines))


@blueprint.get("/kepegawaian.xlsx")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def people_xlsx() -> Response:
    """Give the same list as a workbook."""
    lines = access.directory().all(wanted_in(request.args))
    return table_response("pegawai.xlsx", _("Pegawai"), _header(), (_cells(line) for line in lines))


def _header() -> tuple[str, ...]:
    return (
        _("nomor"), _("nama"), _("opd"), _("nama opd"), _("unit"), _("nama unit"), _("aktif"), _("ponsel"),
        _("ponsel dicabut"), _("tanpa ponsel"), _("kartu"), _("kartu berlaku sampai"), _("PIN"), _("akun"),
    )  # fmt: skip


def opds_of(reach: Reach) -> Sequence[Opd]:
    """Return the OPDs of which a reach holds all or a unit."""
    query = select(Opd).order_by(Opd.number)
    if not reach.is_city:
        theirs = select(Unit.opd).where(Unit.number.in_(reach.units))
        query = query.where(or_(Opd.number.in_(reach.opds), Opd.number.in_(theirs)))
    return db().scalars(query).all()


def _units_of(reach: Reach, opd: int) -> list[Unit]:
    """Return the units to filter by, of the one OPD that is looked at."""
    units = db().scalars(select(Unit).where(Unit.opd == opd).order_by(Unit.name))
    return [unit for unit in units if reach.holds(unit.opd, unit.number)]


def standing_words() -> dict[Standing, str]:
    """Return what each filter is called."""
    return {
        Standing.ACTIVE: _("Semua yang aktif"),
        Standing.WITHOUT: _("Belum punya ponsel atau kartu"),
        Standing.PHONE: _("Ponsel terdaftar"),
        Standing.REVOKED: _("Semua ponsel dicabut"),
        Standing.CODE: _("Kode pendaftaran terbuka"),
        Standing.BADGE_USER: _("Tanpa ponsel (kartu)"),
        Standing.NO_BADGE: _("Kartu belum dicetak"),
        Standing.NO_PIN: _("Kartu tanpa PIN"),
        Standing.NO_ACCOUNT: _("Kartu tanpa akun"),
        Standing.LEFT: _("Sudah keluar"),
    }


def _cells(line: StaffLine) -> list[Any]:
    words = {True: _("ya"), False: _("tidak")}
    return [
        line.number, line.name, line.opd, line.opd_name, line.unit or "", line.unit_name,
        words[line.is_active], line.phones, line.revoked_phones, words[line.may_use_badge],
        line.badge or "", line.badge_until or "", words[line.has_pin], line.account or "",
    ]  # fmt: skip
