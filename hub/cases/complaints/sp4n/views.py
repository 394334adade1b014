"""The files of SP4N-LAPOR! in the browser: one to bring in, one to take away."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cases.complaints.publishing.board import PublicBoard, category_labels, complaint_service
from hub.cases.complaints.publishing.views import asked
from hub.cases.complaints.sp4n.bringing import bring_in
from hub.cases.complaints.sp4n.files import COLUMNS, MORE, STATUSES, read_rows
from hub.cases.complaints.sp4n.giving import HEADER, rows_for_sp4n
from hub.cases.complaints.statistics.importing import import_figures
from hub.cases.keeping.access import engine
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.files.table_file import MAX_FILE_BYTES, read_table
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back

blueprint = Blueprint("complaint_files", __name__)

_BODY_BYTES = MAX_FILE_BYTES + 64 * 1024


@blueprint.get("/berkas/lapor")
@needs(Permission.COMPLAINT_MODERATE)
def page() -> str:
    """Show what can be brought in and taken away."""
    return _page()


@blueprint.get("/berkas/lapor/ekspor.csv")
@needs(Permission.COMPLAINT_MODERATE)
def export() -> Response:
    """Give the complaints as a file, narrowed as the public list is."""
    return csv_response("sp4n-lapor.csv", HEADER, rows_for_sp4n(db(), asked(), parts().zone))


@blueprint.post("/berkas/lapor/impor")
@needs(Permission.COMPLAINT_MODERATE, upload_bytes=_BODY_BYTES)
def bring() -> AnyResponse | tuple[str, int]:
    """Bring a file in: complaints, or published figures."""
    here, upload = parts(), request.files.get("berkas")
    try:
        if upload is None or not upload.filename:
            raise InputError("Pilih berkas CSV atau XLSX.")
        data, name = upload.read(MAX_FILE_BYTES + 1), upload.filename
        if request.form.get("isi") == "angka":
            figures = import_figures(db(), data, name, actor=signed_in().name, now=here.now())
            flash(_("%(count)s angka disimpan.", count=len(figures)))
            return redirect(url_for("complaint_statistics.page"), code=303)
        rows = read_rows(read_table(data, name, is_literal=True), category_labels(complaint_service(db())))
        brought = bring_in(db(), engine(), rows, actor=signed_in().name, zone=here.zone, now=here.now())
    except InputError as error:
        roll_back()
        return _page(str(error)), 422
    flash(_("%(new)s laporan baru, %(known)s sudah ada.", new=brought.new, known=brought.known))
    return redirect(url_for("complaint_files.page"), code=303)


def _page(complaint: str = "") -> str:
    return render_template(
        "cases/complaints/files.html",
        complaint=complaint,
        columns=COLUMNS,
        more=MORE,
        statuses=STATUSES,
        labels=PublicBoard(db()).labels,
    )
