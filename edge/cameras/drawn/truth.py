"""What really crossed a line of a drawn street. Must not look at pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from edge.cameras.drawn.bodies import outline_px
from edge.cameras.drawn.street import Street
from edge.cameras.drawn.traffic import Kind, Mover
from edge.config import Line


@dataclass(frozen=True, slots=True)
class TrueCrossing:
    """One thing over one line: the frames (inclusive) in which it lies on the line, and which way."""

    line: str
    kind: Kind
    first_frame: int
    last_frame: int
    is_forward: bool
    is_optional: bool


def true_crossings(street: Street, lines: Sequence[Line], *, frames: int) -> list[TrueCrossing]:
    """Return what crosses ``lines`` in the first ``frames`` frames, in order of time.

    A thing that is on the line in the first or the last frame is optional: half a crossing.
    """
    fps = street.settings.fps
    movers = street.movers_between(0.0, frames / fps)
    found = [
        crossing
        for mover in movers
        for line in lines
        if (crossing := _crossing_of(street, mover, line, frames)) is not None
    ]
    return sorted(found, key=lambda crossing: crossing.first_frame)


def _crossing_of(street: Street, mover: Mover, line: Line, frames: int) -> TrueCrossing | None:
    fps = street.settings.fps
    first, last = max(0, int(mover.enters_s * fps)), min(frames - 1, int(mover.leaves_s * fps) + 1)
    sides = [(frame, _side(street, mover, line, frame / fps)) for frame in range(first, last + 1)]
    on_line = [frame for frame, side in sides if side == 0]
    before = [side for frame, side in sides if side not in (0, None) and on_line and frame < on_line[0]]
    after = [side for frame, side in sides if side not in (0, None) and on_line and frame > on_line[-1]]
    if not on_line or (before and after and before[-1] == after[0]):
        return None
    is_optional = not before or not after
    if is_optional and on_line[0] > 0 and on_line[-1] < frames - 1:
        return None
    is_forward = after[0] > 0 if after else bool(before) and before[-1] < 0
    return TrueCrossing(line.id, mover.kind, on_line[0], on_line[-1], is_forward, is_optional)


def _side(street: Street, mover: Mover, line: Line, time_s: float) -> int | None:
    """Return +1 right of the line, -1 left, 0 on it, None beside its ends or out of the picture."""
    view = street.view
    if view.depth_m(mover.along_m(time_s), mover.beside_m) < 2:
        return None
    left, top, right, bottom = outline_px(mover, view, time_s)
    if right < 0 or bottom < 0 or left > view.width_px or top > view.height_px:
        return None
    (x1, y1), (x2, y2) = ((x * view.width_px, y * view.height_px) for x, y in line.points)
    dx, dy, length = x2 - x1, y2 - y1, ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    left, right = max(0.0, left), min(float(view.width_px), right)
    top, bottom = max(0.0, top), min(float(view.height_px), bottom)
    along = ((left + right) / 2 - x1) * dx / length + ((top + bottom) / 2 - y1) * dy / length
    if not 0 <= along <= length:
        return None
    sides = {1 if dx * (y - y1) - dy * (x - x1) > 0 else -1 for x in (left, right) for y in (top, bottom)}
    return 0 if len(sides) == 2 else sides.pop()
