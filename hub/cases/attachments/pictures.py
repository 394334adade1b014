"""A photo drawn anew: nothing but its picture is kept; no place, no maker, no second file in its tail.

How it was held is applied before it is forgotten, so that it stands upright.
"""

from hub.cases.attachments.kept import RefusedUpload
from hub.web.files import redrawing
from hub.web.files.redraw import PhotoWish

KEPT_SIDE_PX = 2_000
_QUALITY = 85
_TOO_LARGE = "foto ini terlalu besar bila dibuka (lebih dari 25 megapiksel); kirim foto berukuran biasa"
_DAMAGED = "foto ini rusak atau terpotong; ambil atau unduh lagi fotonya, lalu kirim lagi"


def redrawn(content: bytes) -> tuple[bytes, int, int]:
    """Return a JPEG of what a photo shows, its width and height in pixels.

    Raises:
        RefusedUpload: too many pixels, damaged, or cut off.
    """
    try:
        done = redrawing.redrawn(content, PhotoWish(KEPT_SIDE_PX, _QUALITY))
    except redrawing.PhotoTooLarge as error:
        raise RefusedUpload(_TOO_LARGE) from error
    except redrawing.PhotoDamaged as error:
        raise RefusedUpload(_DAMAGED) from error
    return done.jpeg, done.width_px, done.height_px
