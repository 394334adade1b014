"""The pages of letters, for ``hub/app.py`` to register."""

from flask import Blueprint

from hub.cases.letters.archive import views as archive
from hub.cases.letters.checking import views as checking
from hub.cases.letters.issuing import citizen_views
from hub.cases.letters.signing import name_views
from hub.cases.letters.signing import views as signing

LETTERS: tuple[Blueprint, ...] = (
    signing.blueprint,
    name_views.blueprint,
    archive.blueprint,
    checking.blueprint,
    citizen_views.blueprint,
)
