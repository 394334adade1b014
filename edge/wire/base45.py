"""Base45 (RFC 9285): bytes as the characters of a QR code's alphanumeric mode.

Raw bytes in a QR code are re-guessed as text by decoders (zbar read 0 of 200); these are not.
"""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
# The least significant character comes first.
_WEIGHTS = (1, 45, 45 * 45)


class Base45Error(ValueError):
    """Text that no bytes encode to."""


def encode(data: bytes) -> str:
    """Return ``data`` as text: three characters for two bytes, two for a last odd one."""
    pairs = (data[start : start + 2] for start in range(0, len(data), 2))
    return "".join(_characters(int.from_bytes(pair), 3 if len(pair) == 2 else 2) for pair in pairs)


def decode(text: str) -> bytes:
    """Return the bytes of ``text``; exactly one text exists for any bytes.

    Raises:
        Base45Error: a foreign character, a length that cannot be, or a group above its range.
    """
    groups = (text[start : start + 3] for start in range(0, len(text), 3))
    return b"".join(_bytes(group) for group in groups)


def _characters(number: int, count: int) -> str:
    return "".join(_ALPHABET[number // weight % 45] for weight in _WEIGHTS[:count])


def _bytes(group: str) -> bytes:
    if len(group) == 1:
        raise Base45Error("a single character at the end")
    try:
        number = sum(_VALUES[character] * weight for character, weight in zip(group, _WEIGHTS, strict=False))
        return number.to_bytes(len(group) - 1)
    except KeyError as error:
        raise Base45Error(f"{error.args[0]!r} is no base45 character") from error
    except OverflowError as error:
        raise Base45Error(f"{group!r} is above {len(group) - 1} bytes") from error
