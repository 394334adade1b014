"""The pages of registers, for ``hub/app.py`` to register."""

from flask import Blueprint

from hub.registers.applications import views as applications
from hub.registers.importing import views as importing
from hub.registers.market import views as market
from hub.registers.screens import bulk_views, edit_views, list_views, row_views
from hub.registers.showing import calendar_views, guide_views
from hub.registers.showing import views as showing
from hub.web.contributions.public_pages import PublicPage
from hub.web.i18n import N_

REGISTERS: tuple[Blueprint, ...] = (
    list_views.blueprint,
    row_views.blueprint,
    edit_views.blueprint,
    bulk_views.blueprint,
    importing.blueprint,
    applications.blueprint,
    market.blueprint,
    showing.blueprint,
    guide_views.blueprint,
    calendar_views.blueprint,
)

LOOKUPS = (
    PublicPage("city_guide.agenda", N_("Agenda")),
    PublicPage("city_guide.place_list", N_("Tempat")),
    PublicPage("market.shelf", N_("Pasar warga")),
    PublicPage("register_showing.areas", N_("Kawasan")),
    PublicPage("register_showing.trainings", N_("Pelatihan")),
)
