"""The watch over billboards on screen and as CSV; what is known of one; the city's tariffs."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.cctv.findings import access
from hub.cctv.findings.models import Billboard, BillboardTariff
from hub.cctv.findings.revenue import FORMS, BillboardLine, billboards, months, set_facts, set_tariff, tariffs
from hub.errors import InputError
from hub.people.permissions import Permission
from hub.web.files.tables import csv_response
from hub.web.formats import rupiah_text
from hub.web.guarding.guard import needs, signed_in
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db, roll_back
from hub.web.typed.whole_numbers import is_whole_number

blueprint = Blueprint("billboards", __name__)


@blueprint.get("/temuan/reklame")
@needs(Permission.FINDING_SEE)
def listing() -> str:
    """Show every billboard that was found, with totals by month."""
    lines, today = billboards(db()), access.today()
    return render_template(
        "cctv/findings/billboards.html",
        lines=lines,
        months=months(db(), lines, zone=parts().zone, today=today),
        tariffs=tariffs(db()),
        forms=FORMS,
        standing_words=_standings(),
        today=today,
        rupiah=lambda value: rupiah_text(value, language()),
    )


@blueprint.get("/temuan/reklame.csv")
@needs(Permission.FINDING_SEE)
def as_csv() -> Response:
    """Give the billboards as CSV; rupiah only where the city entered a tariff."""
    header = [
        _("Nomor"), _("Titik"), _("Kamera"), _("Bentuk"), _("Lebar (m)"), _("Tinggi (m)"), _("Luas (m²)"),
        _("Nomor izin"), _("Berlaku sampai"), _("Keadaan izin"), _("Kali ditemukan"), _("Pertama"),
        _("Terakhir"), _("Potensi (Rp per bulan)"),
    ]  # fmt: skip
    return csv_response("reklame.csv", header, [_cells(line) for line in billboards(db())])


@blueprint.post("/temuan/<int:finding>/reklame")
@needs(Permission.FINDING_MAKE)
def facts(finding: int) -> AnyResponse:
    """Write what is known of a billboard: form, size, permit."""
    try:
        row = Billboard(
            form=request.form.get("bentuk", ""),
            width_m=access.number_field("lebar"),
            height_m=access.number_field("tinggi"),
            permit=" ".join(request.form.get("izin", "").split()),
            valid_until=access.day_field("berlaku"),
            is_gone=request.form.get("hilang") == "ya",
        )
        set_facts(db(), finding, row, actor=signed_in().name, now=parts().now())
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
    else:
        flash(_("Data reklame disimpan."))
    return redirect(url_for("finding_register.show", finding=finding), code=303)


@blueprint.post("/temuan/reklame/tarif")
@needs(Permission.FINDING_MANAGE)
def tariff() -> AnyResponse:
    """Write the city's tariff of a form of billboard."""
    who, text = signed_in(), request.form.get("rupiah", "").strip().replace(".", "")
    try:
        if not is_whole_number(text):
            raise InputError("Isi tarif dengan angka rupiah, misalnya 150000; 0 menghapusnya.")
        row = BillboardTariff(
            form=request.form.get("bentuk", ""),
            rupiah_m2_month=int(text),
            basis=" ".join(request.form.get("dasar", "").split())[:120],
            set_by=who.account_id,
            set_at=parts().now(),
        )
        set_tariff(db(), row, actor=who.name)
    except InputError as error:
        roll_back()
        flash(str(error), "bad")
    else:
        flash(_("Tarif disimpan."))
    return redirect(url_for("billboards.listing"), code=303)


def _standings() -> dict[str, str]:
    return {
        "none": _("izin tidak diketahui"),
        "permitted": _("berizin"),
        "expired": _("izin kedaluwarsa"),
        "gone": _("sudah dibongkar"),
    }


def _cells(line: BillboardLine) -> list[object]:
    known, zone = line.facts, parts().zone
    return [
        line.first.id,
        line.site,
        line.camera,
        _(FORMS[known.form]) if known.form else "",
        known.width_m,
        known.height_m,
        None if line.area_m2 is None else round(line.area_m2, 2),
        known.permit,
        known.valid_until.isoformat() if known.valid_until else "",
        _standings()[line.standing(access.today())],
        line.times,
        line.first.taken_at.astimezone(zone).strftime("%Y-%m-%d"),
        line.last_at.astimezone(zone).strftime("%Y-%m-%d"),
        line.potential,
    ]
