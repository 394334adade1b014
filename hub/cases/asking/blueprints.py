"""The pages of citizens, for ``hub/app.py`` to register."""

from flask import Blueprint

from hub.cases.asking import views as services
from hub.cases.citizens import account_views, own_views
from hub.cases.tracking import acting_views
from hub.cases.tracking import views as tracking

CITIZENS: tuple[Blueprint, ...] = (
    services.blueprint,
    tracking.blueprint,
    acting_views.blueprint,
    account_views.blueprint,
    own_views.blueprint,
)
