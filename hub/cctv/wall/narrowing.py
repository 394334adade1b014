"""The wall of somebody who sees a part of the city: the sheet of all, with the others' tiles blank.

Everybody shares one sheet, so what must not be seen is painted over before it leaves the hub; the
places stay, and pages need not know. Must not know who may see what: that comes as a function.
"""

import io
import json
import threading
from collections import OrderedDict
from collections.abc import Callable

from PIL import Image

from hub.cctv.wall.sheet import EMPTY_COLOUR, QUALITY, TILE_HEIGHT_PX, TILE_WIDTH_PX, Sheet
from hub.live.streams import CameraKey

Holds = Callable[[CameraKey], bool]
# A few people with parts of their own, for the sheets that are still asked for.
_KEPT = 12


class Masks:
    """Makes sheets with blank tiles, each once for all who see the same part."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: OrderedDict[tuple[int, frozenset[int]], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def masked(self, sheet: Sheet, holds: Holds) -> bytes:
        """Return the JPEG of a sheet with the tiles that are held, and no others."""
        blank = frozenset(place for place, key in enumerate(sheet.order) if not holds(key))
        with self._lock:
            found = self._kept.pop((sheet.version, blank), None) or _paint(sheet, blank)
            self._kept[sheet.version, blank] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return found


def narrowed(message: str, holds: Holds) -> str:
    """Return what walls are told, without the states of cameras that are not held."""
    head, _data, text = message.partition("data: ")
    said = json.loads(text)
    said["tiles"] = [
        tile if holds(CameraKey(*tile[0].split("/", 1))) else ["", "", "", None] for tile in said["tiles"]
    ]
    return f"{head}data: {json.dumps(said, separators=(',', ':'))}\n\n"


def _paint(sheet: Sheet, blank: frozenset[int]) -> bytes:
    with Image.open(io.BytesIO(sheet.jpeg)) as picture:
        canvas = picture.convert("RGB")
    for place in blank:
        row, column = divmod(place, sheet.columns)
        left, top = column * TILE_WIDTH_PX, row * TILE_HEIGHT_PX
        canvas.paste(EMPTY_COLOUR, (left, top, left + TILE_WIDTH_PX, top + TILE_HEIGHT_PX))
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
