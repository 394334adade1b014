"""The claim as it comes to a device: typed, or a small file on the boot partition.

``pontive.toml``: ``hub = "https://hub.example"`` and ``code = "…"``. Wiped once it is used.
"""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from edge.errors import EdgeError
from edge.wire.joining.claims import ClaimCode, ClaimCodeError, read_claim_code
from edge.wire.strict_toml import Section, TomlError, read_toml


class ClaimError(EdgeError):
    """The claim cannot be used; says what is wrong with it and what to do."""


class ClaimFile(Section, frozen=True):
    """What the file says."""

    hub: Annotated[str, msgspec.Meta(max_length=300)]
    code: Annotated[str, msgspec.Meta(max_length=100)]


class Claim(msgspec.Struct, frozen=True):
    """A claim that was read: where the hub is, and the code."""

    hub: str
    code: ClaimCode


def claim_of(hub: str, code: str) -> Claim:
    """Return a claim as typed.

    Raises:
        ClaimError: the address or the code is malformed.
    """
    try:
        parts = urlsplit(hub)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ClaimError(f"hub address {hub[:80]!r}: write it as https://hub.example")
    try:
        return Claim(hub.rstrip("/"), read_claim_code(code))
    except ClaimCodeError as error:
        raise ClaimError(str(error)) from error


def read_claim(path: Path) -> Claim:
    """Read the file.

    Raises:
        ClaimError: it is not there, half written or malformed.
    """
    try:
        file = read_toml(path, ClaimFile)
    except (TomlError, OSError, UnicodeDecodeError) as error:
        raise ClaimError(f"claim file: {error}; write it to the card again") from error
    return claim_of(file.hub, file.code)
