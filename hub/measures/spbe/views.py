"""The sheet of an assessment, each indicator with its evidence, and the report to print."""

from pathlib import Path

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cases.attachments.door import MAX_BODY_BYTES, keep_upload
from hub.cases.attachments.kept import KeptFile
from hub.cases.attachments.serving import serve
from hub.cases.definition.form import FileKind
from hub.errors import InputError
from hub.measures.spbe import service
from hub.measures.spbe.framework import LEVELS, Aspect, Indicator
from hub.measures.spbe.looking import looks_of
from hub.measures.spbe.models import Evidence
from hub.measures.spbe.proofs import Proofs
from hub.measures.spbe.rules import gaps_in, index_of
from hub.measures.spbe.service import Sheet
from hub.people.permissions import Permission
from hub.web.files.tables import csv_response
from hub.web.guarding.guard import needs, signed_in
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.sure import insist_on_sure
from hub.web.typed.whole_numbers import whole_number

blueprint = Blueprint("spbe", __name__)


@blueprint.get("/spbe")
@needs(Permission.MEASURE_SEE)
def listing() -> str:
    """Show all assessments with their index, and begin another."""
    found = service.sheets(db())
    year = parts().now().astimezone(parts().zone).year
    return render_template("measures/spbe/listing.html", sheets=found, year=year, kinds=service.KINDS)


@blueprint.post("/spbe")
@needs(Permission.SPBE_ASSESS)
def begin() -> AnyResponse:
    """Begin an assessment."""
    year = request.form.get("tahun", 0, type=whole_number)
    try:
        made = service.begin(
            db(), year=year, kind=request.form.get("jenis", ""), actor=signed_in().name, now=parts().now()
        )
    except InputError as error:
        return _refused(error, url_for("spbe.listing"))
    return redirect(url_for("spbe.sheet", assessment=made.id), code=303)


@blueprint.get("/spbe/<int:assessment>")
@needs(Permission.MEASURE_SEE)
def sheet(assessment: int) -> str:
    """Show the whole sheet: index by domain, every indicator, what lacks most."""
    return render_template("measures/spbe/sheet.html", **_of_sheet(service.sheet_of(db(), assessment)))


@blueprint.get("/spbe/<int:assessment>/laporan")
@needs(Permission.MEASURE_SEE)
def report(assessment: int) -> str:
    """Show the same to print."""
    return render_template("measures/spbe/report.html", **_of_sheet(service.sheet_of(db(), assessment)))


@blueprint.get("/spbe/<int:assessment>.csv")
@needs(Permission.MEASURE_SEE)
def as_csv(assessment: int) -> Response:
    """Give the sheet."""
    here = service.sheet_of(db(), assessment)
    proofs = _proofs(here)
    header = [
        *(_("Nomor"), _("Indikator"), _("Aspek"), _("Domain"), _("Bobot"), _("Level"), _("Bukti")),
        _("Bukti mati"),
    ]
    rows = [
        (
            n,
            one.label,
            aspect.label,
            aspect.domain,
            aspect.weight,
            here.levels.get(n),
            len(proofs.of(one)),
            "; ".join(proof.title for proof in proofs.of(one) if proof.is_dead),
        )
        for n, (aspect, one) in here.framework.indicators.items()
    ]
    return csv_response(f"spbe-{here.assessment.year}-{here.assessment.kind}.csv", header, rows)


@blueprint.get("/spbe/<int:assessment>/<int:indicator>")
@needs(Permission.MEASURE_SEE)
def indicator(assessment: int, indicator: int) -> str:
    """Show one indicator: its level, its evidence, what was thought of it before."""
    here = service.sheet_of(db(), assessment)
    aspect, one = _indicator(here, indicator)
    other = service.beside(db(), here)
    return render_template(
        "measures/spbe/indicator.html",
        sheet=here,
        aspect=aspect,
        one=one,
        proofs=_proofs(here).of(one),
        history=service.history_of(db(), here, indicator),
        other=other,
        levels=LEVELS,
        numbers=list(here.framework.indicators),
    )


@blueprint.post("/spbe/<int:assessment>/<int:indicator>/level")
@needs(Permission.SPBE_ASSESS)
def give_level(assessment: int, indicator: int) -> AnyResponse:
    """Give a level."""
    here = service.sheet_of(db(), assessment)
    level = request.form.get("level", 0, type=whole_number)
    note = request.form.get("catatan", "")
    try:
        service.give_level(db(), here, indicator, level, note, actor=signed_in().name, now=parts().now())
    except InputError as error:
        return _refused(error, _page(assessment, indicator))
    flash(_("Level tersimpan."))
    return redirect(_page(assessment, indicator), code=303)


@blueprint.post("/spbe/<int:assessment>/<int:indicator>/bukti")
@needs(Permission.SPBE_ASSESS, upload_bytes=MAX_BODY_BYTES)
def add_evidence(assessment: int, indicator: int) -> AnyResponse:
    """Add a link or a file."""
    here = service.sheet_of(db(), assessment)
    try:
        service.add_evidence(
            db(),
            here,
            indicator,
            title=request.form.get("judul", ""),
            address=request.form.get("tautan", "").strip(),
            file=_file(),
            actor=signed_in().name,
            now=parts().now(),
        )
    except InputError as error:
        return _refused(error, _page(assessment, indicator))
    flash(_("Bukti tersimpan."))
    return redirect(_page(assessment, indicator), code=303)


@blueprint.post("/spbe/<int:assessment>/<int:indicator>/bukti/<int:evidence>/tarik")
@needs(Permission.SPBE_ASSESS)
def withdraw(assessment: int, indicator: int, evidence: int) -> AnyResponse:
    """Take evidence back."""
    here = service.sheet_of(db(), assessment)
    try:
        service.withdraw(db(), here, indicator, evidence, actor=signed_in().name, now=parts().now())
    except InputError as error:
        return _refused(error, _page(assessment, indicator))
    flash(_("Bukti ditarik."))
    return redirect(_page(assessment, indicator), code=303)


@blueprint.get("/spbe/<int:assessment>/bukti/<int:evidence>")
@needs(Permission.MEASURE_SEE)
def evidence_file(assessment: int, evidence: int) -> Response:
    """Give a file of evidence."""
    found = db().get(Evidence, evidence)
    if found is None or found.assessment != assessment or not found.sha256:
        abort(404)
    return serve(_folder(), found.sha256, found.media_type, name=f"bukti-spbe-{found.indicator}-{found.id}")


@blueprint.post("/spbe/<int:assessment>/tutup")
@needs(Permission.SPBE_ASSESS)
def close(assessment: int) -> AnyResponse:
    """Close an assessment for good."""
    insist_on_sure()
    here = service.sheet_of(db(), assessment)
    try:
        service.close(db(), here, actor=signed_in().name, now=parts().now())
    except InputError as error:
        return _refused(error, url_for("spbe.sheet", assessment=assessment))
    flash(_("Penilaian ditutup."))
    return redirect(url_for("spbe.sheet", assessment=assessment), code=303)


def _of_sheet(here: Sheet) -> dict[str, object]:
    other = service.beside(db(), here)
    proofs = _proofs(here)
    found = {n: proofs.of(one) for n, (_aspect, one) in here.framework.indicators.items()}
    return {
        "sheet": here,
        "other": other,
        "domains": [
            (name, index_of(here.framework, here.levels, domain=name)) for name in here.framework.domains
        ],
        "proofs": found,
        "gaps": gaps_in(here.framework, here.levels),
        "without_proof": [n for n, level in here.levels.items() if level > 1 and not found[n]],
        "dead": [(n, one) for n, some in found.items() for one in some if one.is_dead],
    }


def _indicator(here: Sheet, number: int) -> tuple[Aspect, Indicator]:
    found = here.framework.indicators.get(number)
    if found is None:
        abort(404)
    return found


def _proofs(here: Sheet) -> Proofs:
    return Proofs(here, looks_of(db(), here), _folder())


def _file() -> KeptFile | None:
    sent = request.files.get("berkas")
    if sent is None or not sent.filename:
        return None
    return keep_upload(sent.stream, kinds=(FileKind.PDF, FileKind.IMAGE), folder=_folder())


def _folder() -> Path:
    # Not the store of cases, which forgets what no case refers to.
    return Path(parts().config.folder) / "spbe-files"


def _page(assessment: int, indicator: int) -> str:
    return url_for("spbe.indicator", assessment=assessment, indicator=indicator)


def _refused(error: InputError, address: str) -> AnyResponse:
    roll_back()
    flash(str(error), "bad")
    return redirect(address, code=303)
