"""The pages of citizens and of the counters that serve them, for ``hub/app.py`` to register."""

from flask import Blueprint

from hub.cases.asking import views as services
from hub.cases.bookings import slot_views as slots
from hub.cases.bookings import views as rooms
from hub.cases.citizens.own import news_views, signing_views
from hub.cases.citizens.own import views as own_views
from hub.cases.counter import papers_views
from hub.cases.counter import views as counter
from hub.cases.permits import views as permits
from hub.cases.tracking import acting_views
from hub.cases.tracking import views as tracking
from hub.web.contributions.public_pages import PublicPage
from hub.web.i18n import N_

CITIZENS: tuple[Blueprint, ...] = (
    services.blueprint,
    tracking.blueprint,
    acting_views.blueprint,
    signing_views.blueprint,
    own_views.blueprint,
    news_views.blueprint,
    counter.blueprint,
    papers_views.blueprint,
    rooms.blueprint,
    permits.blueprint,
    slots.blueprint,
)

CATALOGUE_PAGE = PublicPage("services.catalogue", N_("Layanan"))
TRACKING_PAGE = PublicPage("tracking.find", N_("Lacak"))
ACCOUNT_PAGE = PublicPage("citizens.own", N_("Akun"))
