"""A day of one channel as one compressed chunk of columns; pure, lossless.

Columns are scaled to whole numbers where that loses nothing, then delta, byte shuffle, zlib.
Measured (reference of the project): 1.7 bytes a value against 9.4 in plain rows.
"""

import struct
import zlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_HEAD = struct.Struct("<2sHI")  # magic, number of value columns, rows
_MAGIC = b"P1"
_RAW = 255  # the column holds float bits, not scaled integers
_DECIMALS = (0, 1, 2, 3)
# Above this a float does not hold every whole number.
_MOST_EXACT = 2.0**53


class Columns(NamedTuple):
    """Rows of a channel, oldest first: times and seqs ``(N,) int64``, values ``(N, K) float64``."""

    at_ms: NDArray[np.int64]
    rank: NDArray[np.int64]
    values: NDArray[np.float64]


def pack_columns(columns: Columns) -> bytes:
    """Return the chunk of ``columns``."""
    rows, width = columns.values.shape
    parts = [_shuffle(_delta(columns.at_ms)), _shuffle(_delta(columns.rank))]
    for column in range(width):
        parts.extend(_pack_floats(np.ascontiguousarray(columns.values[:, column])))
    return _HEAD.pack(_MAGIC, width, rows) + zlib.compress(b"".join(parts), 6)


def unpack_columns(chunk: bytes) -> Columns:
    """Return what :func:`pack_columns` was given.

    Raises:
        ValueError: not a chunk, or a damaged one.
    """
    try:
        magic, width, rows = _HEAD.unpack_from(chunk)
        raw = zlib.decompress(chunk[_HEAD.size :])
    except (struct.error, zlib.error) as error:
        raise ValueError(f"not a sealed chunk: {error}") from error
    if magic != _MAGIC or len(raw) != 16 * rows + width * (1 + 8 * rows):
        raise ValueError("not a sealed chunk: wrong magic or length")
    at_ms, rank = (np.cumsum(_unshuffle(raw, place * 8 * rows, rows)) for place in (0, 1))
    values = np.empty((rows, width))
    for column in range(width):
        values[:, column] = _unpack_floats(raw, 16 * rows + column * (1 + 8 * rows), rows)
    return Columns(at_ms, rank, values)


def _pack_floats(values: NDArray[np.float64]) -> tuple[bytes, bytes]:
    for decimals in _DECIMALS:
        with np.errstate(over="ignore"):
            scaled = np.rint(values * 10.0**decimals)
        # NaN fails the first comparison, so a column with one goes raw.
        if np.all(np.abs(scaled) < _MOST_EXACT) and np.array_equal(scaled / 10.0**decimals, values):
            return bytes([decimals]), _shuffle(_delta(scaled.astype(np.int64)))
    return bytes([_RAW]), _shuffle(values.view(np.int64))


def _unpack_floats(raw: bytes, place: int, rows: int) -> NDArray[np.float64]:
    decimals = raw[place]
    numbers = _unshuffle(raw, place + 1, rows)
    if decimals == _RAW:
        return numbers.view(np.float64)
    scaled: NDArray[np.float64] = np.cumsum(numbers) / 10.0**decimals
    return scaled


def _delta(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.diff(numbers, prepend=np.int64(0))


def _shuffle(numbers: NDArray[np.int64]) -> bytes:
    little = np.ascontiguousarray(numbers.astype("<i8"))
    return little.view(np.uint8).reshape(-1, 8).T.tobytes()


def _unshuffle(raw: bytes, place: int, rows: int) -> NDArray[np.int64]:
    planes = np.frombuffer(raw, np.uint8, 8 * rows, place).reshape(8, rows)
    return np.ascontiguousarray(planes.T).reshape(-1).view("<i8").astype(np.int64)
