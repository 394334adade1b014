"""The page on which an operator gives screens an address, sees which still ask, and revokes them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.boards.filling.scope import choosable
from hub.boards.keeping.service import all_boards
from hub.boards.screens import service
from hub.errors import InputError, NotFoundError
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("screens", __name__)


@blueprint.get("/papan/layar")
@needs(Permission.BOARD_MANAGE)
def listing() -> str:
    """Show which screens have an address."""
    return _page()


@blueprint.post("/papan/layar")
@needs(Permission.BOARD_MANAGE)
def give() -> str | Response:
    """Give a screen an address and show it, this once."""
    try:
        given = service.give_out(
            db(),
            name=request.form.get("nama", ""),
            board=request.form.get("papan", ""),
            scope=request.form.get("lingkup", ""),
            network=request.form.get("jaringan", ""),
            actor=signed_in().name,
            now=parts().now(),
        )
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
        return redirect(url_for("screens.listing"), code=303)
    return _page(given)


@blueprint.post("/papan/layar/cabut")
@needs(Permission.BOARD_MANAGE)
def revoke() -> Response:
    """Make an address lead nowhere."""
    insist_on_sure()
    number = request.form.get("layar", default=0, type=whole_number)
    try:
        service.revoke(db(), screen=number, actor=signed_in().name, now=parts().now())
        flash(_("Alamat layar dicabut; layar itu tidak menampilkan apa-apa lagi."))
    except NotFoundError:
        flash(_("Layar itu tidak ada."), "bad")
    return redirect(url_for("screens.listing"), code=303)


def _page(given: service.GivenOut | None = None) -> str:
    boards = all_boards(db())
    return render_template(
        "boards/screens/listing.html",
        screens=service.listed(db()),
        boards=boards,
        titles={one.plan.code: one.plan.title for one in boards},
        scopes=choosable(db()),
        names={one.words: one.name for one in choosable(db())},
        given=given,
        address=url_for("screen.screen", secret=given.secret, _external=True) if given else "",
        ranges=ranges_now(),
    )


def ranges_now() -> tuple[str, ...]:
    """Return the ranges from which screens may ask."""
    web = parts().config.web
    is_behind_proxy = web.is_behind_tls and not web.tls.certificate
    return parts().config.boards.ranges(is_behind_proxy=is_behind_proxy)
