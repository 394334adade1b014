"""The Wi-Fi of a device without a network: name and password, as its label shows them and it opens it.

Both come from the secret of the claim on the card (or from one the device made itself), so that hub
and device say the same without having spoken. The claim cannot be told from them. Pure.
"""

import hashlib
from dataclasses import dataclass, field

from edge.wire.joining.claims import ALPHABET

_DOMAIN = b"PTK-PHONE-WIFI-1\0"
_NAME_LETTERS, _PASSWORD_LETTERS, _GROUP = 4, 12, 4


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """What a phone joins: WPA2 with a password of 60 random bits, never open."""

    name: str
    password: str = field(repr=False)

    @property
    def qr_text(self) -> str:
        """The content of a QR code that phones join by; no letter of ours needs an escape."""
        return f"WIFI:T:WPA;S:{self.name};P:{self.password};;"


def access_point(secret: bytes) -> AccessPoint:
    """Return the access point of a secret of at least 80 random bits."""
    number = int.from_bytes(hashlib.sha256(_DOMAIN + secret).digest())
    letters = "".join(
        ALPHABET[number >> 5 * place & 31] for place in range(_NAME_LETTERS + _PASSWORD_LETTERS)
    )
    password = letters[_NAME_LETTERS:]
    groups = (password[at : at + _GROUP] for at in range(0, _PASSWORD_LETTERS, _GROUP))
    return AccessPoint(f"Pontive-{letters[:_NAME_LETTERS]}", "-".join(groups))
