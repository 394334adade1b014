"""The inventory's screens, for ``hub.app`` to register."""

from flask import Blueprint

from hub.places.importing import views as importing
from hub.places.register import views as register

PLACES: tuple[Blueprint, ...] = (register.blueprint, importing.blueprint)
