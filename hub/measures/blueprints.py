"""The screens of measures, in one list, for ``hub.app`` to register."""

from flask import Blueprint

from hub.measures.environment import views as environment
from hub.measures.indicators import views as indicators
from hub.measures.pages import views as pages
from hub.measures.performance import views as performance
from hub.measures.prices import entry_views, public_views
from hub.measures.spbe import views as spbe

MEASURES: tuple[Blueprint, ...] = (
    entry_views.blueprint,
    public_views.blueprint,
    environment.blueprint,
    spbe.blueprint,
    pages.blueprint,
    indicators.blueprint,
    performance.blueprint,
)
