"""The screens of complaints, in one list, and what they need of the application."""

from flask import Flask

from hub.cases.complaints.filing import views as filing
from hub.cases.complaints.here import CameraStills, install_stills
from hub.cases.complaints.open311 import views as open311
from hub.cases.complaints.publishing import support
from hub.cases.complaints.publishing import views as publishing
from hub.cases.complaints.publishing.shown import SERVICE
from hub.cases.complaints.sp4n import views as sp4n
from hub.cases.complaints.statistics import views as statistics
from hub.cases.complaints.triage import views as triage
from hub.cases.complaints.triage.panel import complaint_panel
from hub.cases.desk.panels import install_panels
from hub.web.contributions.public_pages import PublicPage
from hub.web.errors import answer_errors
from hub.web.i18n import N_

COMPLAINTS = (
    filing.blueprint,
    publishing.blueprint,
    support.blueprint,
    statistics.blueprint,
    triage.blueprint,
    sp4n.blueprint,
    open311.blueprint,
)


# Services that are asked for on a page of their own, not on the form of all services.
OWN_PAGES = {SERVICE: "report.form"}

REPORT_PAGE = PublicPage("report.form", N_("Lapor"))
COMPLAINTS_LOOKUP = PublicPage("public_complaints.listing", N_("Laporan warga"))


def install_complaints(app: Flask, stills: CameraStills) -> None:
    """Serve the screens; programs speak without cookies, so a form token means nothing there."""
    for one in COMPLAINTS:
        app.register_blueprint(one)
    app.extensions["csrf"].exempt(open311.blueprint)
    answer_errors(app, "/open311/", open311.refused)
    install_stills(app, stills)
    install_panels(app, (complaint_panel,))
