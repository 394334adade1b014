"""The screens of alarms and messages, for ``hub.app`` to register."""

from flask import Blueprint

from hub.alarms.handling import views as handling
from hub.notify import outbox_views, views

ALARMS: tuple[Blueprint, ...] = (handling.blueprint, views.blueprint, outbox_views.blueprint)
