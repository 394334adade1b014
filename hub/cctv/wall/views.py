"""The wall's page, its stream and its sheets."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.service import CameraView, list_cameras
from hub.cctv.wall.feed import LARGE, WallFeed, WallState
from hub.cctv.wall.group_views import MOST_LIVE
from hub.cctv.wall.group_views import blueprint as groups
from hub.cctv.wall.groups import get_group, list_groups
from hub.cctv.wall.narrowing import Masks, narrowed
from hub.cctv.wall.sheet import COLUMNS
from hub.live.streams import CameraKey
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.places.access import own_reach
from hub.places.models import Device, Kecamatan, Kelurahan, Site
from hub.places.reach import PlaceReach, place_reach
from hub.web.guarding.guard import may_open, needs, signed_in
from hub.web.parts import Parts, parts
from hub.web.streams.streaming import Subscription, event_stream
from hub.web.transaction import db
from hub.web.typed.whole_numbers import is_whole_number, whole_number

blueprint = Blueprint("wall", __name__)


def install_wall(app: Flask, here: Parts) -> None:
    """Register the pages and make the feed of all walls."""

    def collect() -> list[WallState]:
        with here.database.reading() as session:
            return [
                WallState(
                    CameraKey(view.device, view.camera), view.verdict.state.value, view.verdict.cause.value
                )
                for view in list_cameras(session, here.now())
            ]

    feed = WallFeed(thumbs=here.live.thumbs, collect=collect, want=here.live.want)
    app.extensions["pontive-wall"] = feed
    app.extensions["pontive-wall-masks"] = Masks()
    app.register_blueprint(blueprint)
    app.register_blueprint(groups)


def _feed() -> WallFeed:
    found: WallFeed = current_app.extensions["pontive-wall"]
    return found


def _masks() -> Masks:
    found: Masks = current_app.extensions["pontive-wall-masks"]
    return found


@blueprint.get("/dinding")
@needs(Permission.BOARD_SEE, is_scoped=True)
def wall() -> str:
    """Show the wall; filters come in the address, so that each wall screen may have its own."""
    cameras = list_cameras(db(), parts().now())
    districts = _districts()
    reach = own_reach(Permission.BOARD_SEE)
    rows = [
        (place, view, districts.get(view.device, ""))
        for place, view in enumerate(cameras)
        if reach.holds_camera(view.device, view.camera)
    ]
    wanted = {name: request.args.get(name, "") for name in ("pemilik", "kecamatan", "titik", "kelompok")}
    number = request.args.get("kelompok", type=whole_number)
    members = None if number is None else get_group(db(), number).cameras
    return render_template(
        "cctv/wall/wall.html",
        tiles=[row for row in rows if _is_wanted(row[1], row[2], wanted) and _is_member(row[1], members)],
        groups=list_groups(db()),
        large={columns: width_px for width_px, columns in LARGE.items()},
        most_live=MOST_LIVE,
        may_see_alarms=may_open(signed_in(), "alarms.panel"),
        total=len(cameras),
        columns=COLUMNS,
        wanted=wanted,
        owners=sorted({view.owner for _place, view, _district in rows if view.owner}),
        districts=sorted({district for _place, _view, district in rows}),
        sites=sorted({view.site for _place, view, _district in rows}),
        turn_s=_turn_s(),
    )


@blueprint.get("/dinding/aliran")
@needs(Permission.BOARD_SEE, is_background=True, is_scoped=True)
def stream() -> Response:
    """Stream what changes on the wall as server-sent events."""
    return event_stream(wall_subscription(parts(), _feed(), own_reach(Permission.BOARD_SEE)))


@blueprint.get("/dinding/lembar/<int:version>.jpg")
@needs(Permission.BOARD_SEE, is_background=True, is_scoped=True)
def sheet(version: int) -> Response:
    """Serve one of the newest sheets."""
    found = _feed().sheet(version)
    if found is None:
        abort(404)
    reach = own_reach(Permission.BOARD_SEE)
    jpeg = found.jpeg if reach.is_city else _masks().masked(found, _holds(reach))
    response = Response(jpeg, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


@blueprint.get("/dinding/lembar/besar.jpg")
@needs(Permission.BOARD_SEE, is_background=True, is_scoped=True)
def large_sheet() -> Response:
    """Serve some tiles larger, for a wall that shows few."""
    text = request.args.get("tempat", "")
    places = [int(part) for part in text.split("-") if is_whole_number(part)]
    found = _feed().large_sheet(places, request.args.get("lebar", 0, type=whole_number))
    reach = own_reach(Permission.BOARD_SEE)
    if found is None or not all(reach.holds_camera(*key) for key in found.order):
        abort(404)
    response = Response(found.jpeg, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "no-store"
    return response


def wall_subscription(here: Parts, feed: WallFeed, reach: PlaceReach) -> Subscription:
    """Return the place of a wall at the feed: it is told of the cameras in its viewer's reach.

    Who is given another part of the city sees that one from the next look on.
    """
    held = reach

    def still_sees(session: Session, viewer: Viewer) -> bool:
        nonlocal held
        held = place_reach(session, viewer, Permission.BOARD_SEE, here.now())
        return viewer.may_somewhere(Permission.BOARD_SEE)

    def tailor(message: str) -> str:
        return message if held.is_city else narrowed(message, _holds(held))

    return Subscription(listen=feed.listen, leave=feed.leave, still_sees=still_sees, tailor=tailor)


def _holds(reach: PlaceReach) -> Callable[[CameraKey], bool]:
    return lambda key: reach.holds_camera(key.device, key.camera)


def _districts() -> dict[str, str]:
    rows = db().execute(
        select(Device.id, Kecamatan.name)
        .join(Site, Site.id == Device.site)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .join(Kecamatan, Kecamatan.code == Kelurahan.kecamatan)
    )
    return {row.id: row.name for row in rows}


def _is_wanted(view: CameraView, district: str, wanted: dict[str, str]) -> bool:
    has: dict[str, Any] = {"pemilik": view.owner, "kecamatan": district, "titik": view.site}
    return all(not wanted[name] or value == wanted[name] for name, value in has.items())


def _is_member(view: CameraView, members: frozenset[CameraKey] | None) -> bool:
    return members is None or CameraKey(view.device, view.camera) in members


def _turn_s() -> int:
    """Return how long a page of the wall stays in TV mode; 0: it is not turned."""
    if request.args.get("tv") != "1":
        return 0
    text = request.args.get("putar", "20").removesuffix("s")
    return min(max(int(text), 5), 600) if is_whole_number(text) else 20
