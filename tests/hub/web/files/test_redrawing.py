"""Photos from outside are unpacked in a process that has little and may do less."""

import io
import subprocess
import sys

import pytest
from PIL import Image

from hub.web.files import redrawing
from hub.web.files.redraw import DAMAGED, LARGE, OK, PhotoWish, redraw

WISH = PhotoWish(200, 85)
SMALL = """
import socket
from hub.web.files.redraw import be_small
be_small()
for what in (lambda: open("/etc/passwd"), lambda: socket.socket(), lambda: bytearray(1 << 30)):
    try:
        what()
    except (OSError, MemoryError) as error:
        print(type(error).__name__)
"""


def picture(width: int = 400, height: int = 300, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (width, height), "red").save(buffer, kind)
    return buffer.getvalue()


def test_the_process_of_a_photo_opens_no_file_and_no_connection_and_gets_no_memory() -> None:
    done = subprocess.run([sys.executable, "-I", "-c", SMALL], capture_output=True, text=True)
    assert done.stdout.split() == ["OSError", "OSError", "MemoryError"], done.stderr


def test_a_photo_comes_back_smaller_from_another_process() -> None:
    done = redrawing.redrawn(picture(), WISH)
    assert (done.width_px, done.height_px) == (200, 150)
    with Image.open(io.BytesIO(done.jpeg)) as opened:
        assert opened.format == "JPEG"


def test_what_is_too_large_damaged_or_no_photo_is_told_apart() -> None:
    with pytest.raises(redrawing.PhotoTooLarge):
        redrawing.redrawn(picture(6_000, 5_000, "PNG", "1"), WISH)
    for content in (b"", b"GIF89a" + bytes(99), picture()[:300]):
        with pytest.raises(redrawing.PhotoDamaged):
            redrawing.redrawn(content, WISH)


def test_a_decoder_that_dies_or_hangs_is_a_damaged_photo(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(redrawing.sys, "executable", "/bin/false")
    with pytest.raises(redrawing.PhotoDamaged):
        redrawing.redrawn(picture(), WISH)
    assert "ended its decoder" in caplog.text

    def hang(*_words: object, **_options: object) -> None:
        raise subprocess.TimeoutExpired("redraw", 120)

    monkeypatch.setattr(redrawing.subprocess, "run", hang)
    with pytest.raises(redrawing.PhotoDamaged):
        redrawing.redrawn(picture(), WISH)


def test_the_answer_of_the_process_is_a_word_sizes_and_a_jpeg() -> None:
    assert redraw(picture(), WISH).startswith(f"{OK} 200 150\n".encode())
    assert redraw(picture(6_000, 5_000, "PNG", "1"), WISH) == f"{LARGE}\n".encode()
    assert redraw(picture(26_000, 10_000), PhotoWish(2_000, 85)) == f"{LARGE}\n".encode()
    assert redraw(b"none", WISH) == f"{DAMAGED}\n".encode()
    seen_through = Image.open(io.BytesIO(redraw(picture(kind="PNG", mode="RGBA"), WISH).partition(b"\n")[2]))
    assert seen_through.getpixel((1, 1))[0] > 240
    least = redraw(picture(), PhotoWish(200, 85, max_bytes=900)).partition(b"\n")[2]
    assert len(least) <= 900
