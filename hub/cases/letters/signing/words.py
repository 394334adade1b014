"""Why a signature was not given, in words a signer understands. In the language of the request."""

from flask_babel import gettext as _

from hub.cases.machine.rules import Refusal, Refused


def refusal_words(refused: Refused) -> str:
    """Return what to tell; what the letter itself lacks comes first."""
    said = " ".join(fault.text for fault in refused.faults)
    return said or reason_words(refused.reason)


def reason_words(reason: Refusal) -> str:
    """Return what a reason means here."""
    words = {
        Refusal.OWN_CASE: _("Ini permohonan Anda sendiri; pejabat lain yang menandatangani."),
        Refusal.FOUR_EYES: _("Anda sudah memeriksa berkas ini; pejabat lain yang menandatangani."),
        Refusal.NOT_YOURS: _("Berkas ini menunggu pejabat lain."),
        Refusal.CHANGED_MEANWHILE: _(
            "Berkas ini sudah berubah: orang lain mendahului, atau tombol ditekan dua kali."
        ),
        Refusal.NOTE_MISSING: _("Tulis alasannya, supaya penerima tahu apa yang harus diperbaiki."),
        Refusal.FILES_MISSING: _("Syaratnya belum lengkap atau sudah kedaluwarsa."),
    }
    return str(words.get(reason, _("Berkas ini sudah tidak menunggu tanda tangan.")))
