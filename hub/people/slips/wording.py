"""What stands on slips: three steps for whoever gets one. In the language of the request, else Indonesian."""

from collections.abc import Sequence

from flask_babel import gettext as _

from hub.people.slips.paper import Slip
from hub.people.slips.service import Handed


def code_slip(one: Handed, address: str, until: str) -> Slip:
    """Return the slip of a one-time code; ``address`` is where it is typed, ``until`` words.

    Who goes without a phone gets an account with it, and makes the PIN of the badge there.
    """
    if one.line.may_use_badge:
        return _account_slip(one, address, until)
    steps = (
        _("Di ponsel sendiri, buka %(address)s atau pindai kode di kanan.", address=address),
        _("Ketik kode di atas."),
        _("Buat kata sandi; kode Hadir langsung tampil."),
    )
    return _slip(one, _("Kode pendaftaran ponsel"), steps, _once(until), address)


def _account_slip(one: Handed, address: str, until: str) -> Slip:
    steps = (
        _("Di komputer atau ponsel mana pun, buka %(address)s.", address=address),
        _("Ketik kode di atas, lalu buat kata sandi."),
        _("Buat PIN kartu; bulan Anda tampil setiap kali masuk."),
    )
    return _slip(one, _("Kode akun Hadir"), steps, _once(until), address)


def pin_slip(one: Handed) -> Slip:
    """Return the slip of a first PIN."""
    steps = (
        _("Tunjukkan kartu ke kamera di pintu."),
        _("Ketik PIN ini di layar; lima kali salah menunggu 10 menit."),
        _("Hafalkan, lalu musnahkan kertas ini. Jangan simpan bersama kartu."),
    )
    return _slip(one, _("PIN kartu Hadir"), steps, _("PIN dapat diganti lewat admin OPD atau akun sendiri"))


def _slip(one: Handed, title: str, steps: Sequence[str], until: str, address: str = "") -> Slip:
    return Slip(
        title=title,
        name=one.line.name,
        office=_office(one),
        secret=one.secret,
        steps=tuple(f"{number}. {step}" for number, step in enumerate(steps, start=1)),
        until=until,
        address=address,
    )


def _once(until: str) -> str:
    return str(_("Berlaku satu kali, sampai %(at)s", at=until))


def _office(one: Handed) -> str:
    return " · ".join(name for name in (one.line.opd_name, one.line.unit_name) if name)
