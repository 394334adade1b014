"""Recaps and months to keep: CSV, XLSX and PDF. Each file that leaves is written into the audit chain."""

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from hub.hadir import asking
from hub.hadir.exports.document import example_words, facts_of, recap_document
from hub.hadir.exports.files import recap_csv, recap_xlsx
from hub.hadir.exports.person_pdf import PersonMonth, person_pdf
from hub.hadir.exports.recap_pdf import recap_pdf
from hub.hadir.results.showing.recap import recap_of
from hub.hadir.views import found_person, own_person
from hub.people import audit
from hub.people.models import Opd
from hub.people.permissions import Permission
from hub.people.reach import PlacedPerson
from hub.web.files.spreadsheet import XLSX_TYPE, file_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("exports", __name__)

PDF_TYPE = "application/pdf"


@blueprint.get("/hadir/rekap.csv")
@needs(Permission.HADIR_SEE, is_scoped=True)
def csv_file() -> Response:
    """Give the recap as CSV."""
    return _recap_file("csv")


@blueprint.get("/hadir/rekap.xlsx")
@needs(Permission.HADIR_SEE, is_scoped=True)
def xlsx_file() -> Response:
    """Give the recap as a workbook."""
    return _recap_file("xlsx")


@blueprint.get("/hadir/rekap.pdf")
@needs(Permission.HADIR_SEE, is_scoped=True)
def pdf_file() -> Response:
    """Give the recap as PDF."""
    return _recap_file("pdf")


@blueprint.get("/hadir/pegawai/<int:number>.pdf")
@needs(Permission.HADIR_SEE, is_scoped=True)
def person_file(number: int) -> Response:
    """Give somebody's month as PDF."""
    return _person_file(found_person(number))


@blueprint.get("/hadir/saya.pdf")
@needs(Permission.HADIR_OWN, is_scoped=True)
def own_file() -> Response | str:
    """Give one's own month as PDF."""
    person, is_linked = own_person()
    if person is None:
        return render_template("hadir/not_linked.html", is_linked=is_linked)
    return _person_file(person)


def _recap_file(ending: str) -> Response:
    what = asking.asked()
    document = recap_document(what, asking.recap_asked(what))
    place = what.unit.number if what.unit else what.opd.number if what.opd else 0
    name = document.file_name(place, ending)
    _note(f"{'unit' if what.unit else 'opd'}:{place}", name)
    if ending == "csv":
        return recap_csv(document, name)
    if ending == "xlsx":
        return file_response(recap_xlsx(document), name, XLSX_TYPE)
    return file_response(recap_pdf(document), name, PDF_TYPE)


def _person_file(person: PlacedPerson) -> Response:
    month, here = asking.chosen_month(), parts()
    found = recap_of(db(), people=(person,), month=month, today=asking.today(), zone=here.zone)
    opd = db().get(Opd, person.opd)
    sheet = PersonMonth(
        line=found.lines[0],
        opd=opd.name if opd else _("tanpa OPD"),
        month=month,
        facts=facts_of(found),
        warning=example_words(found),
        zone=here.zone,
        language=language(),
    )
    name = f"hadir-{person.number}-{month:%Y-%m}.pdf"
    _note(f"person:{person.number}", name)
    return file_response(person_pdf(sheet), name, PDF_TYPE)


def _note(target: str, name: str) -> None:
    # The request reads; what leaves the house is noted in a transaction of its own.
    with parts().database.writing() as writing:
        audit.append(
            writing,
            at=parts().now(),
            actor=signed_in().name,
            action="attendance.export",
            target=target,
            detail=name,
        )
