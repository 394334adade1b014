"""The door for files: what comes in, what it has become, and what is turned away with which words."""

import io
from pathlib import Path

import pytest
from PIL import Image

from hub.cases.attachments.door import MIB, keep_upload
from hub.cases.attachments.kept import JPEG, KeptFile, RefusedUpload
from hub.cases.attachments.store import find
from hub.cases.definition.form import FileKind
from tests.hub.cases.attachments import uploads

BOTH = (FileKind.IMAGE, FileKind.PDF)


def keep(content: bytes, folder: Path, *kinds: FileKind) -> KeptFile:
    return keep_upload(io.BytesIO(content), kinds=kinds or BOTH, folder=folder, least_free_bytes=0)


def content_of(kept: KeptFile, folder: Path) -> bytes:
    path = find(folder, kept.sha256, kept.media_type)
    assert path is not None
    return path.read_bytes()


def test_a_photo_is_kept_upright_without_its_place_its_maker_and_its_tail(tmp_path: Path) -> None:
    sent = uploads.jpeg(tail=b"<script>alert(1)</script>PK\x03\x04", turned=True)
    kept = keep(sent, tmp_path)
    content = content_of(kept, tmp_path)
    assert (kept.media_type, kept.width, kept.height) == (JPEG, 480, 640)
    for trace in (b"script", b"Exif", b"3171234567890123", b"PK\x03\x04"):
        assert trace not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert not picture.getexif()
        red, green, _ = picture.convert("RGB").crop((470, 10, 471, 11)).tobytes()
        # A quarter to the right: its red corner is now on the right.
        assert (red > 150, green < 80) == (True, True)


def test_what_can_be_seen_through_stands_on_white(tmp_path: Path) -> None:
    with Image.open(io.BytesIO(content_of(keep(uploads.png(), tmp_path), tmp_path))) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)
    assert keep(uploads.png("L"), tmp_path).width == 300


def test_a_pdf_is_kept_byte_by_byte(tmp_path: Path) -> None:
    kept = keep(uploads.PDF, tmp_path)
    assert content_of(kept, tmp_path) == uploads.PDF
    assert (kept.kind, kept.size_bytes, kept.width) == (FileKind.PDF, len(uploads.PDF), 0)


def test_noise_in_a_packed_stream_is_no_program_but_what_stands_behind_one_is(tmp_path: Path) -> None:
    stream = b"2 0 obj<<>>stream\n\x00/JS (noise)\x00\nendstream\n"
    assert keep(uploads.PDF.replace(b"trailer", stream + b"trailer"), tmp_path).kind is FileKind.PDF
    for open_end in (stream + b"3 0 obj<</JS 4 0 R>>", b"stream\n/Launch "):
        with pytest.raises(RefusedUpload, match="dijalankan"):
            keep(uploads.PDF.replace(b"trailer", open_end + b"trailer"), tmp_path)


@pytest.mark.parametrize(
    ("content", "kinds", "words"),
    [
        pytest.param(b"", BOTH, "kosong", id="empty"),
        pytest.param(uploads.bomb(), BOTH, "25 megapiksel", id="a-bomb-of-20-KB"),
        pytest.param(uploads.jpeg_that_says(65_000, 3_600), BOTH, "25 megapiksel", id="a-strip"),
        pytest.param(uploads.jpeg_that_says(65_000, 65_000), BOTH, "25 megapiksel", id="a-bomb-of-a-JPEG"),
        pytest.param(uploads.SVG, BOTH, "SVG", id="an-SVG"),
        pytest.param(uploads.VIDEO, BOTH, "video", id="a-film-of-40-MB"),
        pytest.param(b"\x00\x00\x00\x18ftypheic" + bytes(50), BOTH, "HEIC", id="a-HEIC"),
        pytest.param(b"PK\x03\x04" + bytes(50), BOTH, "Word", id="an-archive"),
        pytest.param(b"<html><script>alert(1)</script>", BOTH, "WebP) atau PDF", id="a-page"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n", (FileKind.IMAGE,), "ini bukan foto", id="an-EPS"),
        pytest.param(b"text\n%PDF-1.4\n%%EOF", (FileKind.PDF,), "ini bukan PDF", id="a-PDF-behind-text"),
        pytest.param(uploads.PDF, (FileKind.IMAGE,), "diminta foto, bukan PDF", id="a-PDF-for-a-photo"),
        pytest.param(uploads.jpeg(), (FileKind.PDF,), "diminta PDF, bukan foto", id="a-photo-for-a-PDF"),
        pytest.param(uploads.jpeg()[:2_000], BOTH, "terpotong", id="half-a-photo"),
        pytest.param(uploads.png()[:60], BOTH, "rusak", id="half-a-scan"),
        pytest.param(uploads.jpeg() + bytes(12 * MIB), BOTH, "foto lebih dari 12 MB", id="a-heavy-photo"),
        pytest.param(b"%PDF-" + bytes(5 * MIB), BOTH, "PDF lebih dari 5 MB", id="a-heavy-PDF"),
        pytest.param(uploads.PDF[:-8], BOTH, "PDF ini terpotong", id="half-a-PDF"),
        pytest.param(uploads.PDF.replace(b"/Type", b"/J#53"), BOTH, "dijalankan", id="a-PDF-that-acts"),
    ],
)  # fmt: skip
def test_a_file_is_turned_away_with_a_sentence_and_leaves_nothing(
    content: bytes, kinds: tuple[FileKind, ...], words: str, tmp_path: Path
) -> None:
    with pytest.raises(RefusedUpload) as refused:
        keep(content, tmp_path, *kinds)
    assert words in refused.value.reason
    assert not list(tmp_path.rglob("*"))


def test_the_bomb_is_as_small_as_it_says() -> None:
    assert len(uploads.bomb()) < 25_000


def test_a_full_disk_takes_no_more_files(tmp_path: Path) -> None:
    with pytest.raises(RefusedUpload, match="sedang penuh"):
        keep_upload(io.BytesIO(uploads.jpeg()), kinds=BOTH, folder=tmp_path / "new", least_free_bytes=2**62)
