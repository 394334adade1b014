"""The child that runs zbar: frames on stdin, texts on stdout, and no rights worth having.

zbar has had memory bugs that a drawn code can reach (CVE-2023-40889), so it runs alone, with
limits, and is killed when it takes too long. Imports nothing of the project.
"""

import resource
import struct
import sys
from typing import BinaryIO

from pyzbar import pyzbar

FRAME_HEAD = struct.Struct(">HH")  # width, height; then that many bytes of luma
ANSWER_HEAD = struct.Struct(">H")  # how many texts; then of each its length and its bytes
MAX_TEXT_BYTES = 512
_MAX_MEMORY_BYTES = 512 * 2**20


def limit_rights() -> None:
    """Give up memory beyond what a frame needs, new files and core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_texts(pixels: bytes, width_px: int, height_px: int) -> list[bytes]:
    """Return the contents of the QR codes in a grey picture, each at most 512 bytes."""
    found = pyzbar.decode((pixels, width_px, height_px), symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [code.data for code in found if 0 < len(code.data) <= MAX_TEXT_BYTES]


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer frames until ``source`` ends."""
    while len(head := source.read(FRAME_HEAD.size)) == FRAME_HEAD.size:
        width_px, height_px = FRAME_HEAD.unpack(head)
        texts = read_texts(source.read(width_px * height_px), width_px, height_px)
        sink.write(ANSWER_HEAD.pack(len(texts)))
        for text in texts:
            sink.write(ANSWER_HEAD.pack(len(text)) + text)
        sink.flush()


if __name__ == "__main__":
    limit_rights()
    serve(sys.stdin.buffer, sys.stdout.buffer)
