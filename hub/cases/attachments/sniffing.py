"""What a file is, told by its first bytes: a name and what a browser says of it are claims. Pure."""

from collections.abc import Sequence

from hub.cases.attachments.kept import RefusedUpload
from hub.cases.definition.form import FileKind

# How much of a file the answer needs.
HEAD_BYTES = 4_096

_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
# What people send by mistake, and what to do instead; the bytes stand at the place named.
_KNOWN_OTHERS: tuple[tuple[int, tuple[bytes, ...], str], ...] = (
    (
        4,
        (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftypavif"),
        "ini foto HEIC atau AVIF; di ponsel pilih format JPEG (paling kompatibel), lalu kirim lagi",
    ),
    (4, (b"ftyp", b"moov", b"mdat"), "ini video; kirim foto (JPEG, PNG, WebP)"),
    (0, (b"\x1a\x45\xdf\xa3", b"OggS", b"FLV"), "ini video; kirim foto (JPEG, PNG, WebP)"),
    (
        0,
        (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"),
        "ini dokumen Word, Excel atau arsip; simpan sebagai PDF, lalu kirim lagi",
    ),
    (0, (b"GIF8", b"BM", b"II*\x00", b"MM\x00*"), "jenis gambar ini tidak dipakai; simpan sebagai JPEG"),
)


def kind_of(head: bytes, kinds: Sequence[FileKind]) -> FileKind:
    """Return what a file is.

    Args:
        head: Its first :data:`HEAD_BYTES`.
        kinds: What is wanted here.

    Raises:
        RefusedUpload: it is something else, or nothing that is wanted here.
    """
    found = _sniffed(head)
    if found is None:
        raise RefusedUpload(_reason_for(head, kinds))
    if found not in kinds:
        wanted = "foto, bukan PDF" if found is FileKind.PDF else "PDF, bukan foto"
        raise RefusedUpload(f"di sini diminta {wanted}")
    return found


def _sniffed(head: bytes) -> FileKind | None:
    if head.startswith(_IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return FileKind.IMAGE
    # At the very beginning: readers that search for it are what makes a file two things at once.
    return FileKind.PDF if head.startswith(b"%PDF-") else None


def _reason_for(head: bytes, kinds: Sequence[FileKind]) -> str:
    if not head:
        return "berkas ini kosong; pilih lagi berkasnya"
    for place, beginnings, reason in _KNOWN_OTHERS:
        if head[place:].startswith(beginnings):
            return reason
    if b"<svg" in head.lower():
        return "gambar SVG tidak diterima karena dapat memuat program; kirim foto JPEG atau PNG"
    wanted = " atau ".join(
        words
        for kind, words in ((FileKind.IMAGE, "foto (JPEG, PNG, WebP)"), (FileKind.PDF, "PDF"))
        if kind in kinds
    )
    return f"ini bukan {wanted}; pilih berkas lain"
