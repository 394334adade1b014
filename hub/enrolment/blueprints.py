"""The screens of enrolment, for ``hub.app`` to register."""

from flask import Blueprint, Flask

from hub.enrolment.claiming import open_views
from hub.enrolment.screens import card_views, certificate_views, fitting_views
from hub.enrolment.signing import views as signing_views

ENROLMENT: tuple[Blueprint, ...] = (
    open_views.blueprint,
    fitting_views.blueprint,
    certificate_views.blueprint,
    card_views.blueprint,
    signing_views.blueprint,
)


def install_enrolment(app: Flask) -> None:
    """Let blank devices ask: they have no session, so no form token; their request proves itself."""
    app.extensions["csrf"].exempt(open_views.blueprint)
