"""What an approved correction says of a day, beside the scans. Pure."""

from datetime import datetime

import msgspec


class Correction(msgspec.Struct, frozen=True):
    """An approved correction of a day: times that replace or add to what was scanned.

    ``overtime_min`` is what was approved; no more counts than was really stayed.
    """

    arrived_at: datetime | None = None
    left_at: datetime | None = None
    is_excused: bool = False
    reason: str = ""
    overtime_min: int = 0
    overtime_reason: str = ""
