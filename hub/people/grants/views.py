"""Accounts and roles on screen: who holds what, handing out, withdrawing, disabling, new passwords."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from hub.errors import InputError, NotFoundError
from hub.people.grants.listing import AccountLine, AccountList, grantable
from hub.people.grants.service import Grant, GrantDesk
from hub.people.models import Unit
from hub.people.permissions import Permission, Role, ScopeKind
from hub.people.role_words import role_words
from hub.people.staff import access
from hub.people.staff.choosing import told
from hub.people.staff.list_views import opds_of
from hub.places.models import Kecamatan, Kelurahan
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.dates import typed_day
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/akun")
@needs(Permission.ACCOUNT_MANAGE, is_scoped=True)
def accounts() -> str:
    """Show accounts with what they hold."""
    return _page()


@blueprint.post("/akun/peran")
@needs(Permission.ACCOUNT_MANAGE, is_scoped=True)
def give() -> Response:
    """Hand a role out."""
    return _told(lambda: _desk().give(request.form.get("akun", ""), _grant()), _("Peran diberikan."))


@blueprint.post("/akun/peran/cabut")
@needs(Permission.ACCOUNT_MANAGE, is_scoped=True)
def withdraw() -> Response:
    """End a role now."""
    insist_on_sure()
    grant_id = request.form.get("peran", default=0, type=whole_number)

    def act() -> None:
        if _list().of_grant(grant_id) is None:
            raise InputError(_("Peran itu tidak ada atau sudah berakhir."))
        try:
            _desk().withdraw(grant_id)
        except NotFoundError as error:
            raise InputError(_("Peran itu tidak ada atau sudah berakhir.")) from error

    return _told(act, _("Peran dicabut."))


@blueprint.post("/akun/nonaktif")
@needs(Permission.ACCOUNT_MANAGE, is_scoped=True)
def disable() -> Response:
    """Close an account, or open it again."""
    is_disabled = request.form.get("nonaktif") == "ya"
    if is_disabled:
        insist_on_sure()
    done = _("Akun dinonaktifkan dan semua sesinya diakhiri.") if is_disabled else _("Akun diaktifkan.")
    return _told(lambda: _desk().set_disabled(_visible().name, is_disabled=is_disabled), done)


@blueprint.post("/akun/sandi")
@needs(Permission.ACCOUNT_MANAGE, is_scoped=True)
def new_password() -> Response | str:
    """Give an account a new password and show it once."""
    insist_on_sure()
    try:
        account = _visible()
        password = _desk().new_password(account.name)
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
        return _back()
    return _page(account=account.name, password=password)


@blueprint.post("/akun/dua-langkah")
@needs(Permission.ACCOUNT_MANAGE, is_scoped=True)
def reset_second_factor() -> Response:
    """Let somebody whose phone is gone set the second step up again."""
    insist_on_sure()
    done = _("Langkah kedua dihapus dan semua sesinya diakhiri; akun memasang yang baru saat masuk.")
    return _told(lambda: _desk().reset_second_factor(_visible().name), done)


@blueprint.post("/akun/sesi")
@needs(Permission.ACCOUNT_MANAGE, is_scoped=True)
def end_sessions() -> Response:
    """Sign somebody out everywhere."""
    insist_on_sure()
    return _told(lambda: _desk().end_sessions(_visible().name), _("Semua sesi akun itu diakhiri."))


def _page(account: str = "", password: str = "") -> str:
    words, role_text = request.args.get("cari", "").strip()[:60], request.args.get("peran", "")
    role = Role(role_text) if role_text in {str(role) for role in Role} else None
    scopes = _scopes()
    return render_template(
        "people/staff/accounts.html",
        found=_list().find(words or account, role),
        words=words,
        role=role,
        roles=role_words(),
        kinds=scope_words(),
        grantable=grantable(_desk(), [(kind, number) for kind, number, _name in scopes]),
        scopes=scopes,
        account=account,
        password=password,
        today=access.today(),
    )


def scope_words() -> dict[ScopeKind, str]:
    """Return what each kind of scope is called."""
    return {
        ScopeKind.CITY: _("seluruh kota"),
        ScopeKind.OPD: _("OPD"),
        ScopeKind.KECAMATAN: _("kecamatan"),
        ScopeKind.KELURAHAN: _("kelurahan"),
        ScopeKind.UNIT: _("unit"),
        ScopeKind.SITE: _("titik"),
    }


def _desk() -> GrantDesk:
    who = signed_in()
    return GrantDesk(db(), account_id=who.account_id, actor=who.name, now=parts().now())


def _list() -> AccountList:
    reach = access.own_reach(Permission.ACCOUNT_MANAGE)
    return AccountList(db(), reach, _desk(), account_id=signed_in().account_id, now=parts().now())


def _visible() -> AccountLine:
    found = _list().one(request.form.get("akun", ""))
    if found is None:
        raise InputError(_("Tidak ada akun dengan nama itu; periksa ejaannya."))
    return found


def _scopes() -> list[tuple[ScopeKind, str, str]]:
    """Return the scopes in which the viewer may hand roles out, with their names."""
    reach = access.own_reach(Permission.ACCOUNT_MANAGE)
    found = [(ScopeKind.CITY, "", _("Seluruh kota"))] if reach.is_city else []
    units = db().scalars(select(Unit).order_by(Unit.number)).all()
    for opd in opds_of(reach):
        if reach.holds(opd.number, 0):
            found.append((ScopeKind.OPD, str(opd.number), opd.name))
        theirs = (unit for unit in units if unit.opd == opd.number)
        found += [
            (ScopeKind.UNIT, str(unit.number), f"— {unit.name}")
            for unit in theirs
            if reach.holds(opd.number, unit.number)
        ]
    return found + (_areas() if reach.is_city else [])


def _areas() -> list[tuple[ScopeKind, str, str]]:
    """Return the kecamatan, each with its kelurahan: for a camat, a lurah, and whoever works there."""
    found = []
    wards = db().scalars(select(Kelurahan).order_by(Kelurahan.code)).all()
    for district in db().scalars(select(Kecamatan).order_by(Kecamatan.code)):
        found.append((ScopeKind.KECAMATAN, district.code, _("Kecamatan %(name)s", name=district.name)))
        found += [
            (ScopeKind.KELURAHAN, ward.code, f"— {_('Kelurahan %(name)s', name=ward.name)}")
            for ward in wards
            if ward.kecamatan == district.code
        ]
    return found


def _grant() -> Grant:
    fields = request.form
    kind, _dash, scope = fields.get("lingkup", "").partition(":")
    roles, kinds = {str(role): role for role in Role}, {str(one): one for one in ScopeKind}
    if fields.get("peran") not in roles or kind not in kinds:
        raise InputError(_("Pilih peran dan lingkupnya."))
    first, last = _day("mulai") or access.today(), _day("sampai")
    return Grant(
        role=roles[fields["peran"]],
        kind=kinds[kind],
        scope=scope,
        valid_from=_midnight(first),
        valid_to=_midnight(last + timedelta(days=1)) if last else None,
        decree=fields.get("sk", ""),
    )


def _day(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    try:
        return typed_day(text) if text else None
    except ValueError as error:
        raise InputError(_("Isi tanggal sebagai TTTT-BB-HH, misalnya 2026-11-23.")) from error


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), parts().zone)


def _told(act: Callable[[], None], done: str) -> Response:
    return told(act, done, back=_back())


def _back() -> Response:
    return redirect(url_for("accounts.accounts", cari=request.form.get("akun") or None), code=303)
