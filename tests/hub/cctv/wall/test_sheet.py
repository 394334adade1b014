"""The sheet: each camera at its place, rubbish of one device harms nobody, no work without news."""

import io

from PIL import Image

from hub.cctv.wall.sheet import COLUMNS, TILE_HEIGHT_PX, TILE_WIDTH_PX, SheetMaker
from hub.live.streams import CameraKey
from hub.live.thumbs import Thumb

KEYS = [CameraKey("pi", f"k{number}") for number in range(16)]


def jpeg(colour: tuple[int, int, int], size: tuple[int, int] = (192, 108)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")
    return buffer.getvalue()


def colour_at(sheet: bytes, place: int) -> tuple[int, int, int]:
    with Image.open(io.BytesIO(sheet)) as picture:
        row, column = divmod(place, COLUMNS)
        x, y = column * TILE_WIDTH_PX + 96, row * TILE_HEIGHT_PX + 54
        red, green, blue = picture.convert("RGB").getpixel((x, y))
        return red, green, blue


def is_like(found: tuple[int, int, int], wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(found, wanted, strict=True))


def test_each_camera_has_its_place_whatever_the_size_of_its_picture() -> None:
    thumbs = {
        KEYS[0]: Thumb(jpeg((200, 0, 0)), 1.0),
        KEYS[14]: Thumb(jpeg((0, 200, 0), (320, 180)), 2.0),
        KEYS[15]: Thumb(jpeg((0, 0, 200), (64, 48)), 3.0),
    }
    sheet = SheetMaker().make(KEYS, thumbs)
    assert (sheet.columns, sheet.rows) == (COLUMNS, 2)
    assert is_like(colour_at(sheet.jpeg, 0), (200, 0, 0))
    assert is_like(colour_at(sheet.jpeg, 14), (0, 200, 0))
    assert is_like(colour_at(sheet.jpeg, 15), (0, 0, 200))
    assert is_like(colour_at(sheet.jpeg, 1), (10, 16, 18))
    assert sheet.came_s[0] == 1.0
    assert sheet.came_s[1] is None


def test_without_news_the_same_sheet_is_given() -> None:
    maker, thumb = SheetMaker(), Thumb(jpeg((200, 0, 0)), 1.0)
    first = maker.make(KEYS, {KEYS[0]: thumb})
    assert maker.make(KEYS, {KEYS[0]: thumb}) is first
    second = maker.make(KEYS, {KEYS[0]: Thumb(jpeg((0, 200, 0)), 2.0)})
    assert second.version == first.version + 1
    assert is_like(colour_at(second.jpeg, 0), (0, 200, 0))


def test_other_cameras_make_another_sheet() -> None:
    maker = SheetMaker()
    first = maker.make(KEYS, {})
    second = maker.make(KEYS[:3], {})
    assert second.version > first.version
    assert second.rows == 1
    assert maker.make([], {}).rows == 1


def test_rubbish_and_giants_of_one_device_leave_the_others_alone() -> None:
    giant = io.BytesIO()
    Image.new("L", (4000, 4000)).save(giant, "JPEG")
    png = io.BytesIO()
    Image.new("RGB", (192, 108)).save(png, "PNG")
    cut = jpeg((9, 9, 9))[:40]
    thumbs = {KEYS[0]: Thumb(jpeg((200, 0, 0)), 1.0)}
    for number, data in enumerate((b"rubbish", giant.getvalue(), png.getvalue(), cut), start=1):
        thumbs[KEYS[number]] = Thumb(data, 1.0)
    sheet = SheetMaker().make(KEYS, thumbs)
    assert is_like(colour_at(sheet.jpeg, 0), (200, 0, 0))
    assert is_like(colour_at(sheet.jpeg, 2), (10, 16, 18))
