"""The list of cameras on screen, and its stream. What it costs is in ``shelf.py``: both caches are there."""

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, render_template, request, session
from flask_babel import force_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cctv.models import CameraPicture
from hub.cctv.outages.models import MaintenanceWindow, OutageCamera, OutageVerdict
from hub.cctv.rules import Cause
from hub.cctv.service import list_cameras
from hub.cctv.status.feed import Sight, StatusFeed
from hub.cctv.status.listing import STATES, Filter, Row, count_states, places_dark, rows_of
from hub.cctv.status.shelf import Look, Page, StatusShelf
from hub.ingest.models import DevicePresence
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.places.access import own_reach
from hub.places.models import Device, Kecamatan, Kelurahan, Site
from hub.places.reach import place_reach
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language, theme
from hub.web.parts import Parts, parts
from hub.web.streams.streaming import Subscription, event_stream

blueprint = Blueprint("camera_status", __name__)

_KEYS = {
    "state": "keadaan",
    "cause": "sebab",
    "owner": "pemilik",
    "district": "kecamatan",
    "site": "titik",
    "kind": "jenis",
    "medium": "media",
    "text": "cari",
}


# Whatever changes a row of the list changes one of these, or happens by the passing of time.
_TRACE = select(
    select(func.max(DevicePresence.since)).scalar_subquery(),
    select(func.count()).where(DevicePresence.is_online.is_(True)).scalar_subquery(),
    select(func.max(CameraPicture.at)).scalar_subquery(),
    select(func.sum(CameraPicture.seq)).scalar_subquery(),
    select(func.max(OutageVerdict.id)).scalar_subquery(),
    select(func.count()).where(OutageCamera.ended_at.is_(None)).scalar_subquery(),
    select(func.max(OutageCamera.id)).scalar_subquery(),
    select(func.max(MaintenanceWindow.id)).scalar_subquery(),
    select(func.count()).where(MaintenanceWindow.cancelled_at.is_not(None)).scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class StatusBoard:
    """The cache and the stream of one application."""

    shelf: StatusShelf
    feed: StatusFeed


def install_status(app: Flask, here: Parts) -> None:
    """Make the cache and the feed that all pages share."""

    def collect() -> tuple[Row, ...]:
        with here.database.reading() as db:
            return read_rows(db, here)

    def draw(rows: Sequence[Row], spoken: str) -> dict[str, str]:
        with _speaking(app, here, spoken):
            return {row.id: render_template("cctv/status/row.html", row=row).strip() for row in rows}

    def sum_up(rows: Sequence[Row], spoken: str) -> str:
        with _speaking(app, here, spoken):
            return render_template("cctv/status/sum.html", **_sum(rows)).strip()

    def trace() -> Hashable:
        with here.database.reading() as db:
            return tuple(db.execute(_TRACE).one())

    shelf = StatusShelf(collect=collect, trace=trace)
    feed = StatusFeed(shelf=shelf, draw=draw, sum_up=sum_up, now=here.now)
    app.extensions["pontive-status"] = StatusBoard(shelf, feed)


@contextmanager
def _speaking(app: Flask, here: Parts, spoken: str) -> Iterator[None]:
    """Give a thread what templates need of a request, in a language."""
    address = f"http://{here.config.web.trusted_hosts[0]}/"
    with app.test_request_context(base_url=address), force_locale(spoken):
        yield


def status_board() -> StatusBoard:
    """Return the cache and the stream of the application that answers this request."""
    found: StatusBoard = current_app.extensions["pontive-status"]
    return found


def read_rows(db: Session, here: Parts) -> tuple[Row, ...]:
    """Read all rows of the list as they are now."""
    return rows_of(list_cameras(db, here.now()), districts_of(db))


def districts_of(db: Session) -> dict[str, str]:
    """Return the name of the kecamatan of each device."""
    query = (
        select(Device.id, Kecamatan.name)
        .join(Site, Site.id == Device.site)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .join(Kecamatan, Kecamatan.code == Kelurahan.kecamatan)
    )
    return {row.id: row.name for row in db.execute(query)}


def asked_for() -> Filter:
    """Return what the address asks for."""
    return Filter(**{key: request.args.get(name, "")[:80] for key, name in _KEYS.items()})


@blueprint.get("/cctv")
@needs(Permission.CAMERA_SEE, is_scoped=True)
def listing() -> Response:
    """Show all cameras, those that need somebody first; from the cache when nothing changed."""
    sight = Sight(language(), asked_for(), own_reach())
    look = status_board().shelf.look()

    def render() -> str:
        return _render(sight, look)

    # The first page of a session carries its form key, and a notice is shown once: neither is kept.
    if "csrf_token" not in session or "_flashes" in session:
        return Response(render(), mimetype="text/html")
    return _sent(status_board().shelf.page(_key(sight), look, render))


def _key(sight: Sight) -> Hashable:
    return signed_in().session_id, session["csrf_token"], theme(), sight, request.query_string


def _sent(page: Page) -> Response:
    """Return the packed bytes, or that the browser has them."""
    is_packed = request.accept_encodings.quality("gzip") > 0
    response = Response(page.packed if is_packed else page.plain, mimetype="text/html")
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(page.etag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    response.make_conditional(request)
    return response


def _render(sight: Sight, look: Look) -> str:
    within = [row for row in look.rows if sight.reach.holds_camera(row.device, row.camera)]
    return render_template(
        "cctv/status/listing.html",
        rows=sight.of(look.rows),
        wanted=sight.wanted,
        total=len(within),
        counts=count_states(within),
        states=STATES,
        causes=[cause for cause in Cause if cause is not Cause.NONE],
        owners=sorted({row.owner for row in within if row.owner}),
        districts=sorted({row.district for row in within}),
        sites=sorted({(row.site, row.site_id) for row in within}),
        query=request.query_string.decode(),
        version=look.version,
        **_sum(sight.of(look.rows)),
    )


def _sum(rows: Sequence[Row]) -> dict[str, object]:
    places, cameras = places_dark(rows)
    return {"shown": len(rows), "here_counts": count_states(rows), "places": places, "folded": cameras}


@blueprint.get("/cctv/aliran")
@needs(Permission.CAMERA_SEE, is_background=True, is_scoped=True)
def stream() -> Response:
    """Stream the rows that change as server-sent events."""
    here, feed = parts(), status_board().feed
    sight, version = Sight(language(), asked_for(), own_reach()), request.args.get("versi", "")

    def still_sees(db: Session, viewer: Viewer) -> bool:
        """Whether who opened the stream sees what he saw then, no less and no more."""
        return place_reach(db, viewer, Permission.CAMERA_SEE, here.now()) == sight.reach

    return event_stream(
        Subscription(listen=lambda: feed.listen(sight, version), leave=feed.leave, still_sees=still_sees)
    )
