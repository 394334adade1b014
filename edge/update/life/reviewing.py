"""Judges a release before it is fetched and before it is written: is it for this device, and newer?

Pure, but for reading the file to hash.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from edge.update.port import BundleFacts, SystemStatus
from edge.wire.updates import ReleaseDocument, UpdateFault, UpdateState

# Left to the outbox and the clips beside the bundle.
MARGIN_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an update ends here, and in which state."""

    state: UpdateState
    fault: UpdateFault | None
    detail: str = ""


def review(
    document: ReleaseDocument, status: SystemStatus, *, floor: int, free_bytes: int, there_bytes: int
) -> Refusal | None:
    """Return why a release is not begun, or ``None`` when it is.

    Args:
        document: What the hub wants.
        status: What runs.
        floor: The highest number that ever ran well here.
        free_bytes: On the data partition.
        there_bytes: Of the bundle already fetched.
    """
    if document.board != status.board:
        detail = f"rilis untuk papan {document.board}, perangkat ini {status.board or 'tidak dikenal'}"
        return Refusal(UpdateState.REFUSED, UpdateFault.OTHER_BOARD, detail)
    if not status.is_committed:
        # The free slot is the one to return to: writing it would leave nothing to return to.
        detail = "rilis lain sedang dicoba; matikan dan nyalakan perangkat"
        return Refusal(UpdateState.FAILED, UpdateFault.NOT_STARTED, detail)
    if document.number == status.number:
        return Refusal(UpdateState.COMMITTED, None)
    newest = max(floor, status.number)
    if document.number <= newest:
        detail = f"nomor {document.number} tidak lebih baru dari {newest}"
        return Refusal(UpdateState.REFUSED, UpdateFault.NOT_NEWER, detail)
    missing = document.size_bytes - there_bytes + MARGIN_BYTES
    if free_bytes < missing:
        detail = f"perlu {missing // 2**20} MiB, bebas {free_bytes // 2**20} MiB"
        return Refusal(UpdateState.FAILED, UpdateFault.NO_ROOM, detail)
    return None


def review_bundle(document: ReleaseDocument, facts: BundleFacts) -> Refusal | None:
    """Return why the signed content of a bundle is not what the hub promised, or ``None``."""
    said = (facts.board, facts.number, facts.name)
    promised = (document.board, document.number, document.name)
    if said == promised:
        return None
    detail = f"isi bundel {said}, yang dijanjikan {promised}"
    return Refusal(UpdateState.REFUSED, UpdateFault.OTHER_CONTENT, detail)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits; of none when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
