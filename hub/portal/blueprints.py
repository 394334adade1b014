"""The portal, for the composition root: its pages, and what it needs of the others."""

from collections.abc import Sequence

from flask import Flask, url_for

from hub.portal import phone_views, views
from hub.portal.sources import SOURCES, page_source
from hub.portal.weather import views as weather
from hub.web.assets import asset_url
from hub.web.contributions.public_pages import PublicPage
from hub.web.contributions.searching import SearchSource
from hub.web.guarding.guard import answer_strangers
from hub.web.i18n import N_

BOARD = "boards.board"
LOOKUPS = (PublicPage("weather.show", N_("Cuaca")),)


def install_portal(
    app: Flask, *, pages: Sequence[PublicPage], also_found: Sequence[SearchSource] = ()
) -> None:
    """Serve the portal.

    Args:
        app: The application; the board is registered already.
        pages: What is open to everybody: found by name, and answered from memory without network.
        also_found: Where the search looks besides the engines.
    """
    for one in (views.blueprint, phone_views.blueprint, weather.blueprint):
        app.register_blueprint(one)
    app.extensions[views.SOURCES_NAME] = (*SOURCES, *also_found, page_source(pages))
    app.extensions[phone_views.PAGES_NAME] = tuple(pages)
    answer_strangers(app, BOARD, views.front)

    @app.context_processor
    def give() -> dict[str, str]:
        return {
            "phone_manifest": url_for("portal_phone.manifest"),
            "phone_script": asset_url("js/portal/phone.js"),
        }
