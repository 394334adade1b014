"""Several corrections of one day made into one. Pure: rows in, what the rules take out."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from hub.hadir.models import DayCorrection
from hub.hadir.results.correction import Correction


def combined(rows: Iterable[DayCorrection]) -> dict[tuple[int, date], Correction]:
    """Return what counts by person and day: of times the one applied last, and so of overtime.

    Args:
        rows: Applied corrections in the order in which they were applied.
    """
    found: dict[tuple[int, date], Correction] = {}
    for row in rows:
        key = (row.person_number, row.day)
        found[key] = _after(found.get(key, Correction()), row)
    return found


def _after(before: Correction, row: DayCorrection) -> Correction:
    if row.overtime_min is not None:
        before = replace(before, overtime_min=row.overtime_min, overtime_reason=row.reason)
    if row.arrived_at is None and row.left_at is None and not row.is_excused:
        return before
    return replace(
        before, arrived_at=row.arrived_at, left_at=row.left_at, is_excused=row.is_excused, reason=row.reason
    )
