"""Photos that come from a browser, drawn anew: nothing but the picture is kept; and marks drawn on them."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from hub.errors import InputError
from hub.web.files import redrawing
from hub.web.files.redraw import PhotoWish

MAX_PHOTO_BYTES = 8 * 1024 * 1024
# The photo, and the few fields of the form around it.
MAX_BODY_BYTES = MAX_PHOTO_BYTES + 64 * 1024
KEPT_SIDE_PX = 1_920
_QUALITY = 85
_MARK, _UNDER = (255, 208, 0), (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a picture, in shares of its width and height, 0..1 from the upper left."""

    left: float
    top: float
    width: float
    height: float


def redrawn(content: bytes) -> bytes:
    """Return an uploaded photo as a JPEG without anything but its picture.

    Raises:
        InputError: too large, or no photo.
    """
    if len(content) > MAX_PHOTO_BYTES:
        raise InputError("Foto lebih dari 8 MB; perkecil fotonya, lalu kirim lagi.")
    try:
        return redrawing.redrawn(content, PhotoWish(KEPT_SIDE_PX, _QUALITY)).jpeg
    except redrawing.PhotoTooLarge as error:
        raise InputError("Foto terlalu besar; ambil foto dengan ukuran biasa.") from error
    except redrawing.PhotoDamaged as error:
        raise InputError("Berkas ini bukan foto (JPEG, PNG, WebP); pilih berkas lain.") from error


def with_mark(jpeg: bytes, box: Box) -> bytes:
    """Return a kept picture with a rectangle drawn where somebody marked it."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
        picture = opened.convert("RGB")
    left, top = box.left * picture.width, box.top * picture.height
    corners = (left, top, left + box.width * picture.width, top + box.height * picture.height)
    thick_px = max(3, picture.width // 200)
    draw = ImageDraw.Draw(picture)
    # Dark below bright: seen on any picture.
    draw.rectangle(corners, outline=_UNDER, width=thick_px + 4)
    draw.rectangle(corners, outline=_MARK, width=thick_px)
    return _jpeg(picture)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
