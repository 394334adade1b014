"""Error pages that say what happened and what to do; never a stack trace."""

import logging
import secrets
from collections.abc import Callable

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from hub.errors import NotFoundError
from hub.web.transaction import roll_back

_logger = logging.getLogger(__name__)

_WRITERS = "pontive-error-writers"

Page = tuple[str | Response, int]


def answer_errors(app: Flask, prefix: str, write: Callable[[int, str], Response]) -> None:
    """Let the errors of addresses for programs be written as those programs read them.

    Args:
        app: The application.
        prefix: How such an address begins.
        write: Makes the answer of the code of HTTP and a sentence.
    """
    app.extensions.setdefault(_WRITERS, {})[prefix] = write


def install_errors(app: Flask) -> None:
    """Answer every error with a designed page."""
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NotFoundError, _not_found)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(Exception, _unexpected)


def _page(code: int, incident: str = "") -> Page:
    roll_back()
    title, remedy = _texts().get(code, _texts()[500 if code >= 500 else 400])
    for prefix, write in current_app.extensions.get(_WRITERS, {}).items():
        if request.path.startswith(prefix):
            return write(code, f"{title} {incident}".rstrip()), code
    if request.path.startswith("/api/") and "text/html" not in request.headers.get("Accept", ""):
        return jsonify(error={"code": code, "message": title, "incident": incident or None}), code
    return render_template("web/error.html", code=code, title=title, remedy=remedy, incident=incident), code


def _http_error(error: HTTPException) -> Page | HTTPException:
    if error.code is None or error.code < 400:
        return error
    return _page(error.code)


def _foreign_host(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    # Without a host we trust no address can be built, hence no page with links.
    roll_back()
    text = "Nama host ini tidak dilayani; admin menambahkannya di web.trusted_hosts.\n"
    return text, 400, {"Content-Type": "text/plain; charset=utf-8"}


def _not_found(_error: NotFoundError) -> Page:
    return _page(404)


def _no_database(error: OperationalError) -> Page:
    _logger.error("the database does not answer: %s", error.orig)
    return _page(503)


def _unexpected(error: Exception) -> Page:
    incident = secrets.token_hex(4)
    _logger.error("incident %s at %s %s", incident, request.method, request.endpoint, exc_info=error)
    return _page(500, incident)


def _texts() -> dict[int, tuple[str, str]]:
    return {
        400: (
            _("Permintaan tidak dapat dibaca"),
            _("Formulir mungkin sudah kedaluwarsa. Kembali, muat ulang halaman, lalu kirim lagi."),
        ),
        401: (_("Perlu masuk"), _("Sesi Anda belum ada atau sudah berakhir. Masuk lagi, lalu ulangi.")),
        404: (
            _("Halaman tidak ada"),
            _("Alamat ini tidak ada, atau tidak dibuka untuk akun Anda. Kembali ke halaman awal."),
        ),
        405: (
            _("Cara ini tidak dilayani"),
            _("Kembali ke halaman sebelumnya dan pakai tombol yang tersedia."),
        ),
        413: (_("Kiriman terlalu besar"), _("Perkecil berkas atau teksnya, lalu kirim lagi.")),
        415: (
            _("Berkas ditolak"),
            _("Pemindai menemukan bahaya di dalamnya. Periksa perangkat Anda, lalu pilih berkas lain."),
        ),
        422: (
            _("Belum dipastikan"),
            _("Tindakan ini tidak dapat dibatalkan. Kembali, centang 'Saya yakin', lalu tekan lagi."),
        ),
        429: (_("Terlalu banyak percobaan"), _("Tunggu beberapa menit sebelum mencoba lagi.")),
        500: (
            _("Ada kesalahan di pihak kami"),
            _("Kejadian ini sudah dicatat. Coba lagi sebentar; bila berulang, sebutkan nomornya."),
        ),
        502: (
            _("Berkas belum dapat diperiksa"),
            _("Pemindai berkas sedang tidak menjawab, jadi berkas tidak diterima. Coba lagi nanti."),
        ),
        503: (
            _("Basis data tidak menjawab"),
            _("Data perangkat tetap aman di tepi dan menyusul nanti. Coba lagi sebentar."),
        ),
    }
