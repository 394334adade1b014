"""The screens of a civil servant's phone, for ``hub.app`` to register."""

from flask import Blueprint

from hub.hadir.phone import admin_views, enrol_views, own_views, sign_in_views, views, workplace_views

PHONE: tuple[Blueprint, ...] = (
    views.blueprint,
    enrol_views.blueprint,
    sign_in_views.blueprint,
    own_views.blueprint,
    admin_views.blueprint,
    workplace_views.blueprint,
)
