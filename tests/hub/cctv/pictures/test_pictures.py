"""Pictures on the disk under their digest, photos drawn anew, marks, and purposes."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hub.cctv.pictures import store
from hub.cctv.pictures.looks import purpose_of
from hub.cctv.pictures.photo import Box, redrawn, with_mark
from hub.errors import InputError, NotFoundError
from hub.places.purposes import Purpose
from tests.browser.room import jpeg


def test_a_picture_lies_under_its_digest_and_once(tmp_path: Path) -> None:
    digest = store.keep(tmp_path, b"a picture")
    assert digest == hashlib.sha256(b"a picture").hexdigest()
    before = store.find(tmp_path, digest).stat().st_mtime_ns
    assert store.keep(tmp_path, b"a picture") == digest
    assert store.find(tmp_path, digest).stat().st_mtime_ns == before
    assert [path.name for path in (tmp_path / "pictures").rglob("*.*")] == [f"{digest}.jpg"]


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "0" * 63, "0" * 64, "G" * 64])
def test_what_is_no_kept_digest_is_not_found(tmp_path: Path, digest: str) -> None:
    with pytest.raises(NotFoundError):
        store.find(tmp_path, digest)
    store.forget(tmp_path, digest)


def test_a_forgotten_picture_is_gone(tmp_path: Path) -> None:
    digest = store.keep(tmp_path, b"a picture")
    store.forget(tmp_path, digest)
    with pytest.raises(NotFoundError):
        store.find(tmp_path, digest)


def test_a_photo_keeps_its_picture_and_nothing_else() -> None:
    picture = Image.new("RGB", (4000, 1000), (10, 200, 30))
    exif = Image.Exif()
    exif[0x010F] = "Pembuat Rahasia"
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif)
    kept = redrawn(buffer.getvalue())
    assert b"Rahasia" not in kept
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.size == (1920, 480)


@pytest.mark.parametrize(
    "content", [b"", b"bukan gambar", b"GIF89a" + bytes(30), b"\xff\xd8\xff" + bytes(100), bytes(9_000_000)]
)
def test_what_is_no_photo_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(InputError, match=r"[Ff]oto"):
        redrawn(content)


def test_of_several_pictures_in_a_photo_the_first_is_kept() -> None:
    first, second = Image.new("RGB", (64, 32), (10, 200, 30)), Image.new("RGB", (64, 32), (200, 10, 30))
    buffer = io.BytesIO()
    first.save(buffer, "MPO", save_all=True, append_images=[second])
    with Image.open(io.BytesIO(redrawn(buffer.getvalue()))) as opened:
        assert (opened.format, opened.size) == ("JPEG", (64, 32))
        red, green, _blue = opened.convert("RGB").getpixel((5, 5))  # type: ignore[misc]  # three bands
    assert green > 150 > red


@pytest.mark.parametrize("options", [{"format": "PNG"}, {"format": "JPEG", "progressive": True}], ids=str)
def test_a_photo_of_too_many_pixels_is_refused(options: dict[str, Any]) -> None:
    buffer = io.BytesIO()
    Image.new("L", (6000, 5000)).save(buffer, **options)
    with pytest.raises(InputError, match="terlalu besar"):
        redrawn(buffer.getvalue())


def test_the_mark_is_drawn_where_it_was_set() -> None:
    marked = with_mark(jpeg("tanda", 30), Box(0.25, 0.25, 0.5, 0.5))
    with Image.open(io.BytesIO(marked)) as opened:
        red, green, blue = opened.convert("RGB").getpixel((161, 180))  # type: ignore[misc]  # three bands
        middle = opened.convert("RGB").getpixel((320, 120))
    assert red > 200
    assert green > 150
    assert blue < 100
    assert middle != (red, green, blue)


def test_a_purpose_is_one_of_the_seven() -> None:
    assert purpose_of("revenue") is Purpose.REVENUE
    with pytest.raises(InputError, match="tujuan"):
        purpose_of("iseng")
