"""The map's page, its stream, and the file of streets when the operator has one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request, send_file

from hub.maps.feed import MapFeed
from hub.maps.ground import Ground
from hub.maps.layers import LayerSource, MapFilter, MapLayer, MapLook, marks_of
from hub.maps.projection import unit_place
from hub.people.permissions import Permission
from hub.places.reach import EVERYWHERE, place_reach
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import Parts, parts
from hub.web.streams.streaming import Subscription, event_stream
from hub.web.transaction import db

blueprint = Blueprint("maps", __name__)


@dataclass(frozen=True, slots=True)
class CityMap:
    """What the map shows: the ground, the layers of all concerns, and the feed made of them."""

    ground: Ground
    sources: Sequence[LayerSource]
    feed: MapFeed


def install_map(app: Flask, here: Parts, ground: Ground, sources: Sequence[LayerSource]) -> None:
    """Put the layers of all concerns on the map.

    Args:
        app: The application.
        here: Its parts.
        ground: What lies under the marks.
        sources: What each concern shows; the first is what the map is opened with.
    """

    def collect() -> Sequence[MapLayer]:
        address = f"http://{here.config.web.trusted_hosts[0]}/"
        with app.test_request_context(base_url=address), here.database.reading() as session:
            look = MapLook(db=session, now=here.now(), reach=EVERYWHERE)
            return tuple(source(look) for source in sources)

    app.extensions["pontive-map"] = CityMap(ground, sources, MapFeed(collect))
    app.add_template_global(unit_place, "unit_place")
    app.add_template_global(lambda: city_map().ground, "map_ground")
    app.register_blueprint(blueprint)


def city_map() -> CityMap:
    """Return the map of the application that answers this request."""
    found: CityMap = current_app.extensions["pontive-map"]
    return found


@blueprint.get("/peta")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def city() -> str:
    """Show the map and the list beside it."""
    layers, wanted = _layers(), _wanted()
    points = [point for layer in layers for point in layer.points]
    return render_template(
        "maps/map.html",
        marks=marks_of(layers, wanted),
        layers=layers,
        wanted=wanted,
        total=len(points),
        districts=sorted({point.kecamatan for point in points if point.kecamatan}),
        owners=sorted({owner for point in points for owner in point.owners}),
    )


@blueprint.get("/peta/isi")
@needs(Permission.CAMERA_SEE, is_scoped=True, is_background=True)
def content() -> str:
    """Give the marks and the list anew; the page asks when the stream says that they changed."""
    return render_template("maps/content.html", marks=marks_of(_layers(), _wanted()))


@blueprint.get("/peta/aliran")
@needs(Permission.CAMERA_SEE, is_scoped=True, is_background=True)
def stream() -> Response:
    """Stream that something changed, as server-sent events."""
    feed = city_map().feed
    return event_stream(
        Subscription(
            listen=feed.listen,
            leave=feed.leave,
            still_sees=lambda _db, viewer: viewer.may_somewhere(Permission.CAMERA_SEE),
        )
    )


@blueprint.get("/peta/jalan.pmtiles")
@needs(Permission.CAMERA_SEE, is_scoped=True, is_background=True)
def streets() -> Response:
    """Serve the operator's file of streets, piece by piece."""
    file: Path | None = city_map().ground.streets.file
    if file is None:
        abort(404)
    response = send_file(file, mimetype="application/octet-stream", conditional=True, etag=True)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _layers() -> tuple[MapLayer, ...]:
    now = parts().now()
    reach = place_reach(db(), signed_in(), Permission.CAMERA_SEE, now)
    look = MapLook(db=db(), now=now, reach=reach, viewer=signed_in())
    return tuple(source(look) for source in city_map().sources)


def _wanted() -> MapFilter:
    names = {"kecamatan": "kecamatan", "owner": "pemilik", "state": "keadaan", "layer": "lapisan"}
    return MapFilter(**{key: request.args.get(name, "")[:80] for key, name in names.items()})
