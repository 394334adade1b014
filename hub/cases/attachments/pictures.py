"""A photo drawn anew: nothing but its picture is kept; no place, no maker, no second file in its tail.

How it was held is applied before it is forgotten, so that it stands upright.
"""

import io
import threading
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from hub.cases.attachments.kept import RefusedUpload
from hub.web.files.photo_sizes import FORMATS, is_too_large

KEPT_SIDE_PX = 2_000
_QUALITY = 85
# What is unpacked at once, after a JPEG was told to come out smaller; 4 bytes a pixel: 100 MB.
_UNPACKED_PIXELS = 25_000_000
# Two at a time, however many requests there are: what is unpacked lies in memory.
_UNPACKING = threading.BoundedSemaphore(2)
_TOO_LARGE = "foto ini terlalu besar bila dibuka (lebih dari 25 megapiksel); kirim foto berukuran biasa"


def redrawn(content: bytes) -> tuple[bytes, int, int]:
    """Return a JPEG of what a photo shows, its width and height in pixels.

    Raises:
        RefusedUpload: too many pixels, damaged, or cut off.
    """
    with _UNPACKING:
        try:
            with warnings.catch_warnings():
                # Our own limit is the stricter one.
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                picture = _opened(content)
        except (UnidentifiedImageError, Image.DecompressionBombError) as error:
            is_bomb = isinstance(error, Image.DecompressionBombError)
            raise RefusedUpload(_TOO_LARGE if is_bomb else _damaged()) from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            # Pillow has no one error for a damaged file.
            raise RefusedUpload(_damaged()) from error
        picture.thumbnail((KEPT_SIDE_PX, KEPT_SIDE_PX))
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue(), picture.width, picture.height


def _opened(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if is_too_large(opened):
            raise RefusedUpload(_TOO_LARGE)
        opened.draft("RGB", (KEPT_SIDE_PX, KEPT_SIDE_PX))
        # A long strip is hardly made smaller: what counts is what will really lie in memory.
        if opened.width * opened.height > _UNPACKED_PIXELS:
            raise RefusedUpload(_TOO_LARGE)
        return _on_white(ImageOps.exif_transpose(opened))


def _on_white(picture: Image.Image) -> Image.Image:
    """Lay what can be seen through on paper: black letters of a scan would stand on black."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _damaged() -> str:
    return "foto ini rusak atau terpotong; ambil atau unduh lagi fotonya, lalu kirim lagi"
