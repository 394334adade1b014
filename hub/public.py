"""What citizens meet, whichever concern gives it: composition for the web, as ``hub/app.py`` is."""

from collections.abc import Sequence

from flask import Flask, url_for

from hub.cases.asking.blueprints import ACCOUNT_PAGE, CATALOGUE_PAGE, TRACKING_PAGE
from hub.cases.complaints.blueprints import COMPLAINTS_LOOKUP, REPORT_PAGE
from hub.cases.letters.blueprints import CHECKING_PAGE
from hub.interop.opendata.access import catalogue
from hub.interop.opendata.blueprints import LOOKUP as OPEN_DATA
from hub.measures.blueprints import LOOKUPS as MEASURES
from hub.portal.blueprints import LOOKUPS as PORTAL
from hub.portal.blueprints import install_portal
from hub.registers.blueprints import LOOKUPS as REGISTERS
from hub.web.contributions.public_pages import install_public_frame
from hub.web.contributions.searching import MOST_HITS, Hit, SearchSource, Sought
from hub.web.i18n import N_

PAGES = (CATALOGUE_PAGE, REPORT_PAGE, TRACKING_PAGE, CHECKING_PAGE, ACCOUNT_PAGE)
LOOKUPS = (COMPLAINTS_LOOKUP, *MEASURES, *PORTAL, *REGISTERS, OPEN_DATA)


def install_public(app: Flask) -> None:
    """Link what is open to everybody, and put the front page at ``/`` for strangers."""
    install_public_frame(app, pages=PAGES, lookups=LOOKUPS)
    datasets = SearchSource(N_("Data terbuka"), _datasets)
    install_portal(app, pages=(*PAGES, *LOOKUPS), also_found=(datasets,))


def _datasets(sought: Sought) -> Sequence[Hit]:
    found = catalogue().found(sought.words)[:MOST_HITS]
    return [Hit(one.title, url_for("open_data.one", dataset=one.name), one.group) for one in found]
