"""The page of exceptions, and each kind as CSV."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from hub.hadir import asking
from hub.hadir.results.showing.recap import recap_of
from hub.hadir.review.findings import SAME_POSITION_FROM, Finding, Kind, findings_of
from hub.hadir.review.pairs import FROM_DAYS, TOGETHER, WORKING_DAYS
from hub.people.permissions import Permission
from hub.web.files.spreadsheet import table_response
from hub.web.files.tables import csv_response
from hub.web.formats import age_text, clock_text
from hub.web.guarding.guard import needs
from hub.web.i18n import language
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("review", __name__)

# On screen; the file has all of them.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Section:
    """One kind on the page."""

    kind: Kind
    title: str
    note: str
    findings: tuple[Finding, ...]

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The first ones."""
        return self.findings[:SHOWN]


@blueprint.get("/hadir/periksa")
@needs(Permission.HADIR_SEE, is_scoped=True)
def review() -> str:
    """Show what should be looked at in a month of an OPD or unit."""
    what = asking.asked()
    found = _found(what)
    sections = [Section(kind, title, note, found[kind]) for kind, (title, note) in _texts().items()]
    return render_template("hadir/review.html", what=what, sections=sections, words_of=words_of, shown=SHOWN)


@blueprint.get("/hadir/periksa.csv")
@needs(Permission.HADIR_SEE, is_scoped=True)
def review_csv() -> Response:
    """Give everything of the page as a file, or one kind of it."""
    name, rows = _wanted()
    return csv_response(f"{name}.csv", _header(), rows)


@blueprint.get("/hadir/periksa.xlsx")
@needs(Permission.HADIR_SEE, is_scoped=True)
def review_xlsx() -> Response:
    """Give the same as a workbook."""
    name, rows = _wanted()
    return table_response(f"{name}.xlsx", _("Perlu diperiksa"), _header(), rows)


def _wanted() -> tuple[str, list[list[object]]]:
    """Return the name of the file that is asked for, and its rows."""
    wanted, found = request.args.get("jenis", ""), _found(asking.asked())
    if wanted and wanted not in set(Kind):
        abort(404)
    some = {Kind(wanted): found[Kind(wanted)]} if wanted else found
    return f"hadir-{wanted or 'periksa'}-{asking.chosen_month():%Y-%m}", _rows(some)


def words_of(finding: Finding) -> str:
    """Say what was found, in one line."""
    match finding.kind:
        case Kind.MISSING:
            words = _("tanpa pindaian pulang") if finding.at else _("tanpa pindaian masuk")
        case Kind.CLOCK:
            words = _("jam perangkat tidak pasti di %(place)s", place=finding.place)
        case Kind.LATE_RECORD:
            words = _(
                "tiba %(age)s setelah pindaian, dari %(place)s", age=_lateness(finding), place=finding.place
            )
        case Kind.WEAK:
            words = _(
                "%(count)s dari %(total)s pindaian berbukti lemah", count=finding.count, total=finding.total
            )
        case Kind.DOUBLED:
            words = _(
                "kode yang sama sudah dipakai %(at)s di %(place)s",
                at=_clock(finding.other_at),
                place=finding.other_place,
            )
        case Kind.TOGETHER:
            words = _("%(count)s hari dalam %(seconds)s detik", count=finding.count, seconds=TOGETHER.seconds)
        case Kind.SAME_POSITION:
            words = _(
                "%(people)s orang, %(count)s pindaian dari satu titik di %(place)s",
                people=len(finding.others) + 1,
                count=finding.count,
                place=finding.place,
            )
    return str(words)


def _texts() -> dict[Kind, tuple[str, str]]:
    return {
        Kind.MISSING: (_("Tanpa salah satu pindaian"), _("Koreksi yang disetujui menggantikannya.")),
        Kind.CLOCK: (
            _("Jam perangkat tidak pasti"),
            _("Potongan tidak dihitung otomatis; periksa jam pembaca dan hari itu."),
        ),
        Kind.LATE_RECORD: (
            _("Data susulan"),
            _(
                "Pembaca sempat luring. Jam pindaian tetap jam di pintu; "
                "tidak ada yang menjadi terlambat karenanya."
            ),
        ),
        Kind.WEAK: (_("Bukti lemah"), _("Kartu dengan PIN: lebih mudah dititipkan daripada ponsel.")),
        Kind.DOUBLED: (
            _("Kode yang sama di dua pembaca atau dua kali"),
            _("Yang kedua tidak dihitung. Sering kali orang yang sama mencoba dua pintu."),
        ),
        Kind.TOGETHER: (
            _("Sering memindai bersamaan"),
            _(
                "Dua orang dalam %(seconds)s detik di pintu yang sama, sedikitnya %(days)s dari %(of)s hari "
                "kerja. Pasangan yang berangkat bersama pun masuk di sini: ini ajakan untuk melihat, bukan "
                "bukti dan bukan dasar hukuman.",
                seconds=TOGETHER.seconds,
                days=FROM_DAYS,
                of=WORKING_DAYS,
            ),
        ),
        Kind.SAME_POSITION: (
            _("Posisi persis sama"),
            _(
                "Sedikitnya %(count)s orang memindai kode kantor dari titik yang sama sampai ke meternya; "
                "GPS yang jujur menyebar. Ini ajakan untuk melihat, bukan bukti dan bukan dasar hukuman.",
                count=SAME_POSITION_FROM,
            ),
        ),
    }


def _found(what: asking.Asked) -> dict[Kind, tuple[Finding, ...]]:
    people, zone = asking.people_asked(what), parts().zone
    recap = recap_of(db(), people=people, month=what.month, today=asking.today(), zone=zone)
    return findings_of(db(), people=people, recap=recap, month=what.month, zone=zone)


def _header() -> list[str]:
    return [
        _("jenis"),
        _("nomor"),
        _("nama"),
        _("unit"),
        _("hari"),
        _("jam"),
        _("keterangan"),
        _("bersama"),
    ]


def _rows(found: dict[Kind, tuple[Finding, ...]]) -> list[list[object]]:
    texts = _texts()
    return [
        [
            texts[kind][0], one.person.number, one.person.name, one.person.unit_name, one.day.isoformat(),
            _clock(one.at), words_of(one), "; ".join(f"{other.number} {other.name}" for other in one.others),
        ]
        for kind, some in found.items()
        for one in some
    ]  # fmt: skip


def _clock(at: datetime | None) -> str:
    return clock_text(at, parts().zone, language()) if at else ""


def _lateness(finding: Finding) -> str:
    assert finding.at is not None
    assert finding.other_at is not None
    return age_text((finding.other_at - finding.at).total_seconds(), language())
