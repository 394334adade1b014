"""One picture of all small pictures: pasted when they come, encoded once a second for everybody.

The cost does not grow with the number of screens. Must not know HTTP, MQTT or the database.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PIL import Image, UnidentifiedImageError

from hub.live.streams import CameraKey
from hub.live.thumbs import Thumb

TILE_WIDTH_PX, TILE_HEIGHT_PX = 192, 108
COLUMNS = 14
QUALITY = 60
EMPTY_COLOUR = (10, 16, 18)
# A picture that claims to be larger than this is no thumb, whatever its file size.
_MOST_PIXELS = 640 * 640


@dataclass(frozen=True, slots=True)
class Sheet:
    """All tiles in one JPEG; ``came_s`` says when each place's picture came (monotonic), None: never.

    ``order`` names the camera of each place.
    """

    version: int
    columns: int
    rows: int
    jpeg: bytes = field(repr=False)
    came_s: tuple[float | None, ...]
    order: tuple[CameraKey, ...] = ()


class SheetMaker:
    """Keeps the sheet of a list of cameras up to date."""

    def __init__(
        self, *, columns: int = COLUMNS, tile_px: tuple[int, int] = (TILE_WIDTH_PX, TILE_HEIGHT_PX)
    ) -> None:
        """Begin without cameras.

        Args:
            columns: how many tiles a row has.
            tile_px: width and height of a tile.
        """
        self._columns = columns
        self._tile_px = tile_px
        self._order: tuple[CameraKey, ...] = ()
        self._canvas = Image.new("RGB", tile_px, EMPTY_COLOUR)
        self._pasted: dict[CameraKey, Thumb] = {}
        self._version = 0
        self.sheet: Sheet | None = None

    def make(self, order: Sequence[CameraKey], thumbs: Mapping[CameraKey, Thumb]) -> Sheet:
        """Return the sheet of now; the same one when nothing new came.

        Args:
            order: the cameras, one a place, row by row.
            thumbs: their newest pictures.
        """
        is_new = self.sheet is None or tuple(order) != self._order
        if is_new:
            self._begin(tuple(order))
        for place, key in enumerate(self._order):
            thumb = thumbs.get(key)
            if thumb is not None and self._pasted.get(key) is not thumb:
                self._pasted[key] = thumb
                is_new |= self._paste(place, thumb.jpeg)
        if is_new or self.sheet is None:
            self.sheet = self._encode()
        return self.sheet

    def _begin(self, order: tuple[CameraKey, ...]) -> None:
        self._order, self._pasted = order, {}
        columns, rows = self._shape()
        width_px, height_px = self._tile_px
        self._canvas = Image.new("RGB", (columns * width_px, rows * height_px), EMPTY_COLOUR)

    def _shape(self) -> tuple[int, int]:
        return self._columns, max(1, -(-len(self._order) // self._columns))

    def _paste(self, place: int, jpeg: bytes) -> bool:
        try:
            with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    return False
                picture.draft("RGB", self._tile_px)
                tile = picture.convert("RGB")
        except (OSError, UnidentifiedImageError, ValueError, SyntaxError):
            return False  # rubbish of one device: its tile grows old, and the others go on
        width_px, height_px = self._tile_px
        if tile.size != self._tile_px:
            tile = tile.resize(self._tile_px, Image.Resampling.BILINEAR)
        row, column = divmod(place, self._columns)
        self._canvas.paste(tile, (column * width_px, row * height_px))
        return True

    def _encode(self) -> Sheet:
        buffer = io.BytesIO()
        self._canvas.save(buffer, "JPEG", quality=QUALITY)
        self._version += 1
        columns, rows = self._shape()
        came_s = tuple(self._pasted[key].came_s if key in self._pasted else None for key in self._order)
        return Sheet(self._version, columns, rows, buffer.getvalue(), came_s, self._order)
