"""The access point of this device: from the claim on its card, else from a secret of its own.

The device's own is made once, kept privately until it is enrolled, and told on the card and the
screen, which nobody sees who does not stand before the device.
"""

import secrets
from pathlib import Path

from edge.enrolment.claim_file import Claim
from edge.enrolment.files import PRIVATE_MODE, write_whole
from edge.wire.joining.phone import AccessPoint, access_point

SECRET_FILE = "phone.secret"  # noqa: S105 - a name of a file
LABEL_FILE = "pontive-ponsel.txt"
_BYTES = 10


def own_access_point(folder: Path, claim: Claim | None) -> AccessPoint:
    """Return it.

    Raises:
        OSError: the disk refuses.
    """
    if claim is not None:
        return access_point(claim.code.secret)
    path = folder / SECRET_FILE
    kept = path.read_bytes() if path.exists() else b""
    if len(kept) != _BYTES:
        kept = secrets.token_bytes(_BYTES)
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, kept, mode=PRIVATE_MODE)
    return access_point(kept)


def label_text(point: AccessPoint, address: str) -> str:
    """Return what stands on card and screen."""
    return f"Wi-Fi: {point.name}\nSandi: {point.password}\nHalaman: http://{address}/\nQR: {point.qr_text}\n"
