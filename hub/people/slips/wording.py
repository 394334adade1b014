"""What stands on slips: three steps for whoever gets one. In the language of the request, else Indonesian."""

from flask_babel import gettext as _

from hub.people.slips.paper import Slip
from hub.people.slips.service import Handed


def code_slip(one: Handed, address: str, until: str) -> Slip:
    """Return the slip of a one-time code; ``address`` is where it is typed, ``until`` words.

    Who goes without a phone gets an account with it, and makes the PIN of the badge there.
    """
    if one.line.may_use_badge:
        return _account_slip(one, address, until)
    return Slip(
        title=_("Kode pendaftaran ponsel"),
        name=one.line.name,
        office=_office(one),
        secret=one.secret,
        steps=(
            "1. " + _("Di ponsel sendiri, buka %(address)s atau pindai kode di kanan.", address=address),
            "2. " + _("Ketik kode di atas."),
            "3. " + _("Buat kata sandi; kode Hadir langsung tampil."),
        ),
        until=_("Berlaku satu kali, sampai %(at)s", at=until),
        address=address,
    )


def _account_slip(one: Handed, address: str, until: str) -> Slip:
    return Slip(
        title=_("Kode akun Hadir"),
        name=one.line.name,
        office=_office(one),
        secret=one.secret,
        steps=(
            "1. " + _("Di komputer atau ponsel mana pun, buka %(address)s.", address=address),
            "2. " + _("Ketik kode di atas, lalu buat kata sandi."),
            "3. " + _("Buat PIN kartu; bulan Anda tampil setiap kali masuk."),
        ),
        until=_("Berlaku satu kali, sampai %(at)s", at=until),
        address=address,
    )


def pin_slip(one: Handed) -> Slip:
    """Return the slip of a first PIN."""
    return Slip(
        title=_("PIN kartu Hadir"),
        name=one.line.name,
        office=_office(one),
        secret=one.secret,
        steps=(
            "1. " + _("Tunjukkan kartu ke kamera di pintu."),
            "2. " + _("Ketik PIN ini di layar; lima kali salah menunggu 10 menit."),
            "3. " + _("Hafalkan, lalu musnahkan kertas ini. Jangan simpan bersama kartu."),
        ),
        until=_("PIN dapat diganti lewat admin OPD atau akun sendiri"),
    )


def _office(one: Handed) -> str:
    return " · ".join(name for name in (one.line.opd_name, one.line.unit_name) if name)
