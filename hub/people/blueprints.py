"""The screens of accounts and of the personnel office, for ``hub.app`` to register."""

from flask import Blueprint

from hub.people.badges import views as badges
from hub.people.grants import views as grants
from hub.people.importing import views as importing
from hub.people.offices import views as offices
from hub.people.programs import views as programs
from hub.people.second_factor import asking
from hub.people.second_factor import views as second_factor
from hub.people.signing_in import own_sessions
from hub.people.slips import views as slips
from hub.people.staff import card_views, list_views, own_pin

PERSONNEL: tuple[Blueprint, ...] = (
    list_views.blueprint,
    card_views.blueprint,
    own_pin.blueprint,
    importing.blueprint,
    offices.blueprint,
    slips.blueprint,
    badges.blueprint,
    grants.blueprint,
    programs.blueprint,
    asking.blueprint,
    second_factor.blueprint,
    own_sessions.blueprint,
)
