"""The Pontive board: the page, its live stream, and the health address for machines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template
from flask_babel import force_locale
from sqlalchemy.orm import Session

from hub.boards.feed import Feed
from hub.boards.health import read_ingest_state
from hub.people.permissions import Permission
from hub.room import is_full
from hub.web.contributions.tiles import Look, Section, Tile, TileSource
from hub.web.guarding.guard import needs
from hub.web.i18n import language
from hub.web.parts import Parts, parts
from hub.web.streams.streaming import Subscription, event_stream
from hub.web.transaction import db

blueprint = Blueprint("boards", __name__)


@dataclass(frozen=True, slots=True)
class Board:
    """The sources of tiles, in order, and the feed made of them."""

    sources: Sequence[TileSource]
    feed: Feed


def install_board(app: Flask, here: Parts, sources: Sequence[TileSource]) -> None:
    """Put the sources of all concerns on the board.

    Args:
        app: The application.
        here: Its parts.
        sources: What each concern shows, in reading order.
    """

    def collect() -> Sequence[Tile]:
        with here.database.reading() as session:
            return collect_tiles(sources, _look(here, session))

    def draw(tiles: Sequence[Tile], spoken: str) -> dict[str, str]:
        address = f"http://{here.config.web.trusted_hosts[0]}/"
        with app.test_request_context(base_url=address), force_locale(spoken):
            return {tile.id: draw_tile(tile) for tile in tiles}

    app.extensions["pontive-board"] = Board(sources, Feed(collect=collect, draw=draw, now=here.now))
    app.register_blueprint(blueprint)


def collect_tiles(sources: Sequence[TileSource], look: Look) -> tuple[Tile, ...]:
    """Ask every source."""
    return tuple(tile for source in sources for tile in source(look))


def draw_tile(tile: Tile) -> str:
    """Return the HTML of one tile; without ages, which the browser counts on."""
    return render_template(tile.template, id=tile.id, data=tile.data).strip()


def _look(here: Parts, session: Session) -> Look:
    return Look(db=session, now=here.now())


def _board() -> Board:
    found: Board = current_app.extensions["pontive-board"]
    return found


@blueprint.get("/")
@needs(Permission.BOARD_SEE)
def board() -> str:
    """Show the whole board as it is now."""
    tiles = collect_tiles(_board().sources, _look(parts(), db()))
    return render_template("boards/board.html", tiles=tiles, Section=Section)


@blueprint.get("/papan/aliran")
@needs(Permission.BOARD_SEE, is_background=True)
def stream() -> Response:
    """Stream what changes on the board as server-sent events."""
    feed, spoken = _board().feed, language()
    return event_stream(
        Subscription(
            listen=lambda: feed.listen(spoken),
            leave=feed.leave,
            still_sees=lambda _db, viewer: viewer.may(Permission.BOARD_SEE),
        )
    )


@blueprint.get("/papan/sesi")
@needs(Permission.BOARD_SEE, is_background=True)
def session_state() -> tuple[str, int]:
    """Tell a board whose stream was refused whether its session still lives."""
    return "", 204


@blueprint.get("/healthz")
@needs(Permission.PUBLIC)
def healthz() -> tuple[dict[str, Any], int]:
    """Say whether the hub takes in: by the age of the last commit and by the room left to write."""
    state = read_ingest_state(db())
    if state is None:
        return {"status": "no ingest", "last_commit_age_s": None}, 503
    here = parts()
    now = here.now()
    status = "disk full" if is_full(here.config) else "stale" if state.is_stale(now) else "ok"
    age_s = round((now - state.last_commit_at).total_seconds(), 1)
    return {"status": status, "last_commit_age_s": age_s}, 200 if status == "ok" else 503
