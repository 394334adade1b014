"""A board on a screen that nobody signs in at; a stranger learns nothing, not even that there are screens."""

from flask import Blueprint, Response, abort, make_response, render_template, request

from hub.boards.filling.look import BoardLook
from hub.boards.filling.scope import scope_named
from hub.boards.keeping.service import board_of
from hub.boards.models import BoardScreen
from hub.boards.plan.shape import BoardPlan, Use
from hub.boards.screens.service import find_screen, is_seen_due, note_seen
from hub.boards.screens.views import ranges_now
from hub.boards.showing.drawing import ShownBoard, show_board, tiles_answer
from hub.boards.showing.views import card_sources
from hub.errors import NotFoundError
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("screen", __name__)

# Guessing is hopeless, but must not cost the hub anything either.
_WRONG_PER_ADDRESS = "60 per minute"


def _is_wrong(response: Response) -> bool:
    return response.status_code == 404


@blueprint.get("/layar/<secret>")
@needs(Permission.PUBLIC)
@limiter.limit(_WRONG_PER_ADDRESS, deduct_when=_is_wrong)
def screen(secret: str) -> Response:
    """Show the board of a screen, or the one whose turn it is."""
    here = _screen(secret)
    plans = _plans(here)
    page = _page_number(len(plans))
    board = _shown(here, plans[page])
    response = make_response(
        render_template(
            f"boards/screens/{'led' if board.plan.use is Use.MARKET else 'screen'}.html",
            board=board,
            page=page,
            pages=len(plans),
            turn_s=plans[0].turn_s,
            secret=secret,
        )
    )
    response.headers["Cache-Control"] = "no-store"
    # The address is the key: it must not travel to pages that a kiosk opens.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/layar/<secret>/kini")
@needs(Permission.PUBLIC)
@limiter.limit(_WRONG_PER_ADDRESS, deduct_when=_is_wrong)
def present(secret: str) -> Response:
    """Give the tiles anew; the screen asks for them."""
    here = _screen(secret)
    plans = _plans(here)
    return tiles_answer(_shown(here, plans[_page_number(len(plans))]))


def _screen(secret: str) -> BoardScreen:
    now = parts().now()
    found = find_screen(db(), secret, address=request.remote_addr or "", ranges=ranges_now())
    if found is None:
        abort(404)
    if is_seen_due(found, now):
        with parts().database.writing() as writing:
            note_seen(writing, found.id, now)
    return found


def _plans(here: BoardScreen) -> list[BoardPlan]:
    """Return the board of a screen and those that take turns with it; what is gone is passed over."""
    first = board_of(db(), here.board).plan
    found = [first]
    for code in first.rotation:
        try:
            found.append(board_of(db(), code).plan)
        except NotFoundError:
            continue
    return found


def _page_number(pages: int) -> int:
    asked = request.args.get("hal", 1, type=whole_number)
    return min(max(asked, 1), pages) - 1


def _shown(here: BoardScreen, plan: BoardPlan) -> ShownBoard:
    clock = parts()
    scope = scope_named(db(), here.scope)
    if scope is None:
        abort(404)
    look = BoardLook(
        db=db(),
        now=clock.now(),
        zone=clock.zone,
        viewer=None,
        scope=scope,
        has_links=plan.use is Use.KIOSK,
        cards=card_sources(),
    )
    return show_board(plan, look)
