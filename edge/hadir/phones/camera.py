"""A camera before which simulated people hold up their phones: ``scene:door?phones=FILE``.

Options: ``seed`` (1), ``per_minute`` people (6), ``pace`` ``real`` or ``max``. What they show
are genuine codes signed now, so a door with the matching roster lets them in.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs

import msgspec
import numpy as np

from edge.cameras.port import Bgr, CameraError, Frame
from edge.hadir.phones.drawing import Hall, Luma, draw_phone
from edge.hadir.phones.presenting import Presentation, draw_presentation
from edge.wire.hadir.phones import PhonesError, SimulatedBadge, SimulatedPhone, load_codes
from edge.wire.records.bodies import CameraFault
from edge.wire.strict_toml import Section

SCHEME = "scene:door"
# What the phone page does (reference, section 7).
REDRAW_EVERY_S = 5


class DoorScene(Section, frozen=True):
    """The options of a simulated entrance."""

    phones: str
    seed: int = 1
    per_minute: float = 6.0
    pace: Literal["real", "max"] = "real"


def parse_door_scene(source: str) -> DoorScene:
    """Take ``scene:door?phones=FILE&seed=…`` apart.

    Raises:
        CameraError: an option is missing, unknown or out of range.
    """
    options = parse_qs(source.partition("?")[2], keep_blank_values=True)
    try:
        scene = msgspec.convert(
            {name: values[-1] for name, values in options.items()}, DoorScene, strict=False
        )
    except msgspec.ValidationError as error:
        raise CameraError(CameraFault.NOT_FOUND, f"{SCHEME}?phones=FILE&seed=1: {error}") from error
    if not 0 < scene.per_minute <= 60:
        raise CameraError(CameraFault.NOT_FOUND, f"{SCHEME}: per_minute is {scene.per_minute}; give 0 to 60")
    return scene


@dataclass(slots=True)
class _Visit:
    phone: SimulatedPhone | SimulatedBadge
    how: Presentation
    began_s: float
    code_step: int = -1
    face: Luma | None = None
    side_px: float = 0.0


class PhonesCamera:
    """Adapter of :class:`edge.cameras.port.Camera` that draws people with phones."""

    def __init__(
        self,
        scene: DoorScene,
        *,
        fps: float,
        wall_s: Callable[[], float] = time.time,
        mono_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Set up; nothing is read before :meth:`open`.

        Args:
            scene: Who comes, and how often.
            fps: Frames a second.
            wall_s: The clock of the phones, Unix seconds.
            mono_s: The clock of the camera.
            sleep: Waits that many seconds.
        """
        self._scene = scene
        self._fps = fps
        self._wall_s = wall_s
        self._mono_s = mono_s
        self._sleep = sleep
        self._is_open = False
        self._newest: Luma | None = None

    def open(self) -> None:
        """Read the phones.

        Raises:
            CameraError: there is no such file, or it is no file of phones.
        """
        try:
            file = load_codes(Path(self._scene.phones))
        except PhonesError as error:
            raise CameraError(CameraFault.NOT_FOUND, str(error)) from error
        self._phones = (*file.phones, *file.badges)
        self._rng = np.random.default_rng(self._scene.seed)
        self._hall = Hall(self._rng)
        self._queue: list[SimulatedPhone | SimulatedBadge] = []
        self._visit: _Visit | None = None
        self._next_visit_s = 1.0
        self._is_open = True

    def frames(self) -> Iterator[Frame]:
        """Yield frames for ever, at the pace of a camera."""
        if not self._is_open:
            raise CameraError(CameraFault.FAILED, f"{SCHEME} is not open")
        began_s, seq = self._mono_s(), 0
        while self._is_open:
            pts_s = seq / self._fps
            wait_s = began_s + pts_s - self._mono_s()
            if self._scene.pace == "real" and wait_s > 0:
                self._sleep(wait_s)
            self._newest = self._draw(pts_s)
            yield Frame(self._newest, pts_s, seq, is_key=True)
            seq += 1

    def picture(self) -> Bgr:
        """Return the newest frame in colour, which is grey."""
        if self._newest is None:
            raise CameraError(CameraFault.FAILED, f"{SCHEME} has drawn nothing yet")
        return np.repeat(self._newest[:, :, None], 3, axis=2)

    def close(self) -> None:
        """Stop drawing."""
        self._is_open = False

    def _draw(self, pts_s: float) -> Luma:
        visit = self._visit_at(pts_s)
        if visit is None:
            return self._hall.empty()
        step = int(self._wall_s()) // REDRAW_EVERY_S
        if visit.face is None or step != visit.code_step:
            visit.code_step = step
            nonce = int(self._rng.integers(0, 65_536))
            visit.face, visit.side_px = draw_phone(visit.phone.code(int(self._wall_s()), nonce))
        return self._hall.with_phone(visit.face, visit.side_px, visit.how, pts_s - visit.began_s)

    def _visit_at(self, pts_s: float) -> _Visit | None:
        if self._visit is not None and pts_s - self._visit.began_s > self._visit.how.ends_s:
            pause_s = 60 / self._scene.per_minute - self._visit.how.ends_s
            self._next_visit_s = pts_s + max(0.3, self._rng.gamma(4, max(pause_s, 0.1) / 4))
            self._visit = None
        if self._visit is None and pts_s >= self._next_visit_s:
            self._visit = _Visit(self._next_phone(), draw_presentation(self._rng), pts_s)
        return self._visit

    def _next_phone(self) -> SimulatedPhone | SimulatedBadge:
        if not self._queue:
            self._queue = [self._phones[index] for index in self._rng.permutation(len(self._phones))]
        return self._queue.pop()
