"""Tiny ONNX models, written byte by byte: the onnx package weighs 18 MB for what takes 60 lines.

The model is one convolution over cells of 8 x 8 pixels. Each cell answers with the same box, and
with the mean of one colour as the score of a label: red is label 0, blue label 1.
"""

import struct

import numpy as np

SIDE_PX, CELL_PX = 32, 8
CELLS = (SIDE_PX // CELL_PX) ** 2
# Centre x and y, width, height in pixels of the model's input.
BOX = (8.0, 16.0, 6.0, 4.0)


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def block(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(data)) + data


def tensor(name: str, array: np.ndarray) -> bytes:
    kind = 7 if array.dtype == np.int64 else 1
    dims = b"".join(number(1, size) for size in array.shape)
    return dims + number(2, kind) + block(8, name) + block(9, array.tobytes())


def integers(name: str, values: tuple[int, ...]) -> bytes:
    return block(5, block(1, name) + b"".join(number(8, value) for value in values) + number(20, 7))


def node(kind: str, inputs: tuple[str, ...], output: str, attributes: bytes = b"") -> bytes:
    return block(
        1, b"".join(block(1, each) for each in inputs) + block(2, output) + block(4, kind) + attributes
    )


def value(name: str, shape: tuple[int, ...]) -> bytes:
    dims = b"".join(block(1, number(1, size)) for size in shape)
    return block(1, name) + block(2, block(1, number(1, 1) + block(2, dims)))


def model(*, version: int = 8, labels: int = 2, side_px: int = SIDE_PX, channels: int = 3) -> bytes:
    """The bytes of a model with the output shape of YOLO ``version`` 8 or 5."""
    extra = 1 if version == 5 else 0
    rows = 4 + extra + labels
    weights = np.zeros((rows, channels, CELL_PX, CELL_PX), np.float32)
    bias = np.zeros(rows, np.float32)
    bias[:4] = BOX
    if extra:
        bias[4] = 1.0
    for label in range(min(labels, 2)):
        weights[4 + extra + label, 2 * label % channels] = 1 / CELL_PX**2
    cells = (side_px // CELL_PX) ** 2
    cells_shape = np.array([1, rows, cells], np.int64)
    nodes = node(
        "Conv",
        ("images", "w", "b"),
        "cells",
        integers("strides", (CELL_PX, CELL_PX)) + integers("kernel_shape", (CELL_PX, CELL_PX)),
    )
    nodes += node("Reshape", ("cells", "shape"), "flat" if extra else "found")
    if extra:
        nodes += node("Transpose", ("flat",), "found", integers("perm", (0, 2, 1)))
    out_shape = (1, cells, rows) if extra else (1, rows, cells)
    graph = (
        nodes
        + block(2, "tiny")
        + b"".join(block(5, tensor(n, a)) for n, a in (("w", weights), ("b", bias), ("shape", cells_shape)))
        + block(11, value("w", weights.shape))
        + block(11, value("images", (1, channels, side_px, side_px)))
        + block(12, value("found", out_shape))
    )
    return number(1, 8) + block(7, graph) + block(8, block(1, "") + number(2, 13))


def fixed(field: int) -> bytes:
    """A field of eight bytes, as of doubles."""
    return varint(field << 3 | 1) + struct.pack("<d", 1.0)
