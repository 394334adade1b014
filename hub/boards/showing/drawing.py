"""A board as values for its page: every tile filled, and a mark that says whether anything changed."""

import hashlib
from dataclasses import dataclass

from flask import Response, make_response, render_template, request

from hub.boards.filling.kinds import show
from hub.boards.filling.look import BoardLook, ShownTile
from hub.boards.plan.shape import BoardPlan
from hub.web.i18n import language


@dataclass(frozen=True, slots=True)
class ShownBoard:
    """A board with all its tiles, in reading order."""

    plan: BoardPlan
    look: BoardLook
    tiles: tuple[ShownTile, ...]


def show_board(plan: BoardPlan, look: BoardLook) -> ShownBoard:
    """Return a board as it is now."""
    return ShownBoard(plan, look, tuple(show(tile, look) for tile in plan.in_reading_order))


def tiles_answer(board: ShownBoard, **more: object) -> Response:
    """Return the tiles of a page that asks again, or that they are the same as it has.

    Nothing in them counts on with the time: ages are worked out by the page from moments.
    """
    html = render_template("boards/plan/tiles.html", board=board, **more)
    mark = hashlib.sha256(f"{language()}{html}".encode()).hexdigest()[:32]
    response = make_response(html)
    response.set_etag(mark)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request.environ)
    return response
