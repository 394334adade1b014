"""The portal on a phone: manifest, service worker, and the copy that is shown without network.

Nothing here looks at who asks: what a phone keeps is the same for everybody, or is not kept.
"""

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for
from flask_babel import gettext as _

from hub.people.permissions import Permission
from hub.portal.views import draw_front
from hub.web.assets import asset_url
from hub.web.contributions.public_pages import KEPT_HEADER, KEPT_VALUE, PublicPage, as_kept
from hub.web.guarding.guard import needs
from hub.web.parts import parts

blueprint = Blueprint("portal_phone", __name__)

PAGES_NAME = "pontive-kept-pages"
ICON_SIZES_PX = (192, 512)
_FILES = (
    *("pontive.css", "citizen.css", "measures.css", "portal/front.css", "pontive.svg"),
    *("js/page.js", "js/age.js", "js/portal/phone.js", "js/portal/waiting.js", "js/portal/sending.js"),
    # Of the page that takes complaints.
    *("forms.css", "complaints.css", "js/report.js"),
)


@blueprint.get("/luring")
@needs(Permission.PUBLIC, is_background=True)
def kept() -> Response:
    """Give the front page as a phone keeps it: of no visit, with the moment of its data."""
    return as_kept(draw_front(is_kept=True))


@blueprint.get("/pekerja.js")
@needs(Permission.PUBLIC, is_background=True)
def worker() -> Response:
    """Give the service worker, which knows by name what to keep."""
    pages: Sequence[PublicPage] = current_app.extensions[PAGES_NAME]
    text = render_template(
        "portal/worker.js",
        files=[asset_url(name) for name in _FILES],
        kept=url_for("portal_phone.kept"),
        report=url_for("report.form"),
        kept_report=url_for("report.kept"),
        sending=asset_url("js/portal/sending.js"),
        pages=sorted({url_for(one.endpoint) for one in pages}),
        header=KEPT_HEADER,
        value=KEPT_VALUE,
        version=asset_url("").rstrip("/").rsplit("/", 1)[-1],
    )
    return Response(text, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get("/manifest.webmanifest")
@needs(Permission.PUBLIC, is_background=True)
def manifest() -> Response:
    """Tell a phone how to put the city among its applications."""
    city = parts().config.city
    icons = [
        {
            "src": asset_url(f"portal/{purpose}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in ICON_SIZES_PX
        for purpose in ("any", "maskable")
    ]
    shortcuts = [
        {"name": _("Lapor"), "url": url_for("report.form")},
        {"name": _("Harga pangan"), "url": url_for("prices.listing")},
        {"name": _("Lacak"), "url": url_for("tracking.find")},
    ]
    response = jsonify(
        id="/",
        name=f"Pontive {city}",
        short_name="Pontive",
        description=_("Harga pangan, udara, cuaca, agenda, layanan, dan laporan warga."),
        lang="id",
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#0c1214",
        theme_color="#0c1214",
        icons=icons,
        shortcuts=shortcuts,
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response
