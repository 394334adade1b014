"""Flat things that are held up: phones and badges with a code, as textures of 0..1."""

import base64
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from edge.wire import base45
from qr_frames.conditions import Conditions, Rng

Texture = NDArray[np.float32]

MODULE_PX = 8  # of the texture


@dataclass(frozen=True)
class Held:
    """A texture (1.0 = white), where its code begins, and how many modules that has a side."""

    texture: Texture
    left: int
    top: int
    modules: int
    text: str

    @property
    def side(self) -> int:
        """Side of the code without its quiet zone, in pixels of the texture."""
        return self.modules * MODULE_PX


def draw_held(conditions: Conditions, rng: Rng) -> Held:
    """Draw a phone or badge with a random code."""
    text = _payload(rng, conditions)
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = np.array(code.to_image(scale=1, add_quiet_zones=False), np.float32) / 255
    quiet = conditions.quiet_modules * MODULE_PX
    pixels = np.kron(modules, np.ones((MODULE_PX, MODULE_PX), np.float32))
    card = np.pad(pixels, quiet, constant_values=1.0)
    if conditions.is_inverted:
        card = 1 - card
    draw = _phone if conditions.is_phone else _badge
    texture, left, top = draw(card, conditions, rng)
    return Held(texture, left + quiet, top + quiet, modules.shape[0], text)


def _payload(rng: Rng, conditions: Conditions) -> str:
    data = rng.bytes(int(rng.choice(conditions.payload_bytes)))
    if rng.random() < 0.75:
        return "H1:" + base45.encode(data)
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _phone(card: Texture, conditions: Conditions, rng: Rng) -> tuple[Texture, int, int]:
    side = card.shape[0]
    is_dark = conditions.is_inverted or rng.random() < 0.4
    page = 0.08 if is_dark else 1.0
    margin, top, bottom = int(side * 0.1), int(side * 0.28), int(side * 0.35)
    face = np.full((side + top + bottom, side + 2 * margin), page, np.float32)
    ink = 0.7 if is_dark else 0.2
    for line, share in enumerate((0.6, 0.8, 0.4)):
        _write(
            face,
            margin + int(side * 0.05),
            int(top + side + side * (0.1 + 0.09 * line)),
            side * share,
            ink,
            rng,
        )
    face[top : top + side, margin : margin + side] = card
    bezel = max(4, int(side * 0.03))
    face = np.pad(face, bezel, constant_values=0.02)
    return face, margin + bezel, top + bezel


def _badge(card: Texture, conditions: Conditions, rng: Rng) -> tuple[Texture, int, int]:
    side = card.shape[0]
    margin, head = int(side * 0.08), int(side * 0.5)
    face = np.full((side + margin + head, side + 2 * margin), 1.0, np.float32)
    photo = slice(int(head * 0.15), int(head * 0.85))
    face[photo, margin : margin + int(side * 0.3)] = rng.uniform(0.2, 0.7)
    for line in range(3):
        _write(face, margin + int(side * 0.36), int(head * (0.2 + 0.22 * line)), side * 0.5, 0.15, rng)
    face[head : head + side, margin : margin + side] = card
    return face, margin, head


def _write(face: Texture, left: int, top: int, width: float, ink: float, rng: Rng) -> None:
    letters = "".join(rng.choice(list("ABDEIKLMNOPRSTU "), 14))
    scale = width / 14 / 20
    # OpenCV 5 refuses to write on float images.
    stencil = np.zeros(face.shape, np.uint8)
    cv2.putText(stencil, letters, (left, top), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, max(1, int(scale * 2)))
    face[stencil > 127] = ink
