"""Codes of the moment (RFC 6238, 2011: HMAC-SHA-1, 30 s, six figures). Pure; knows no account.

Thirty lines of our own with the vectors of the RFC, and one dependency less.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_S = 30
FIGURES = 6
# RFC 4226 (2005), section 4: at least 128 bits, 160 recommended.
SECRET_BYTES = 20
# A phone may be one step ahead or behind (RFC 6238, section 5.2).
DRIFT_STEPS = 1


def make_secret() -> bytes:
    """Return a new random secret."""
    return secrets.token_bytes(SECRET_BYTES)


def step_of(now: datetime) -> int:
    """Return the number of the step that a moment lies in."""
    return int(now.timestamp()) // STEP_S


def code_of(secret: bytes, step: int, *, figures: int = FIGURES) -> str:
    """Return the code of one step, with its leading zeros."""
    mac = hmac.new(secret, step.to_bytes(8), hashlib.sha1).digest()
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**figures:0{figures}d}"


def matching_step(secret: bytes, typed: str, *, now: datetime, after: int) -> int | None:
    """Return the step a code belongs to, or ``None`` when it is wrong, stale or was used.

    Args:
        secret: The shared secret.
        typed: What somebody typed, figures only.
        now: By our clock.
        after: The last step that was accepted; it and all before it are refused.
    """
    here = step_of(now)
    found = None
    for step in range(here - DRIFT_STEPS, here + DRIFT_STEPS + 1):
        # No early way out: each answer takes as long.
        if hmac.compare_digest(code_of(secret, step).encode(), typed.encode()) and step > after:
            found = step
    return found


def readable_secret(secret: bytes) -> str:
    """Return the secret as apps take it by hand: Base32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def app_address(secret: bytes, *, account: str, issuer: str) -> str:
    """Return what an app reads from the QR code (the key URI format that all of them share)."""
    text = base64.b32encode(secret).decode().rstrip("=")
    # Algorithm, figures and period are what apps take when nothing is said: a shorter text, a coarser code.
    fields = {"secret": text, "issuer": issuer}
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{urlencode(fields, quote_via=quote)}"
