"""Why a camera cannot be watched, for people: what the device said, with the setting to change."""

from flask_babel import gettext as _


def refusal_words(detail: str) -> str:
    """Return the words for an operator.

    Args:
        detail: what the device said, in English.
    """
    if "H.264" in detail:
        told: str = _(
            "Kodek kamera tidak didukung peramban. Atur aliran kamera ke H.264 dengan satu bingkai kunci "
            "setiap detik."
        )
    elif "key frame" in detail or "key-frame" in detail:
        told = _(
            "Kamera tidak mengirim bingkai kunci. Atur jarak bingkai kunci (GOP) kamera ke satu detik dan "
            "matikan H.264+ atau kodek pintar."
        )
    elif "clip_source" in detail:
        told = _("Perangkat tidak mengenal aliran utama kamera ini; aliran biasa yang ditampilkan.")
    elif "privacy masks" in detail:
        told = _("Kamera ini bertopeng privasi; hanya aliran biasa yang bertopeng boleh ditampilkan.")
    else:
        told = _("Kamera belum dapat ditonton: %(detail)s", detail=detail)
    return told


def is_helped_by_pictures(detail: str) -> bool:
    """Tell whether single pictures can still be had of a camera that refused video."""
    return "H.264" in detail or "key frame" in detail


def is_helped_by_sub(detail: str) -> bool:
    """Tell whether the stream that is looked at can be had where the main stream cannot."""
    return any(word in detail for word in ("clip_source", "privacy masks", "main stream"))
