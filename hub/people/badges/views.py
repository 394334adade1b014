"""Badges on screen: sheets for those chosen in the list, and one badge revoked."""

import io
from pathlib import Path

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.errors import InputError
from hub.people.badges import service
from hub.people.badges.sheet import draw_sheets
from hub.people.permissions import Permission
from hub.people.staff import access
from hub.people.staff.changes import StaffChanges
from hub.people.staff.choosing import back_to_list, chosen, told
from hub.signing import HubKeys, read_hub_keys
from hub.web.files.spreadsheet import file_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("badges", __name__)

# Drawing takes a hundredth of a second each, while nobody else can write. A city is printed by command.
MAX_SHEET = 200


@blueprint.post("/kepegawaian/kartu")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def sheet() -> Response:
    """Print a badge for each one chosen who may have one; a badge that still lasts stays the same."""
    here, today = parts(), access.today()
    try:
        persons = [line.number for line in chosen(MAX_SHEET) if line.is_active and line.may_use_badge]
        if not persons:
            raise InputError(_("Tidak ada yang boleh memakai kartu: tandai dulu sebagai tanpa ponsel."))
        keys = _hub_keys()
        badges = service.badges_to_print(
            db(),
            persons=persons,
            valid_until=today + service.LONGEST,
            hub_key=keys.badge_number,
            today=today,
            actor=signed_in().name,
            now=here.now(),
        )
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
        return back_to_list()
    file = io.BytesIO()
    draw_sheets(file, service.printed(db(), badges, keys), city=here.config.city)
    return file_response(file.getvalue(), "kartu-hadir.pdf", "application/pdf")


@blueprint.post("/kepegawaian/tandai-kartu")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def allow() -> Response:
    """Mark those chosen as without a phone."""
    does = StaffChanges(db(), actor=signed_in().name, today=access.today(), now=parts().now())

    def act() -> None:
        for line in chosen(MAX_SHEET):
            does.mark_without_phone(line.number, may_use_badge=True)

    return told(act, _("Ditandai tanpa ponsel."), back=back_to_list())


@blueprint.post("/kepegawaian/<int:number>/kartu/baru")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def renew(number: int) -> Response:
    """Give an employee a new badge; the one before dies."""
    insist_on_sure()
    access.employee(number)
    here, today = parts(), access.today()

    def act() -> None:
        service.issue_badges(
            db(),
            persons=[number],
            valid_until=today + service.LONGEST,
            hub_key=_hub_keys().badge_number,
            today=today,
            actor=signed_in().name,
            now=here.now(),
        )

    done = _("Kartu baru dibuat; cetak dari daftar pegawai. Kartu lama tidak berlaku lagi.")
    return told(act, done, back=_card(number))


@blueprint.post("/kepegawaian/<int:number>/kartu/cabut")
@needs(Permission.STAFF_MANAGE, is_scoped=True)
def revoke(number: int) -> Response:
    """Make one badge worthless."""
    insist_on_sure()
    access.employee(number)

    def act() -> None:
        service.revoke_badge(
            db(),
            person=number,
            serial=request.form.get("kartu", default=0, type=whole_number),
            reason=request.form.get("alasan", ""),
            actor=signed_in().name,
            now=parts().now(),
        )

    done = _("Kartu dicabut; pintu menolaknya begitu menerima daftar baru.")
    return told(act, done, back=_card(number))


def _hub_keys() -> HubKeys:
    return read_hub_keys(Path(parts().config.signing_key))


def _card(number: int) -> Response:
    return redirect(url_for("staff_card.card", number=number), code=303)
