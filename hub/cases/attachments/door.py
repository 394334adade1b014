"""The one safe door for files that come from outside: what it is, how large, drawn anew, kept.

Must not believe a file's name or the type that a browser says.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from hub.cases.attachments.documents import check_pdf
from hub.cases.attachments.kept import JPEG, PDF, KeptFile, RefusedUpload
from hub.cases.attachments.pictures import redrawn
from hub.cases.attachments.sniffing import HEAD_BYTES, kind_of
from hub.cases.attachments.store import free_bytes, put
from hub.cases.definition.form import FileKind

MIB = 1024 * 1024
# A photo is drawn anew and smaller, so it may come as telephones make it; a PDF is kept as it is.
MOST_BYTES = {FileKind.IMAGE: 12 * MIB, FileKind.PDF: 5 * MIB}
# A form with some photos and a video that somebody took for one: read to its end, so that the answer
# can name the file and keep the rest of the form. Larger ones the server turns away whole.
MAX_BODY_BYTES = 64 * MIB
# Citizens' files must never be what fills the disk of the hub's database.
LEAST_FREE_BYTES = 512 * MIB


def keep_upload(
    stream: IO[bytes], *, kinds: Sequence[FileKind], folder: Path, least_free_bytes: int = LEAST_FREE_BYTES
) -> KeptFile:
    """Look into a file and keep it.

    Args:
        stream: What came, read no further than its limit.
        kinds: What is wanted here.
        folder: The store (``store.folder_of``).
        least_free_bytes: What the disk must have left.

    Returns:
        The file as it is kept: photos drawn anew as JPEG, PDF byte by byte.

    Raises:
        RefusedUpload: with a sentence in Indonesian; nothing was kept.
    """
    head = stream.read(HEAD_BYTES)
    kind = kind_of(head, kinds)
    most = MOST_BYTES[kind]
    content = head + stream.read(most + 1 - len(head))
    if len(content) > most:
        what = "foto" if kind is FileKind.IMAGE else "PDF"
        raise RefusedUpload(f"{what} lebih dari {most // MIB} MB; perkecil, lalu kirim lagi")
    if free_bytes(folder) < least_free_bytes:
        raise RefusedUpload("penyimpanan kami sedang penuh; coba lagi nanti, isian lain tetap tersimpan")
    return _kept(content, kind, folder)


def _kept(content: bytes, kind: FileKind, folder: Path) -> KeptFile:
    if kind is FileKind.PDF:
        check_pdf(content)
        return KeptFile(put(folder, content, PDF), PDF, len(content), 0, 0)
    picture, width, height = redrawn(content)
    return KeptFile(put(folder, picture, JPEG), JPEG, len(picture), width, height)
