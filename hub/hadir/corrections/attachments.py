"""One photo or PDF beside a wish for a correction: looked into, stored once, shown to who decides.

A photo is drawn anew, so nothing but its picture is kept: no place, no maker, no second file in
its tail. Must not put a name that somebody typed on the disk.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from hub.errors import InputError, NotFoundError
from hub.hadir.corrections import service as corrections
from hub.hadir.corrections.service import Decider, Wish
from hub.hadir.models import CorrectionAttachment, DayCorrection
from hub.web.files import redrawing
from hub.web.files.redraw import PhotoWish

# What is kept, and so the largest PDF: it is kept byte by byte.
MAX_BYTES = 2 * 1024 * 1024
# A photo is drawn anew and smaller, so it may come as telephones make it; the page shrinks larger ones.
MAX_PHOTO_BYTES = 8 * 1024 * 1024
# The file, and the few fields of the form around it.
MAX_BODY_BYTES = MAX_PHOTO_BYTES + 64 * 1024
KEPT_SIDE_PX = 2_000
_QUALITY = 82
PDF, JPEG = "application/pdf", "image/jpeg"
_SUFFIX = {PDF: ".pdf", JPEG: ".jpg"}
# What makes a PDF act by itself; a letter needs none of it. Packed streams are not looked into:
# three letters are found in any megabyte of noise.
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)


def folder_of(hub_folder: str) -> Path:
    """Return where attachments lie, below the hub's folder."""
    return Path(hub_folder) / "attachments"


def ask_with_attachment(
    db: Session,
    *,
    person: int,
    wish: Wish,
    upload: FileStorage | None,
    folder: Path,
    actor: str,
    now: datetime,
    zone: ZoneInfo,
) -> DayCorrection:
    """Keep a wish and, if there is one, the file sent with it.

    Raises:
        InputError: the wish or the file is refused; names what and the remedy. Nothing was kept.
    """
    content = upload.read(MAX_PHOTO_BYTES + 1) if upload is not None else b""
    cleaned = clean(content) if content else None
    row = corrections.ask(db, person=person, wish=wish, actor=actor, now=now, zone=zone)
    if cleaned is not None:
        media_type, kept = cleaned
        db.add(_store(folder, row.id, media_type, kept))
        db.flush()
    return row


def clean(content: bytes) -> tuple[str, bytes]:
    """Return media type and content to keep.

    Raises:
        InputError: too large, or no photo and no plain PDF.
    """
    if len(content) > MAX_PHOTO_BYTES:
        raise InputError("Foto lampiran lebih dari 8 MB; perkecil fotonya, lalu kirim lagi.")
    if content.startswith(b"%PDF-"):
        if len(content) > MAX_BYTES:
            raise InputError("PDF lampiran lebih dari 2 MB; perkecil PDF itu, lalu kirim lagi.")
        return PDF, _checked_pdf(content)
    return JPEG, _redrawn_photo(content)


def attached_to(db: Session, numbers: Iterable[int]) -> frozenset[int]:
    """Return which of these corrections have an attachment."""
    query = select(CorrectionAttachment.correction_id)
    return frozenset(db.scalars(query.where(CorrectionAttachment.correction_id.in_(tuple(numbers)))))


def find_for_decider(db: Session, number: int, decider: Decider, folder: Path) -> tuple[Path, str]:
    """Return file and media type of a correction's attachment, for its superior or verifier.

    Raises:
        NotFoundError: there is none, or it is not theirs to see.
    """
    if not corrections.may_decide(db, number=number, decider=decider):
        raise NotFoundError(f"lampiran koreksi {number}")
    row = db.get(CorrectionAttachment, number)
    path = None if row is None else _path(folder, row.sha256, row.media_type)
    if row is None or path is None or not path.is_file():
        raise NotFoundError(f"lampiran koreksi {number}")
    return path, row.media_type


def _checked_pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-1024:]:
        raise InputError("PDF lampiran terpotong; simpan ulang PDF itu, lalu kirim lagi.")
    if _ACTIVE.search(_STREAM.sub(b"", content)):
        raise InputError(
            "PDF lampiran memuat bagian yang dapat dijalankan; cetak ulang sebagai PDF biasa atau kirim foto."
        )
    return content


def _redrawn_photo(content: bytes) -> bytes:
    try:
        return redrawing.redrawn(content, PhotoWish(KEPT_SIDE_PX, _QUALITY, MAX_BYTES)).jpeg
    except redrawing.PhotoTooLarge as error:
        raise InputError("Foto lampiran terlalu besar; ambil foto dengan ukuran biasa.") from error
    except redrawing.PhotoDamaged as error:
        raise InputError("Lampiran bukan foto (JPEG, PNG, WebP) dan bukan PDF; pilih berkas lain.") from error


def _store(folder: Path, correction: int, media_type: str, content: bytes) -> CorrectionAttachment:
    digest = hashlib.sha256(content).hexdigest()
    path = _path(folder, digest, media_type)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: a reader never sees half a file.
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(path)
    return CorrectionAttachment(
        correction_id=correction, sha256=digest, media_type=media_type, size_bytes=len(content)
    )


def _path(folder: Path, digest: str, media_type: str) -> Path:
    return folder / digest[:2] / (digest + _SUFFIX[media_type])
