"""PINs of badges: hashed by the hub, compared at the door, five tries in ten minutes.

A PIN of 4-6 digits cannot withstand guessing by whoever holds its hash; scrypt only makes it
slow. That is why the roster is sealed, and why badges count as weak proof.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field

MAX_TRIES = 5
TRIES_WINDOW_S = 600.0
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


@dataclass(slots=True)
class PinTries:
    """Counts wrong PINs of each person; times are monotonic seconds."""

    _wrong: dict[int, list[float]] = field(default_factory=dict)

    def left(self, person: int, now_s: float) -> int:
        """Return how many tries a person has left now."""
        recent = [tried for tried in self._wrong.get(person, []) if now_s - tried < TRIES_WINDOW_S]
        self._wrong[person] = recent
        return MAX_TRIES - len(recent)

    def check(self, person: int, now_s: float, is_right: Callable[[], bool]) -> bool:
        """Tell whether the try succeeds; without tries left ``is_right`` is not even asked."""
        if self.left(person, now_s) <= 0:
            return False
        if is_right():
            self._wrong.pop(person, None)
            return True
        self._wrong[person].append(now_s)
        return False
