"""/v and /v/<payload>: anybody checks a letter by its QR code, its typed code, or its PDF.

Shows a masked name and never the file: who holds the paper compares it with what stands here.
"""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from edge.wire.papers.trust import LetterStanding
from hub.cases.letters.checking.service import Checked, LetterCheck
from hub.cases.letters.issuing.offices import ward_name
from hub.cases.letters.wiring import letter_desk
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
from hub.web.parts import parts
from hub.web.transaction import db

blueprint = Blueprint("letter_check", __name__)

# Ours have some ten kilobytes; what is much larger is no letter.
MAX_FILE_BYTES = 5 * 1024 * 1024
# 40 bits of code and so many tries: nobody finds a letter by guessing.
_PER_ADDRESS = "60 per minute"
_TONES = {
    LetterStanding.GENUINE: "good",
    LetterStanding.EXPIRED: "warn",
    LetterStanding.REVOKED: "bad",
    LetterStanding.ALTERED: "bad",
    LetterStanding.UNKNOWN: "bad",
    LetterStanding.DISTRUSTED: "bad",
}


@blueprint.get("/v")
@limiter.limit(_PER_ADDRESS)
@needs(Permission.PUBLIC)
def start() -> str:
    """Show how to check a letter, and the answer to a typed code."""
    code = request.args.get("kode", "")[:40]
    return _page(_check().code(code) if code.strip() else None, code=code)


# Codes are printed in upper case, to be smaller; browsers keep the case of a path.
@blueprint.get("/v/<payload>")
@blueprint.get("/V/<payload>")
@limiter.limit(_PER_ADDRESS)
@needs(Permission.PUBLIC)
def seal(payload: str) -> str:
    """Show what is known of a scanned seal."""
    return _page(_check().payload(payload[:500]))


@blueprint.post("/v")
@limiter.limit(_PER_ADDRESS)
@needs(Permission.PUBLIC, upload_bytes=MAX_FILE_BYTES + 4096)
def file() -> str | tuple[str, int]:
    """Check a PDF; it is looked at and forgotten."""
    sent = request.files.get("berkas")
    content = b"" if sent is None else sent.read(MAX_FILE_BYTES)
    if not content.startswith(b"%PDF-"):
        return _page(None, fault=_("Pilih berkas PDF surat yang Anda terima.")), 422
    return _page(_check().file(content))


def _check() -> LetterCheck:
    now = parts().now()
    return LetterCheck(db(), letter_desk().addresses, now.astimezone(parts().zone).date(), now)


def _page(checked: Checked | None, *, code: str = "", fault: str = "") -> str:
    standing = None if checked is None else checked.standing
    claim = None if checked is None else checked.claim
    return render_template(
        "cases/letters/check.html",
        checked=checked,
        tone="" if standing is None else _TONES[standing],
        heading="" if standing is None else _headings()[standing],
        advice="" if standing is None else _advice()[standing],
        ward="" if claim is None or not claim.kelurahan else ward_name(db(), claim.kelurahan),
        code=code,
        fault=fault,
    )


def _headings() -> dict[LetterStanding, str]:
    return {
        LetterStanding.GENUINE: _("Asli"),
        LetterStanding.REVOKED: _("Dicabut"),
        LetterStanding.EXPIRED: _("Kedaluwarsa"),
        LetterStanding.ALTERED: _("Berubah"),
        LetterStanding.UNKNOWN: _("Tidak dikenal"),
        LetterStanding.DISTRUSTED: _("Kunci dicabut"),
    }


def _advice() -> dict[LetterStanding, str]:
    return {
        LetterStanding.GENUINE: _(
            "Surat ini kami terbitkan dan masih berlaku. Bandingkan isi di bawah dengan surat di tangan Anda."
        ),
        LetterStanding.REVOKED: _("Surat ini pernah kami terbitkan, lalu dicabut. Jangan diterima."),
        LetterStanding.EXPIRED: _("Surat ini asli, tetapi masa berlakunya sudah lewat."),
        LetterStanding.ALTERED: _(
            "Kode atau berkas ini lain dari yang kami terbitkan. Jangan diterima; minta surat aslinya."
        ),
        LetterStanding.UNKNOWN: _(
            "Kami tidak mengenal surat ini. Periksa lagi kodenya, atau hubungi kantor penerbit."
        ),
        LetterStanding.DISTRUSTED: _(
            "Kunci segel surat ini dicabut karena mungkin dicuri, dan surat ini tidak ada dalam arsip kami "
            "dari waktu sebelum itu. Jangan diterima; minta surat baru dari kantor penerbit."
        ),
    }
