"""Files as citizens, telephones and attackers send them, made on the spot."""

import io
import struct
import zlib

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
# The beginning of a film from a telephone, and then forty megabytes of it.
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(40 * 1024 * 1024)


def jpeg(width: int = 640, height: int = 480, *, tail: bytes = b"", turned: bool = False) -> bytes:
    """A photo, upper left corner red; ``turned``: held on its side, with the place where it was taken."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste((200, 0, 0), (0, 0, width // 2, height // 2))
    marks = Image.Exif()
    if turned:
        marks[0x0112] = 6  # "turn me a quarter to the right"
        marks[0x010F] = "3171234567890123"
        marks.get_ifd(0x8825)[2] = (0.0, 1.0, 34.8)  # the latitude
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=marks)
    return buffer.getvalue() + tail


def png(mode: str = "RGBA") -> bytes:
    """A scan of which the paper can be seen through."""
    buffer = io.BytesIO()
    Image.new(mode, (300, 200), (0, 0, 0, 0) if mode == "RGBA" else 0).save(buffer, "PNG")
    return buffer.getvalue()


def bomb(side_px: int = 13_000) -> bytes:
    """A PNG of some 20 KB with one bit a pixel that fills 700 MB when it is drawn in colours."""
    packer, row = zlib.compressobj(9), bytes(1 + side_px // 8 + 1)
    packed = b"".join(packer.compress(row * 100) for _ in range(side_px // 100)) + packer.flush()
    head = struct.pack(">IIBBBBB", side_px, side_px, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def jpeg_that_says(width: int, height: int) -> bytes:
    """A JPEG whose header says another size: what is judged before anything is unpacked."""
    content = jpeg(64, 64)
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + struct.pack(">HH", height, width) + content[place + 4 :]
