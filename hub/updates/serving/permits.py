"""Permits to fetch a bundle: for one device, one file and some hours, in the signed document's address.

Devices have a certificate for MQTT only; the document that brings the address is sealed to the device,
so that the permit is the device's secret. Pure.
"""

import hashlib
import hmac
from datetime import UTC, datetime
from enum import StrEnum

from edge.wire.updates import PATH

# The query's key.
FIELD = "izin"
_LABEL = b"PTK-RELEASE-PERMIT-1\0"


class Permit(StrEnum):
    """What a permit is worth."""

    GOOD = "good"
    OVER = "over"
    WRONG = "wrong"


def permit_key(secret: str) -> bytes:
    """Return the key of permits, made of the hub's secret."""
    return hmac.new(secret.encode(), _LABEL, hashlib.sha256).digest()


def make_permit(key: bytes, *, device: str, sha256: str, until: datetime) -> str:
    """Return a permit for a device to fetch a file until a time."""
    claim = f"{device}.{int(until.timestamp())}"
    return f"{claim}.{_sign(key, claim, sha256)}"


def judge_permit(key: bytes, permit: str, *, sha256: str, now: datetime) -> tuple[Permit, str]:
    """Return what a permit is worth for a file now, and whose it is."""
    device, _, rest = permit.partition(".")
    until, _, signature = rest.partition(".")
    is_ours = hmac.compare_digest(_sign(key, f"{device}.{until}", sha256).encode(), signature.encode())
    if not is_ours:
        return Permit.WRONG, ""
    is_good = now < datetime.fromtimestamp(int(until), UTC)
    return (Permit.GOOD if is_good else Permit.OVER), device


def address_of(hub: str, sha256: str, permit: str) -> str:
    """Return the whole address of a bundle."""
    return f"{hub.rstrip('/')}{PATH}{sha256}?{FIELD}={permit}"


def _sign(key: bytes, claim: str, sha256: str) -> str:
    return hmac.new(key, f"{claim}\0{sha256}".encode(), hashlib.sha256).hexdigest()
