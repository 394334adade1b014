"""/berkas/pengganti: lending one's role for some days, and taking it back."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.cases.desk.lending import LONGEST_DAYS, Lending, lend, lendable, lent_by_or_to, take_back
from hub.cases.desk.wording import scope_words
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.people.role_words import role_words
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.dates import typed_day
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("case_lending", __name__)


@blueprint.get("/berkas/pengganti")
@needs(Permission.CASE_SEE, is_scoped=True)
def listing() -> str:
    """Show who stands in for whom."""
    return _drawn()


@blueprint.post("/berkas/pengganti")
@needs(Permission.CASE_DELEGATE, is_scoped=True)
def give() -> Response | tuple[str, int]:
    """Lend a role."""
    here = parts()
    try:
        row = lend(db(), signed_in(), _wanted(), now=here.now(), zone=here.zone)
    except InputError as error:
        roll_back()
        return _drawn(_(str(error))), 422
    flash(_("Pengganti berlaku %(first)s sampai %(last)s.", first=row.valid_from, last=row.valid_to))
    return redirect(url_for("case_lending.listing"), code=303)


@blueprint.post("/berkas/pengganti/akhiri")
@needs(Permission.CASE_SEE, is_scoped=True)
def end() -> Response:
    """Take a role back, or give it back."""
    take_back(db(), signed_in(), request.form.get("pengganti", 0, type=whole_number), now=parts().now())
    flash(_("Penggantian berakhir sekarang."))
    return redirect(url_for("case_lending.listing"), code=303)


def _drawn(fault: str = "") -> str:
    here, who = parts(), signed_in()
    return render_template(
        "cases/desk/lending.html",
        lendable=lendable(db(), who.account_id, here.now()),
        lent=lent_by_or_to(db(), who.account_id, here.now(), here.zone),
        roles=role_words(),
        scope_words=lambda grant: scope_words(db(), grant),
        typed=request.form,
        fault=fault,
        today=here.now().astimezone(here.zone).date(),
        longest_days=LONGEST_DAYS,
    )


def _wanted() -> Lending:
    form = request.form
    return Lending(
        grant_id=form.get("peran", 0, type=whole_number),
        to_name=form.get("akun", "")[:60],
        kind=form.get("sebagai", ""),
        first=_day("mulai"),
        last=_day("sampai"),
        decree=form.get("sk", ""),
    )


def _day(name: str) -> date:
    try:
        return typed_day(request.form.get(name, ""))
    except ValueError as error:
        raise InputError(_("Isi kedua tanggal, misalnya 2026-11-23.")) from error
