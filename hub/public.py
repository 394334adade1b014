"""What citizens meet, whichever concern gives it: composition for the web, as ``hub/app.py`` is."""

from flask import Flask

from hub.cases.asking.blueprints import ACCOUNT_PAGE, CATALOGUE_PAGE, TRACKING_PAGE
from hub.cases.complaints.blueprints import COMPLAINTS_LOOKUP, REPORT_PAGE
from hub.cases.letters.blueprints import CHECKING_PAGE
from hub.interop.opendata.blueprints import LOOKUP as OPEN_DATA
from hub.measures.blueprints import LOOKUPS as MEASURES
from hub.registers.blueprints import LOOKUPS as REGISTERS
from hub.web.contributions.public_pages import install_public_frame

PAGES = (CATALOGUE_PAGE, REPORT_PAGE, TRACKING_PAGE, CHECKING_PAGE, ACCOUNT_PAGE)
LOOKUPS = (COMPLAINTS_LOOKUP, *MEASURES, *REGISTERS, OPEN_DATA)


def install_public(app: Flask) -> None:
    """Link what is open to everybody."""
    install_public_frame(app, pages=PAGES, lookups=LOOKUPS)
