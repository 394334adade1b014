"""The screens of measures, in one list, for ``hub.app`` to register."""

from flask import Blueprint

from hub.measures.environment import views as environment
from hub.measures.indicators import views as indicators
from hub.measures.pages import views as pages
from hub.measures.performance import views as performance
from hub.measures.prices import entry_views, public_views
from hub.measures.spbe import views as spbe
from hub.web.contributions.public_pages import PublicPage
from hub.web.i18n import N_

MEASURES: tuple[Blueprint, ...] = (
    entry_views.blueprint,
    public_views.blueprint,
    environment.blueprint,
    spbe.blueprint,
    pages.blueprint,
    indicators.blueprint,
    performance.blueprint,
)

LOOKUPS = (
    PublicPage("prices.listing", N_("Harga pangan")),
    PublicPage("environment.listing", N_("Udara dan sungai")),
    PublicPage("indicators.board", N_("Indikator kota")),
)
