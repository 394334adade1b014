"""A page of our own PDF as pixels, by drawing the filled rectangles of its content stream.

Enough for QR codes, which are rectangles; letters are left out. Needs no PDF program.
"""

import base64
import re
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from reportlab.lib.pagesizes import A4

_STREAM = re.compile(rb"/Length \d+.*?stream\r?\n(.*?)endstream", re.S)


def content_streams(pdf: bytes) -> list[str]:
    """Return the drawing commands of each page, in order."""
    packed = (b"<~" + found.strip() for found in _STREAM.findall(pdf))
    return [zlib.decompress(base64.a85decode(text, adobe=True)).decode("latin-1") for text in packed]


def draw_page(commands: str, *, dots_per_point: float = 3.0) -> npt.NDArray[np.uint8]:
    """Return a page as luma, (H, W) uint8: rectangles black on white."""
    height, width = (round(side * dots_per_point) for side in (A4[1], A4[0]))
    luma = np.full((height, width), 255, np.uint8)
    matrix, stack, rectangles = np.eye(3), [], []
    operands: list[float] = []
    for word in re.sub(r"\((?:[^()\\]|\\.)*\)", " ", commands).split():
        try:
            operands.append(float(word))
            continue
        except ValueError:
            pass
        if word == "q":
            stack.append(matrix)
        elif word == "Q":
            matrix = stack.pop()
        elif word == "cm":
            a, b, c, d, e, f = operands[-6:]
            matrix = np.array([[a, b, 0], [c, d, 0], [e, f, 1]]) @ matrix
        elif word == "re":
            x, y, w, h = operands[-4:]
            corners = np.array([[x, y, 1], [x + w, y + h, 1]]) @ matrix
            rectangles.append(corners[:, :2] * dots_per_point)
        elif word in ("f", "f*"):
            for (left, bottom), (right, top) in rectangles:
                luma[height - round(top) : height - round(bottom), round(left) : round(right)] = 0
            rectangles = []
        elif word in ("n", "S"):
            rectangles = []
        operands = []
    return luma


def page_of(path: Path, number: int, *, dots_per_point: float = 3.0) -> npt.NDArray[np.uint8]:
    """Return one page of a file, the first being 0."""
    return draw_page(content_streams(path.read_bytes())[number], dots_per_point=dots_per_point)
