"""A photo from outside, drawn anew, in a process of its own: ``python -m hub.web.files.redraw``.

Decoders are where a file turns into a weapon. This process has nothing to steal: no database, no key, no
more files than it holds, little memory, little time, and it ends with the picture. Reads the photo from
stdin and writes a word, a line and a JPEG; must not import anything of the hub but what is needed here.
"""

import io
import resource
import sys
import warnings
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from hub.web.files.photo_sizes import FORMATS, is_too_large

MIB = 1024 * 1024
# 25 megapixels with four bytes each lie there up to four times, beside the interpreter.
MEMORY_BYTES = 768 * MIB
# The largest that is taken needs three of them on a slow machine.
CPU_S = 20
# What is unpacked at once, after a JPEG was told to come out smaller; 4 bytes a pixel: 100 MB.
_UNPACKED_PIXELS = 25_000_000
OK, LARGE, DAMAGED = "ok", "large", "damaged"


class PhotoWish(NamedTuple):
    """How the JPEG is to be; ``max_bytes`` 0: however large it comes out."""

    side_px: int
    quality: int
    max_bytes: int = 0


def redraw(content: bytes, wish: PhotoWish) -> bytes:
    """Return the answer of this process: ``ok WIDTH HEIGHT``, a line end and a JPEG; or why there is none."""
    try:
        with warnings.catch_warnings():
            # Our own limit is the stricter one.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = _opened(content, wish.side_px)
    except Image.DecompressionBombError:
        picture = None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError):
        # Pillow has no one error for a damaged file.
        return f"{DAMAGED}\n".encode()
    if picture is None:
        return f"{LARGE}\n".encode()
    jpeg = _small_enough(picture, wish)
    return f"{OK} {picture.width} {picture.height}\n".encode() + jpeg


def _opened(content: bytes, side_px: int) -> Image.Image | None:
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if is_too_large(opened):
            return None
        opened.draft("RGB", (side_px, side_px))
        # A long strip is hardly made smaller: what counts is what will really lie in memory.
        if opened.width * opened.height > _UNPACKED_PIXELS:
            return None
        return _on_white(ImageOps.exif_transpose(opened))


def _on_white(picture: Image.Image) -> Image.Image:
    """Lay what can be seen through on paper: black letters of a scan would stand on black."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _small_enough(picture: Image.Image, wish: PhotoWish) -> bytes:
    side_px = wish.side_px
    while True:
        picture.thumbnail((side_px, side_px))
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=wish.quality)
        # Only noise is larger than this at the first try; each further one is half the picture.
        if not wish.max_bytes or buffer.tell() <= wish.max_bytes:
            return buffer.getvalue()
        side_px = side_px * 7 // 10


def be_small() -> None:
    """Give up what a decoder does not need, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What is open stays open; nothing more, no file and no connection, can be opened.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def main() -> None:
    """Draw one photo."""
    Image.init()  # its decoders are files, and none can be opened any more in a moment
    be_small()
    side_px, quality, max_bytes = map(int, sys.argv[1:4])
    sys.stdout.buffer.write(redraw(sys.stdin.buffer.read(), PhotoWish(side_px, quality, max_bytes)))


if __name__ == "__main__":
    main()
