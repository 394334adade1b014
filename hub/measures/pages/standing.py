"""How a value stands to its limits and its target. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.measures.catalogue.shape import Measure
from hub.measures.keeping.periods import end_of, second_of
from hub.measures.keeping.values import Value
from hub.measures.toned import Toned
from hub.web.i18n import N_


class Standing(Toned):
    """How far a measure is."""

    REACHED = N_("tercapai"), "good"
    NEAR = N_("mendekati"), "warn"
    BEHIND = N_("tertinggal"), "bad"
    NO_TARGET = N_("tanpa sasaran"), "idle"
    NO_DATA = N_("tanpa data"), "idle"


@dataclass(frozen=True, slots=True)
class Score:
    """How far a measure is to its target: 100 is there, or better."""

    standing: Standing
    percent: float | None


def score_of(measure: Measure, value: float | None) -> Score:
    """Return how a value stands to its target.

    Args:
        measure: Which way is good, the target, and the limit beyond which it is bad.
        value: ``None``: there is none.
    """
    if value is None:
        return Score(Standing.NO_DATA, None)
    target = measure.target
    if target is None or measure.direction == "none":
        return Score(Standing.NO_TARGET, None)
    if _is_beyond(measure, value, target) or value == target:
        return Score(Standing.REACHED, 100.0)
    percent = _percent(measure, value, target)
    is_bad = percent < 80 if measure.bad is None else not _is_beyond(measure, value, measure.bad)
    return Score(Standing.BEHIND if is_bad else Standing.NEAR, percent)


def _is_beyond(measure: Measure, value: float, limit: float) -> bool:
    return value > limit if measure.direction == "up" else value < limit


def _percent(measure: Measure, value: float, target: float) -> float:
    part, whole = (value, target) if measure.direction == "up" else (target, value)
    return max(0.0, min(100.0, 100 * part / whole)) if whole else 0.0


def is_stale(measure: Measure, value: Value, now: datetime) -> bool:
    """Return whether a newest value is older than the measure allows."""
    if not measure.stale_after_h:
        return False
    end_s = end_of(measure.grain_kept, second_of(value.begin))
    return second_of(now) - end_s > timedelta(hours=measure.stale_after_h).total_seconds()
