"""How large an uploaded photo may be, judged from its header, before anything is unpacked."""

from PIL import Image

# What is unpacked whole: screenshots and scans, and JPEGs that were made to appear step by step.
_WHOLE_PIXELS = 25_000_000
# A plain JPEG is unpacked at an eighth to a half of its size: 200 megapixels of a new phone fit.
_SHRUNK_PIXELS = 250_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
# Several pictures in one file, as some phones make them: opened as a JPEG, it says that it is an MPO.
_JPEG = frozenset({"JPEG", "MPO"})


def is_too_large(opened: Image.Image) -> bool:
    """Tell whether a photo, opened and not yet unpacked, has more pixels than we unpack."""
    is_shrunk = opened.format in _JPEG and not opened.info.get("progressive")
    return opened.width * opened.height > (_SHRUNK_PIXELS if is_shrunk else _WHOLE_PIXELS)
