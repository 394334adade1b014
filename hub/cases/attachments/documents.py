"""A PDF as it may be kept: whole, and without parts that act by themselves. Pure.

It is kept byte by byte, because a signature in it would not survive anything else; so it is never
shown in a page of ours, only handed out as a file to save.
"""

import re

from hub.cases.attachments.kept import RefusedUpload

# What makes a PDF act by itself; no requirement needs any of it. Packed streams are not looked into:
# three letters are found in any megabyte of noise.
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_BEGIN, _END = re.compile(rb"\bstream\r?\n"), b"endstream"
# Names may be spelled with hexadecimal letters: /J#53 is /JS.
_SPELLED = re.compile(rb"#([0-9A-Fa-f]{2})")
# The mark stands at the end; readers allow this much behind it (ISO 32000-1, 2008, H.3).
_TAIL_BYTES = 1_024


def check_pdf(content: bytes) -> None:
    """Accept a PDF.

    Raises:
        RefusedUpload: cut off, or it holds something that runs.
    """
    if b"%%EOF" not in content[-_TAIL_BYTES:]:
        raise RefusedUpload("PDF ini terpotong; simpan ulang PDF itu, lalu kirim lagi")
    plain = _SPELLED.sub(lambda found: bytes((int(found[1], 16),)), _outside_streams(content))
    if _ACTIVE.search(plain):
        raise RefusedUpload(
            "PDF ini memuat bagian yang dapat dijalankan; cetak ulang sebagai PDF biasa atau kirim fotonya"
        )


def _outside_streams(content: bytes) -> bytes:
    """Return a PDF without what is packed; each byte is looked at once, whatever somebody wrote there."""
    pieces, at = [], 0
    while (begin := _BEGIN.search(content, at)) is not None:
        end = content.find(_END, begin.end())
        if end < 0:
            break
        pieces.append(content[at : begin.start()])
        at = end + len(_END)
    return b"".join((*pieces, content[at:]))
