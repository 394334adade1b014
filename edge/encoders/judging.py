"""What is wrong with how the analysed stream is coded, and how it would be right. Pure.

Measured on our own decoder: the numbers of docs/hardware.md ("CPU budget") hold for these streams.
"""

from dataclasses import replace
from enum import StrEnum

from edge.encoders.port import Choices, Coding

CODEC = "H264"
# What counting was tuned on; fewer frames lose motorcycles, more cost processor for nothing.
LEAST_FPS, MOST_FPS, BEST_FPS = 8, 15, 10
# Below, a motorcycle is ten pixels; above, four cameras are more than a Pi 4 decodes.
LEAST_WIDTH_PX, MOST_WIDTH_PX = 480, 1280
BEST_SIZE = (640, 360)
# A viewer, a clip and a counter that come late wait for the next one.
MOST_KEY_FRAME_S = 1.05


class Fault(StrEnum):
    """One thing that is not as it should be."""

    CODEC = "codec"
    SIZE = "size"
    FPS = "fps"
    KEY_FRAME = "key-frame"


def faults_of(coding: Coding) -> tuple[Fault, ...]:
    """Return what is wrong, the worst first."""
    found = {
        Fault.CODEC: coding.codec != CODEC,
        Fault.KEY_FRAME: not 0 < coding.key_frame_s <= MOST_KEY_FRAME_S,
        Fault.FPS: not LEAST_FPS <= coding.fps <= MOST_FPS,
        Fault.SIZE: not LEAST_WIDTH_PX <= coding.width_px <= MOST_WIDTH_PX,
    }
    return tuple(fault for fault, is_so in found.items() if is_so)


def mended(coding: Coding, choices: Choices) -> Coding:
    """Return the coding that is right and as near to what is as the camera can; what is right stays."""
    faults = faults_of(coding)
    fps = coding.fps if Fault.FPS not in faults else _within(BEST_FPS, choices.fps)
    width_px, height_px = coding.width_px, coding.height_px
    if Fault.SIZE in faults:
        fit = [size for size in choices.sizes if LEAST_WIDTH_PX <= size[0] <= MOST_WIDTH_PX] or [BEST_SIZE]
        width_px, height_px = min(fit, key=lambda size: abs(size[0] * size[1] - BEST_SIZE[0] * BEST_SIZE[1]))
    every = coding.key_frame_every
    if Fault.KEY_FRAME in faults or Fault.FPS in faults:
        every = _within(round(fps), choices.key_frame_every)
    return replace(
        coding, codec=CODEC, width_px=width_px, height_px=height_px, fps=fps, key_frame_every=every
    )


def _within(value: int, span: tuple[int, int]) -> int:
    return min(max(value, span[0]), span[1])
