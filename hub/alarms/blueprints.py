"""The screens of alarms and messages, for ``hub.app`` to register."""

from flask import Blueprint

from hub.alarms.handling import views as handling
from hub.notify import outbox_views
from hub.notify.choosing import views as choosing

ALARMS: tuple[Blueprint, ...] = (handling.blueprint, choosing.blueprint, outbox_views.blueprint)
