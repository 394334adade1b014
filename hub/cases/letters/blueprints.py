"""The pages of letters, for ``hub/app.py`` to register."""

from flask import Blueprint

from hub.cases.letters.archive import views as archive
from hub.cases.letters.checking import views as checking
from hub.cases.letters.issuing import citizen_views
from hub.cases.letters.signing import name_views
from hub.cases.letters.signing import views as signing
from hub.web.contributions.public_pages import PublicPage
from hub.web.i18n import N_

LETTERS: tuple[Blueprint, ...] = (
    signing.blueprint,
    name_views.blueprint,
    archive.blueprint,
    checking.blueprint,
    citizen_views.blueprint,
)

CHECKING_PAGE = PublicPage("letter_check.start", N_("Periksa surat"))
