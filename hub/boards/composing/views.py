"""The page on which a board is put together: opened, saved as a new version, taken back, taken off."""

import re
import unicodedata

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from hub.boards.composing.choices import Choices, choices
from hub.boards.keeping.service import (
    Kept,
    OtherEditorError,
    board_of,
    history_of,
    save,
    take_off,
    version_of,
)
from hub.boards.plan.shape import BoardPlan, Use
from hub.boards.plan.shipped import shipped_plans
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("composer", __name__)


@blueprint.get("/papan/<board>/susun")
@needs(Permission.BOARD_MANAGE)
def compose(board: str) -> str:
    """Show a board to be put together."""
    kept = board_of(db(), board)
    return _page(kept.plan, base=kept.version)


@blueprint.post("/papan/<board>/susun")
@needs(Permission.BOARD_MANAGE)
def keep(board: str) -> str | tuple[str, int] | Response:
    """Save what was put together as a new version, unless somebody else did meanwhile."""
    base = request.form.get("versi", 0, type=whole_number)
    is_sure = request.form.get("timpa") == "ya"
    kept = board_of(db(), board)
    plan = kept.plan
    try:
        plan = _sent(kept.plan)
        version = save(
            db(),
            plan,
            base=kept.version if is_sure else base,
            actor=signed_in().name,
            now=parts().now(),
        )
    except OtherEditorError as error:
        return _page(plan, base=base, other=error.newest), 409
    except InputError as error:
        roll_back()
        return _page(plan, base=base, faults=str(error).splitlines()), 422
    flash(_("Tersimpan sebagai versi %(version)s.", version=version))
    return redirect(url_for("planned_boards.board", board=board), code=303)


@blueprint.post("/papan/<board>/kembali")
@needs(Permission.BOARD_MANAGE)
def restore(board: str) -> str | tuple[str, int] | Response:
    """Save an older version as the newest."""
    base = request.form.get("versi", 0, type=whole_number)
    older = version_of(db(), board, request.form.get("ke", 0, type=whole_number))
    try:
        version = save(db(), older.plan, base=base, actor=signed_in().name, now=parts().now())
    except OtherEditorError as error:
        return _page(older.plan, base=base, other=error.newest), 409
    flash(_("Versi %(older)s dipakai lagi, sebagai versi %(version)s.", older=older.version, version=version))
    return redirect(url_for("composer.compose", board=board), code=303)


@blueprint.post("/papan/<board>/hapus")
@needs(Permission.BOARD_MANAGE)
def remove(board: str) -> Response:
    """Take a board off the list."""
    insist_on_sure()
    take_off(db(), board, actor=signed_in().name, now=parts().now())
    flash(_("Papan diturunkan dari daftar."))
    return redirect(url_for("planned_boards.listing"), code=303)


@blueprint.post("/papan/baru")
@needs(Permission.BOARD_MANAGE)
def begin() -> Response:
    """Make a board, empty or like another one."""
    title = " ".join(request.form.get("judul", "").split())[:80]
    use = request.form.get("guna", "")
    try:
        plan = _begun(db(), title, use, request.form.get("dari", ""))
        save(db(), plan, base=None, actor=signed_in().name, now=parts().now())
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
        return redirect(url_for("planned_boards.listing"), code=303)
    return redirect(url_for("composer.compose", board=plan.code), code=303)


def _begun(session: Session, title: str, use: str, like: str) -> BoardPlan:
    code = _code_of(title)
    if not code or use not in set(Use):
        raise InputError(_("Isi judul papan dengan huruf, dan pilih untuk apa papan itu."))
    tiles = board_of(session, like).plan.tiles if like else ()
    return BoardPlan(code=code, title=title, use=Use(use), tiles=tiles)


def _code_of(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789")[:40].rstrip("-")


def _sent(before: BoardPlan) -> BoardPlan:
    """Return the board as the form says it; its code and use stay.

    Raises:
        InputError: the form is not what the page sends.
    """
    try:
        sent = msgspec.json.decode(request.form.get("papan", ""), type=BoardPlan)
    except msgspec.DecodeError as error:
        raise InputError(_("Susunan tidak terbaca: %(fault)s", fault=str(error))) from error
    return msgspec.structs.replace(sent, code=before.code, use=before.use)


def _page(plan: BoardPlan, *, base: int, other: Kept | None = None, faults: list[str] | None = None) -> str:
    offered: Choices = choices(db())
    return render_template(
        "boards/composing/compose.html",
        plan=plan,
        body=msgspec.json.encode(plan).decode(),
        base=base,
        other=other,
        faults=faults or [],
        choices=offered,
        offered=msgspec.json.encode(offered).decode(),
        history=history_of(db(), plan.code),
        has_shipped=plan.code in shipped_plans(),
    )
