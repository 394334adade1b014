"""The pages of open data, for the composition root."""

from flask import Blueprint, Flask

from hub.interop.opendata import api_views, views
from hub.interop.opendata.access import install_catalogue
from hub.web.contributions.public_pages import PublicPage
from hub.web.i18n import N_

OPEN_DATA: tuple[Blueprint, ...] = (views.blueprint, api_views.blueprint)

LOOKUP = PublicPage("open_data.listing", N_("Data terbuka"))


def install_open_data(app: Flask) -> None:
    """Register the pages; the API takes no form tokens, for it has no sessions and changes nothing."""
    install_catalogue(app)
    for one in OPEN_DATA:
        app.register_blueprint(one)
    app.extensions["csrf"].exempt(api_views.blueprint)
