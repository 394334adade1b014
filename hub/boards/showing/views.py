"""Composed boards: the list of them, one of them, its tiles anew, and the numbers of a tile as a file."""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request, url_for

from hub.boards.filling.kinds import show
from hub.boards.filling.look import BoardLook
from hub.boards.filling.scope import BoardScope, scopes_for
from hub.boards.keeping.service import Kept, all_boards, board_of
from hub.boards.plan.shape import Use
from hub.boards.showing.drawing import ShownBoard, show_board, tiles_answer
from hub.people.permissions import Permission
from hub.web.contributions.cards import CardSource
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import N_
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("planned_boards", __name__)

# Texts to translate.
USE_WORDS: Mapping[Use, str] = {
    Use.EXECUTIVE: N_("Papan eksekutif"),
    Use.WALL: N_("Dinding"),
    Use.MARKET: N_("LED pasar"),
    Use.KIOSK: N_("Kios"),
}


def install_planned_boards(app: Flask, cards: Mapping[str, CardSource]) -> None:
    """Let tiles show the summaries of concerns, by the names that tiles use."""
    app.extensions["pontive-board-cards"] = dict(cards)


def card_sources() -> Mapping[str, CardSource]:
    """Return the summaries that tiles may show."""
    found: Mapping[str, CardSource] = current_app.extensions["pontive-board-cards"]
    return found


@blueprint.get("/papan")
@needs(Permission.BOARD_SEE, is_scoped=True)
def listing() -> str:
    """Show which boards there are."""
    return render_template("boards/plan/listing.html", boards=all_boards(db()), words=USE_WORDS)


@blueprint.get("/papan/<board>")
@needs(Permission.BOARD_SEE, is_scoped=True)
def board(board: str) -> str:
    """Show a board of the city, or of the part that is asked for."""
    kept, scopes = board_of(db(), board), _scopes()
    return render_template(
        "boards/plan/board.html",
        board=_shown(kept, _wanted(scopes)),
        kept=kept,
        scopes=scopes,
        words=USE_WORDS,
        csv_of=partial(_csv_address, board, _wanted(scopes)),
    )


@blueprint.get("/papan/<board>/kini")
@needs(Permission.BOARD_SEE, is_scoped=True, is_background=True)
def present(board: str) -> Response:
    """Give the tiles anew; the page asks for them."""
    scope = _wanted(_scopes())
    shown = _shown(board_of(db(), board), scope)
    return tiles_answer(shown, csv_of=partial(_csv_address, board, scope))


@blueprint.get("/papan/<board>/<tile>.csv")
@needs(Permission.BOARD_SEE, is_scoped=True)
def as_csv(board: str, tile: str) -> Response:
    """Give the numbers of a tile: those of the table behind it."""
    placed = board_of(db(), board).plan.tile(tile)
    if placed is None:
        abort(404)
    shown = show(placed, _look(_wanted(_scopes())))
    if shown.content is None:
        abort(404)
    return csv_response(f"{board}-{tile}.csv", shown.content.header, shown.content.rows)


def _shown(kept: Kept, scope: BoardScope) -> ShownBoard:
    return show_board(kept.plan, _look(scope))


def _look(scope: BoardScope) -> BoardLook:
    here = parts()
    return BoardLook(
        db=db(), now=here.now(), zone=here.zone, viewer=signed_in(), scope=scope, cards=card_sources()
    )


def _scopes() -> tuple[BoardScope, ...]:
    return scopes_for(db(), signed_in(), parts().now())


def _wanted(scopes: tuple[BoardScope, ...]) -> BoardScope:
    """Return the part that is asked for; what the viewer may not choose is not there."""
    words = request.args.get("lingkup", "")
    if not words and scopes:
        return scopes[0]
    found = next((one for one in scopes if one.words == words), None)
    if found is None:
        abort(404)
    return found


def _csv_address(board: str, scope: BoardScope, tile: str) -> str:
    return url_for("planned_boards.as_csv", board=board, tile=tile, lingkup=scope.words or None)
