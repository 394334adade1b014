"""Scores counted crossings against the truth. Must not decode or count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from edge.config import Line
from edge.vision.analysis import Crossing

# As the truth was read: by eye, to a few frames (format of the shared ground truth, 2026).
TOLERANCE_FRAMES = 12


@dataclass(frozen=True)
class TrueEvent:
    """One true crossing: inclusive frames, direction in the picture, and whether it may be missed."""

    first: int
    last: int
    direction: str
    is_optional: bool = False


@dataclass(frozen=True)
class TrueLine:
    """A line with its truth; ``totals`` is (least, most) a direction."""

    line: Line
    events: tuple[TrueEvent, ...]
    totals: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class LineScore:
    """Figures of one line; ``error`` is |counted - truth| summed over directions, inside min..max 0."""

    id: str
    truth: int
    counted: int
    tp: int
    fp: int
    fn: int
    error: int


def read_lines(entry: dict[str, Any]) -> list[TrueLine]:
    """Read the lines of one video of a truth file."""
    return [_read_line(line) for line in entry["lines"]]


def _read_line(entry: dict[str, Any]) -> TrueLine:
    events = tuple(
        TrueEvent(*event["frame_range"], event["direction"], bool(event.get("optional", False)))
        for event in entry["events"]
    )
    totals = {
        name: (total.get("min", total["count"]), total.get("max", total["count"]))
        for name, total in entry.get("totals", {}).items()
    }
    (x1, y1), (x2, y2) = entry["line"]
    points = ((float(x1), float(y1)), (float(x2), float(y2)))
    return TrueLine(Line(id=entry["id"], points=points), events, totals)


def direction_of(line: Line, is_forward: bool, names: Iterable[str]) -> str:
    """Return the name (up, down, left, right) of a direction across ``line``.

    Forward is to the right of the line seen from its first point; of the names in use the one
    nearest to that normal is meant, so that a slanted line has names too.
    """
    (x1, y1), (x2, y2) = line.points
    normal = (-(y2 - y1), x2 - x1) if is_forward else (y2 - y1, -(x2 - x1))
    steps = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
    used = [name for name in names if name in steps] or list(steps)
    pool = {*used, *(_OPPOSITE[name] for name in used)}
    return max(sorted(pool), key=lambda name: normal[0] * steps[name][0] + normal[1] * steps[name][1])


_OPPOSITE = {"up": "down", "down": "up", "left": "right", "right": "left"}


def score(true: TrueLine, crossings: Sequence[Crossing]) -> LineScore:
    """Match the crossings of one line with the truth, each event at most once, in order of time."""
    names = {event.direction for event in true.events} | set(true.totals)
    counted = [
        (c.seq, direction_of(true.line, c.is_forward, names)) for c in crossings if c.line == true.line.id
    ]
    open_events, tp, fp = list(true.events), 0, 0
    optional_hits = 0
    for seq, direction in sorted(counted):
        event = _nearest(open_events, seq, direction)
        if event is None:
            fp += 1
            continue
        open_events.remove(event)
        tp += not event.is_optional
        optional_hits += event.is_optional
    fn = sum(not event.is_optional for event in open_events)
    return LineScore(
        true.line.id,
        truth=sum(not event.is_optional for event in true.events),
        counted=len(counted) - optional_hits,
        tp=tp,
        fp=fp,
        fn=fn,
        error=_count_error(true, counted),
    )


def _nearest(events: Sequence[TrueEvent], seq: int, direction: str) -> TrueEvent | None:
    fitting = [
        event
        for event in events
        if event.direction == direction
        and event.first - TOLERANCE_FRAMES <= seq <= event.last + TOLERANCE_FRAMES
    ]
    return min(fitting, key=lambda e: (e.is_optional, abs(seq - (e.first + e.last) / 2)), default=None)


def _count_error(true: TrueLine, counted: Sequence[tuple[int, str]]) -> int:
    error = 0
    for name in {event.direction for event in true.events} | set(true.totals) | {d for _, d in counted}:
        sure = sum(e.direction == name and not e.is_optional for e in true.events)
        all_of = sum(e.direction == name for e in true.events)
        least, most = true.totals.get(name, (sure, all_of))
        number = sum(direction == name for _, direction in counted)
        error += max(0, least - number, number - most)
    return error


def summary(scores: Sequence[LineScore]) -> dict[str, Any]:
    """Return ``{f1, count_error, lines}`` over several lines."""
    tp, fp, fn = (sum(getattr(s, name) for s in scores) for name in ("tp", "fp", "fn"))
    truth = sum(s.truth for s in scores)
    lines = [{k: getattr(s, k) for k in ("id", "truth", "counted", "tp", "fp", "fn")} for s in scores]
    return {
        "f1": round(2 * tp / (2 * tp + fp + fn), 4) if tp + fp + fn else 1.0,
        "count_error": round(sum(s.error for s in scores) / truth, 4) if truth else 0.0,
        "lines": lines,
    }
