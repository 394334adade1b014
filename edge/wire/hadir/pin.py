"""PINs of badges: hashed by the hub, compared at the door.

A PIN of 4-6 digits cannot withstand guessing by whoever holds its hash; scrypt only makes it
slow. That is why the roster is sealed, and why badges count as weak proof.
"""

import hashlib
import hmac
import re

SALT_BYTES = 16
_PIN = re.compile(r"\A[0-9]{4,6}\Z")
# 16 MiB and about 50 ms on the test machine: noticeable to a guesser, not at a door.
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1


class PinError(ValueError):
    """Not 4-6 digits."""


def hash_pin(pin: str, salt: bytes) -> bytes:
    """Return what the roster holds: 16 bytes of salt, 32 of scrypt.

    Raises:
        PinError: ``pin`` is not 4-6 digits.
    """
    if not _PIN.match(pin):
        raise PinError("a PIN has 4 to 6 digits")
    return salt + hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, dklen=32)


def is_pin(pin: str, pin_hash: bytes) -> bool:
    """Tell whether ``pin`` is the one that was hashed."""
    try:
        return hmac.compare_digest(hash_pin(pin, pin_hash[:SALT_BYTES]), pin_hash)
    except PinError:
        return False
