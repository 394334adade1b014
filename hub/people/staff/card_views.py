"""The card of one employee, and what is changed there."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from hub.errors import InputError
from hub.people.badges.pins import reset_pin
from hub.people.badges.service import LONGEST, badges_of, is_good
from hub.people.models import Opd, PhoneKey, Unit
from hub.people.permissions import Permission
from hub.people.staff import access
from hub.people.staff.changes import StaffChanges, placements_of
from hub.people.staff.choosing import told
from hub.people.staff.list_views import opds_of
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.dates import typed_day
from hub.web.typed.sure import insist_on_sure

blueprint = Blueprint("staff_card", __name__)


@blueprint.get("/kepegawaian/<int:number>")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def card(number: int) -> str:
    """Show an employee: places, phones, badges, PIN, account."""
    return _page(number)


@blueprint.post("/kepegawaian/<int:number>/nama")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def rename(number: int) -> Response:
    """Change the name that doors show."""
    name = request.form.get("nama", "")
    return _changed(number, lambda does: does.rename(number, name), _("Nama diganti."))


@blueprint.post("/kepegawaian/<int:number>/tanpa-ponsel")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def without_phone(number: int) -> Response:
    """Set or take the mark "tanpa ponsel"."""
    may_use_badge = request.form.get("tanpa") == "ya"
    if not may_use_badge:
        insist_on_sure()
    done = _("Pegawai ini boleh memakai kartu.") if may_use_badge else _("Kartu tidak lagi diizinkan.")
    return _changed(number, lambda does: does.mark_without_phone(number, may_use_badge=may_use_badge), done)


@blueprint.post("/kepegawaian/<int:number>/penempatan")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def place(number: int) -> Response:
    """Place an employee somewhere from a day on; only to where the viewer manages."""
    opd, unit = _numbers("tempat")
    if not access.own_reach().holds(opd, unit):
        opd = unit = 0  # as if there were no such office

    def act(does: StaffChanges) -> None:
        does.place(number, opd=opd, unit=unit, since=_day("mulai"))

    return _changed(number, act, _("Penempatan dicatat."))


@blueprint.post("/kepegawaian/<int:number>/keluar")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def leave(number: int) -> Response:
    """Let an employee go."""
    insist_on_sure()

    def act(does: StaffChanges) -> None:
        does.leave(number, last_day=_day("terakhir"))

    done = _("Dicatat. Pintu menolak kodenya begitu menerima daftar baru; pindaian lama tetap ada.")
    return _changed(number, act, done)


@blueprint.post("/kepegawaian/<int:number>/pin")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def new_pin(number: int) -> Response | str:
    """Make a new PIN and show it once."""
    access.employee(number)
    if request.form.get("buat") != "ya":
        return redirect(url_for("staff_card.card", number=number), code=303)
    if access.employee(number).has_pin:
        insist_on_sure()
    pin = reset_pin(db(), person=number, actor=signed_in().name, now=parts().now())
    return _page(number, pin=pin)


def _page(number: int, pin: str = "") -> str:
    line, today = access.employee(number), access.today()
    badges = badges_of(db(), number)
    phones = select(PhoneKey).where(PhoneKey.person_number == number).order_by(PhoneKey.slot)
    return render_template(
        "people/staff/card.html",
        line=line,
        pin=pin,
        placements=placements_of(db(), number),
        opds={opd.number: opd.name for opd in db().scalars(select(Opd))},
        units={unit.number: unit.name for unit in db().scalars(select(Unit))},
        offices=_offices(),
        phones=db().scalars(phones).all(),
        badges=[(badge, is_good(badge, today)) for badge in badges],
        today=today,
        latest=today + LONGEST,
    )


def _offices() -> list[tuple[Opd, list[Unit]]]:
    """Return where the viewer may place somebody."""
    reach = access.own_reach()
    units = db().scalars(select(Unit).order_by(Unit.name)).all()
    return [
        (opd, [unit for unit in units if unit.opd == opd.number and reach.holds(opd.number, unit.number)])
        for opd in opds_of(reach)
    ]


def _changed(number: int, act: Callable[[StaffChanges], None], done: str) -> Response:
    access.employee(number)
    does = StaffChanges(db(), actor=signed_in().name, today=access.today(), now=parts().now())
    back = redirect(url_for("staff_card.card", number=number), code=303)
    return told(lambda: act(does), done, back=back)


def _numbers(name: str) -> tuple[int, int]:
    """Read an office as ``1-11``: OPD and unit."""
    opd, _dash, unit = request.form.get(name, "").partition("-")
    if not opd.isdecimal() or not unit.isdecimal() or len(opd + unit) > 15:
        return 0, 0
    return int(opd), int(unit)


def _day(name: str) -> date:
    try:
        return typed_day(request.form.get(name, ""))
    except ValueError as error:
        raise InputError(_("Isi tanggal sebagai TTTT-BB-HH, misalnya 2026-11-23.")) from error
